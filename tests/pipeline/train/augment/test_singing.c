/* The whole chain: neutral settings, determinism, labels, a batch with one and several threads. */
#include <omp.h>
#include <string.h>

#include "pipeline/train/data/singing_source.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

static silbe_logmel_options logmel_options(void)
{
    silbe_logmel_options o = silbe_logmel_options_default();
    o.n_bands = MADE_UP_BANDS;
    return o;
}

static void test_neutral(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_logmel_options o = logmel_options();
    silbe_singing_options neutral = silbe_singing_options_neutral();
    made_up *m = made_up_new(2, 4);
    silbe_bands bands;
    silbe_singing_item *item;
    silbe_singing out;
    const silbe_matrix *x = &m->corpus.utterances[1].logmel;
    const silbe_random random = {77};
    check_ok(silbe_bands_new(&o, 110.0, &bands, &err), err);
    check_ok(silbe_singing_item_new(&item, &err), err);
    check_ok(silbe_singing_run(&neutral, &bands, 0.01, x, &m->truth.items[1], 2, NULL, random, item,
                               &out, &err),
             err);
    assert_int_equal(out.n_frames, x->n_rows);
    float *plain = malloc(x->n_rows * x->n_cols * sizeof *plain);
    memcpy(plain, x->data, x->n_rows * x->n_cols * sizeof *plain);
    silbe_remove_band_means(plain, x->n_rows, x->n_cols);
    for (size_t i = 0; i < x->n_rows * x->n_cols; i++) {
        check_close(out.logmel[i], plain[i], 2e-5);
    }
    /* Labels: those of the alignment, but for a frame at a border (half an output frame). */
    int32_t labels[1024];
    size_t n_wrong = 0;
    silbe_alignment_labels(&m->truth.items[1], labels);
    assert_int_equal(out.n_labels, m->truth.items[1].n_frames);
    for (size_t k = 0; k < out.n_labels; k++) {
        n_wrong += out.labels[k] != labels[k];
    }
    assert_int_equal(n_wrong, 0);
    silbe_matrix narrow = {plain, 3, 7};
    assert_int_equal(silbe_singing_run(&neutral, &bands, 0.01, &narrow, &m->truth.items[1], 2, NULL,
                                       random, item, &out, &err),
                     SILBE_ERR_MISMATCH);
    free(plain);
    silbe_singing_item_free(item);
    silbe_bands_free(&bands);
    made_up_free(m);
}

static void make_batches(const made_up *m, const silbe_accompaniment_bank *bank, int n_threads,
                         uint64_t seed, float *sums, float *values, size_t *n_values)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_singing_source_options o = {.singing = silbe_singing_options_default(),
                                      .join = silbe_join_options_default(),
                                      .logmel = logmel_options(),
                                      .n_batch = 6,
                                      .stride = 2,
                                      .seed = seed};
    silbe_singing_source *source;
    silbe_train_batch batch;
    silbe_random random = {1};
    o.singing.max_frames = 150;
    omp_set_num_threads(n_threads);
    check_ok(silbe_singing_source_new(&o, &m->corpus, &m->truth, bank, &source, &err), err);
    *n_values = 0;
    for (size_t step = 0; step < 5; step++) {
        check_ok(silbe_singing_source_next(source, step, &random, &batch, &err), err);
        assert_int_equal(batch.n, 6);
        sums[step] = 0.0F;
        for (size_t i = 0; i < batch.n; i++) {
            const silbe_train_utterance *u = &batch.utterances[i];
            const silbe_frames_target *target = u->target;
            assert_true(u->n_frames <= 150);
            assert_int_equal(target->n_frames, (u->n_frames - 1) / 2 + 1);
            for (size_t k = 0; k < u->n_frames * MADE_UP_BANDS; k++) {
                assert_true(isfinite(u->logmel[k]));
                sums[step] += fabsf(u->logmel[k]);
            }
            memcpy(values + *n_values, u->logmel, u->n_frames * MADE_UP_BANDS * sizeof *values);
            *n_values += u->n_frames * MADE_UP_BANDS;
        }
    }
    silbe_singing_source_free(source);
}

static void test_batches(void **state)
{
    (void)state;
    made_up *m = made_up_new(7, 4);
    silbe_piece piece = {"made up", SILBE_MATRIX_INIT};
    silbe_accompaniment_bank bank = {&piece, 1};
    silbe_err err = SILBE_ERR_INIT;
    size_t most = (size_t)5 * 6 * 150 * MADE_UP_BANDS, n, n_again;
    float *a = malloc(most * sizeof *a), *b = malloc(most * sizeof *b);
    float sums[5], other[5];
    check_ok(silbe_matrix_new(&piece.logmel, 97, MADE_UP_BANDS, &err), err);
    make_batches(m, &bank, 1, 3, sums, a, &n);
    make_batches(m, &bank, 4, 3, other, b, &n_again);
    assert_int_equal(n, n_again);
    assert_memory_equal(a, b, n * sizeof *a);
    make_batches(m, &bank, 2, 4, other, b, &n_again);
    assert_true(n != n_again || memcmp(a, b, n * sizeof *a) != 0);
    assert_true(sums[0] > 0.0F);
    free(a);
    free(b);
    silbe_matrix_free(&piece.logmel);
    made_up_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neutral),
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
