/* What CTC gives beside the loss: figures of onsets, blocks of a long input; refused wishes. */
#include "tests/align/ctc/ctc_outcome.h"

static void onset_figures_follow_from_the_posteriors(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(8);
    for (int round = 0; round < 20; round++) {
        ctc_case c = ctc_case_new(&rng, 150, 9, 30, (silbe_ctc_topology)(round % 2));
        double mass = 0.2 + 0.7 * check_uniform(&rng);
        outcome fast = run_fast(&c.problem, NULL, SILBE_CTC_BY_LOGP, mass);
        check_ok(fast.status, fast.err);
        for (size_t j = 0; j < 30; j++) {
            const silbe_ctc_onset *o = &fast.onsets[j];
            double sum = 0.0;
            double mean = 0.0;
            double square = 0.0;
            double near = 0.0;
            double below = 0.0;
            double above = 0.0;
            double at_low = fast.onset[o->lo_frame * 30 + j];
            double at_high = fast.onset[(o->hi_frame - 1) * 30 + j];
            for (size_t t = 0; t < 150; t++) {
                double probability = fast.onset[t * 30 + j];
                size_t centre = j * 150 / 30;
                sum += probability;
                mean += (double)t * probability;
                square += (double)(t * t) * probability;
                near += t + 2 >= centre && t <= centre + 2 ? probability : 0.0;
                below += t < o->lo_frame ? probability : 0.0;
                above += t >= o->hi_frame ? probability : 0.0;
            }
            double tail = (1.0 - mass) / 2.0;
            check_close(sum, 1.0, 1e-11);
            check_close(o->mean_frame, mean, 1e-8);
            check_close(o->spread_frames, sqrt(square - mean * mean), 1e-5);
            check_close(o->mass_near, near, 1e-11);
            assert_true(o->lo_frame < o->hi_frame);
            assert_true(below <= tail + 1e-11 && below + at_low > tail - 1e-11);
            assert_true(above <= tail + 1e-11 && above + at_high > tail - 1e-11);
        }
        outcome_free(&fast);
        ctc_case_free(&c);
    }
}

/* 240,000 frames: the loss is about a million nats, posteriors still sum to 1. */
typedef struct {
    size_t n_labels;
    double worst;
} sum_check;

static silbe_status check_sums(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    sum_check *s = context;
    (void)err;
    for (size_t t = block->begin_frame; t < block->end_frame; t++) {
        const double *label = block->label + (t - block->begin_frame) * block->stride;
        const double *blank = block->blank + (t - block->begin_frame) * block->stride;
        double sum = blank[s->n_labels];
        for (size_t j = 0; j < s->n_labels; j++) {
            sum += label[j] + blank[j];
        }
        s->worst = fabs(sum - 1.0) > s->worst ? fabs(sum - 1.0) : s->worst;
    }
    return SILBE_OK;
}

static void long_input_does_not_underflow(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(9);
    ctc_case c = ctc_case_new(&rng, 240000, 40, 100, SILBE_CTC_BLANKS);
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    sum_check check = {c.problem.n_labels, 0.0};
    silbe_ctc_wanted wanted = {.on_block = check_sums, .context = &check};
    size_t bytes = 0;
    check_ok(silbe_ctc_scratch_size(&c.problem, &wanted, NULL, &bytes, &err), err);
    void *scratch = ctc_get(bytes);
    check_ok(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes, &result, &err), err);
    print_message("loss %.1f, worst sum of posteriors off by %.1e, %zu sweeps, %.1f MB\n",
                  result.loss, check.worst, result.n_sweeps, (double)bytes / 1e6);
    assert_true(isfinite(result.loss) && result.loss > 1e5);
    check_close(check.worst, 0.0, 1e-9);
    free(scratch);
    ctc_case_free(&c);
}

static silbe_status refuse_block(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    (void)context;
    (void)block;
    return silbe_fail(err, SILBE_ERR_BUSY, "no more");
}

static void refuses_bad_wishes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(10);
    ctc_case c = ctc_case_new(&rng, 40, 5, 6, SILBE_CTC_BLANKS);
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    float gradient[200];
    silbe_ctc_onset onsets[6];
    const size_t near[6] = {0, 1, 2, 3, 4, 40};
    size_t bytes = 0;
    const silbe_ctc_wanted bad[] = {
        {.gradient = gradient, .gradient_stride = 4},
        {.gradient = gradient, .gradient_stride = 5, .gradient_by = SILBE_CTC_N_GRADIENTS},
        {.gradient = gradient, .gradient_stride = 5, .gradient_by = SILBE_CTC_BY_LOGITS},
        {.onsets = onsets},
        {.onsets = onsets, .interval_mass = 1.0},
        {.onsets = onsets, .interval_mass = (double)NAN},
        {.onsets = onsets, .interval_mass = 0.5, .near_frame = near}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(silbe_ctc_scratch_size(&c.problem, &bad[i], NULL, &bytes, &err),
                         SILBE_ERR_ARGUMENT);
    }
    silbe_ctc_wanted wanted = {.on_block = refuse_block};
    check_ok(silbe_ctc_scratch_size(&c.problem, &wanted, NULL, &bytes, &err), err);
    void *scratch = ctc_get(bytes);
    assert_int_equal(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes, &result, &err),
                     SILBE_ERR_BUSY);
    assert_int_equal(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes - 1, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_ctc_run(&c.problem, NULL, NULL, scratch, bytes, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    free(scratch);
    ctc_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onset_figures_follow_from_the_posteriors),
        cmocka_unit_test(long_input_does_not_underflow),
        cmocka_unit_test(refuses_bad_wishes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
