/* Flat start, labels, prior, the alignment file and its malformed forms, pairing of phones. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "pipeline/train/data/align.h"
#include "tests/pipeline/train/data/boundaries.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

static void check_tiles(const silbe_alignment *a)
{
    uint32_t at = 0;
    assert_true(a->n_segments > 0);
    for (size_t k = 0; k < a->n_segments; k++) {
        assert_int_equal(a->segments[k].begin_frame, at);
        assert_true(a->segments[k].end_frame > at);
        at = a->segments[k].end_frame;
    }
    assert_int_equal(at, a->n_frames);
}

static void test_flat(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    made_up *m = made_up_new(8, 1);
    silbe_alignments a;
    check_ok(silbe_alignments_new(&m->corpus, 2, 0.02, &a, &err), err);
    for (size_t i = 0; i < 8; i++) {
        const silbe_alignment *truth = &m->truth.items[i];
        assert_int_equal(a.items[i].n_frames, truth->n_frames);
        check_ok(silbe_align_flat(&m->corpus, &m->corpus.utterances[i], 2, &a.items[i], &err), err);
        check_tiles(&a.items[i]);
        /* Silence at both ends is found. */
        check_close(a.items[i].segments[0].end_frame, truth->segments[0].end_frame, 1);
        check_close(a.items[i].segments[a.items[i].n_segments - 1].begin_frame,
                    truth->segments[truth->n_segments - 1].begin_frame, 1);
    }
    a.items[0].n_frames = 3;
    assert_int_equal(silbe_align_flat(&m->corpus, &m->corpus.utterances[0], 2, &a.items[0], &err),
                     SILBE_ERR_INFEASIBLE);
    silbe_alignments_free(&a);
    made_up_free(m);
}

static void test_figures(void **state)
{
    (void)state;
    silbe_segment x[] = {{0, 3, 0, 0}, {3, 5, 1, 1}}, y[] = {{0, 1, 0, 0}, {1, 5, 1, 1}};
    silbe_alignment a = {x, 2, 5}, b = {y, 2, 5};
    silbe_alignments p = {&a, 1, 0.02}, q = {&b, 1, 0.02};
    double prior[SILBE_N_PHONES], sum = 0.0;
    int32_t labels[5];
    check_close(silbe_alignments_changed(&p, &q), 0.4, 1e-12);
    check_close(silbe_alignments_changed(&p, &p), 0.0, 0.0);
    silbe_alignment_labels(&a, labels);
    assert_int_equal(labels[2], 0);
    assert_int_equal(labels[3], 1);
    silbe_alignments_log_prior(&p, prior);
    check_close(exp(prior[0]), 4.0 / (5.0 + SILBE_N_PHONES), 1e-12);
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        sum += exp(prior[k]);
    }
    check_close(sum, 1.0, 1e-12);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_file(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const char *path = "test_alignment.tsv";
    made_up *m = made_up_new(5, 2);
    silbe_alignments a;
    free(m->truth.items[3].segments); /* one could not be aligned */
    m->truth.items[3].segments = NULL;
    m->truth.items[3].n_segments = 0;
    check_ok(silbe_alignments_write(path, &m->corpus, &m->truth, &err), err);
    check_ok(silbe_alignments_new(&m->corpus, 2, 0.02, &a, &err), err);
    check_ok(silbe_alignments_read(path, &m->corpus, &a, &err), err);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(a.items[i].n_segments, m->truth.items[i].n_segments);
        for (size_t k = 0; k < a.items[i].n_segments; k++) {
            assert_memory_equal(&a.items[i].segments[k].begin_frame,
                                &m->truth.items[i].segments[k].begin_frame, 12);
            assert_int_equal(a.items[i].segments[k].phone, m->truth.items[i].segments[k].phone);
        }
    }
    static const struct {
        const char *text;
        silbe_status status;
    } bad[] = {
        {"", SILBE_ERR_IO},
        {"file\tbegin\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.02\tsil\t0", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.02\tsil\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.03\tsil\t0\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\tnan\tsil\t0\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0.02\t0.04\tsil\t0\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t99\tsil\t0\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.02\tqq\t0\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.02\tsil\t77\n", SILBE_ERR_FORMAT},
        {"file\tbegin_s\tend_s\tphone\tword\nu0.wav\t0\t0.02\tsil\t0\n", SILBE_ERR_MISMATCH},
        {"file\tbegin_s\tend_s\tphone\tword\nv.wav\t0\t0.02\tsil\t0\n", SILBE_ERR_MISMATCH},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        write_file(path, bad[i].text);
        assert_int_equal(silbe_alignments_read(path, &m->corpus, &a, &err), bad[i].status);
        assert_non_null(strstr(err.message, path));
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(silbe_alignments_read(path, &m->corpus, &a, &err), SILBE_ERR_IO);
    silbe_alignments_free(&a);
    made_up_free(m);
}

/* By hand: ours a-n-t against reference a-m-x-t: a, t the same, n-m a class, x left over. */
static void test_boundaries(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    uint8_t a = (uint8_t)silbe_phone_find("a", 1), n = (uint8_t)silbe_phone_find("n", 1);
    uint8_t m = (uint8_t)silbe_phone_find("m", 1), x = (uint8_t)silbe_phone_find("x", 1);
    uint8_t t = (uint8_t)silbe_phone_find("t", 1);
    const silbe_timed_phone ours[] = {{0.0, 0.1, 0}, {0.1, 0.2, a}, {0.2, 0.3, n}, {0.3, 0.4, t}};
    const silbe_timed_phone theirs[] = {
        {0.11, 0.2, a}, {0.23, 0.24, m}, {0.24, 0.25, x}, {0.26, 0.4, t}};
    silbe_boundaries b = SILBE_BOUNDARIES_INIT;
    check_ok(silbe_boundaries_add(&b, ours, 4, theirs, 4, &err), err);
    silbe_boundary_figures f = silbe_boundaries_figures(&b);
    assert_int_equal(f.n, 3);
    check_close(f.paired, 0.75, 1e-12);
    check_close(f.median_abs_s, 0.03, 1e-12);
    check_close(f.median_s, -0.01, 1e-12);
    check_close(f.mean_abs_s, 0.08 / 3.0, 1e-12);
    check_close(f.within_20ms, 1.0 / 3.0, 1e-12);
    silbe_boundaries_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_boundaries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
