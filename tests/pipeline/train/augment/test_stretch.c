/* Stretching: identity, times carried through, ranges of the factors, windows. */
#include "pipeline/train/augment/steps.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

static void test_identity(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    made_up *m = made_up_new(3, 4);
    silbe_stretch plan = SILBE_STRETCH_INIT;
    for (size_t i = 0; i < 3; i++) {
        const silbe_matrix *x = &m->corpus.utterances[i].logmel;
        check_ok(silbe_stretch_plan(&plan, &m->truth.items[i], 2, x->n_rows, 0.01, NULL, &err),
                 err);
        assert_int_equal(plan.n_frames, x->n_rows);
        float *out = calloc(x->n_rows * x->n_cols, sizeof *out);
        silbe_stretch_render(&plan, x->data, x->n_cols, 0, x->n_rows, out);
        assert_memory_equal(out, x->data, x->n_rows * x->n_cols * sizeof *out);
        free(out);
    }
    silbe_stretch_free(&plan);
    made_up_free(m);
}

/* A ramp shows where each frame comes from: it rises, lies in its own segment, and both ends of a
 * held vowel pass at their own speed. */
static void test_times(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    made_up *m = made_up_new(20, 5);
    check_rng rng = check_rng_new(11);
    silbe_stretch plan = SILBE_STRETCH_INIT;
    for (size_t i = 0; i < 20; i++) {
        silbe_random random = {check_random(&rng)};
        size_t n = m->corpus.utterances[i].logmel.n_rows;
        float *ramp = calloc(n, sizeof *ramp);
        for (size_t t = 0; t < n; t++) {
            ramp[t] = (float)t;
        }
        check_ok(silbe_stretch_plan(&plan, &m->truth.items[i], 2, n, 0.01, &random, &err), err);
        float *out = calloc(plan.n_frames, sizeof *out);
        uint8_t *phones = calloc(plan.n_frames, 1);
        silbe_stretch_render(&plan, ramp, 1, 0, plan.n_frames, out);
        silbe_stretch_phones(&plan, 0, plan.n_frames, phones);
        size_t begin = 0, source = 0;
        for (size_t k = 0; k < plan.n_segments; k++) {
            const silbe_stretch_segment *s = &plan.segments[k];
            const silbe_segment *from = &m->truth.items[i].segments[k];
            assert_int_equal(s->begin, begin);
            assert_int_equal(s->source_begin, source);
            assert_int_equal(s->source_begin,
                             from->begin_frame == 0 ? 0 : 2 * from->begin_frame - 1);
            for (size_t j = s->begin; j < s->end; j++) {
                assert_int_equal(phones[j], from->phone);
                assert_true((double)out[j] > (double)s->source_begin - 0.5 &&
                            (double)out[j] < (double)s->source_end - 0.5);
                assert_true(j == 0 || out[j] >= out[j - 1]);
            }
            if (s->source_end - s->source_begin >= 9 && s->end - s->begin >= 9) {
                check_close(out[s->begin + 2], s->source_begin + 2, 0.0);
                check_close(out[s->end - 3], s->source_end - 3, 0.0);
            }
            begin = s->end;
            source = s->source_end;
        }
        assert_int_equal(begin, plan.n_frames);
        assert_int_equal(source, n);
        /* A window is a piece of the whole. */
        size_t at = plan.n_frames / 3;
        float part[7];
        silbe_stretch_render(&plan, ramp, 1, at, 7, part);
        assert_memory_equal(part, out + at, sizeof part);
        free(ramp);
        free(out);
        free(phones);
    }
    silbe_stretch_free(&plan);
    made_up_free(m);
}

/* Ranges of lengths from 8 frames of 10 ms (speech) and 90 (sung), and the median of notes. */
static void test_lengths(void **state)
{
    (void)state;
    enum { N = 4000 };
    silbe_random random = {3};
    for (size_t p = 1; p < SILBE_N_PHONES; p++) {
        size_t low = SIZE_MAX, high = 0, n_short = 0, shrunk = SIZE_MAX;
        for (int i = 0; i < N; i++) {
            size_t n = silbe_stretch_length((uint8_t)p, 8, 0.01, &random);
            size_t sung = silbe_stretch_length((uint8_t)p, 90, 0.01, &random);
            low = n < low ? n : low;
            high = n > high ? n : high;
            n_short += n < 30;
            shrunk = sung < shrunk ? sung : shrunk;
        }
        switch (silbe_phone_get(p)->phone_class) {
        case SILBE_PHONE_CLASS_VOWEL:
            assert_true(low == 8 && high <= 300 && high > 200);
            assert_true(shrunk == 30);
            /* Half of nine tenths, and the tenth that keeps its length. */
            check_close((double)n_short / N, 0.55, 0.03);
            break;
        case SILBE_PHONE_CLASS_FRICATIVE:
        case SILBE_PHONE_CLASS_PLOSIVE:
            assert_true(low == 7 && high == 10 && shrunk == 81);
            break;
        default:
            assert_true(low == 8 && high == 18 && shrunk == 90);
        }
    }
    assert_true(silbe_stretch_length(SILBE_PHONE_SILENCE, 1, 0.01, &random) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
