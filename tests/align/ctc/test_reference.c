/* CTC's forward-backward against the readable reference, and its kernels against each other. */
#include "tests/align/ctc/ctc_outcome.h"

static void check_against_reference(const silbe_ctc_problem *p, const silbe_ctc_options *options)
{
    size_t w = silbe_ctc_n_states(p);
    outcome fast = run_fast(p, options, gradient_of(p), 0.9);
    slow_outcome slow = run_slow(p, gradient_of(p));
    check_ok(fast.status, fast.err);
    assert_int_equal(slow.status, SILBE_OK);
    assert_int_equal(fast.next_end, 0);
    check_close(fast.loss, slow.loss, 1e-11 * (1.0 + fabs(slow.loss)));
    for (size_t i = 0; i < p->n_frames * w; i++) {
        /* Relative, down to what a double holds. */
        check_close(fast.posterior[i], slow.posterior[i], 1e-10 * slow.posterior[i] + 1e-280);
    }
    for (size_t i = 0; i < p->n_frames * p->n_labels; i++) {
        check_close(fast.onset[i], slow.onset[i], 1e-10 * slow.onset[i] + 1e-280);
    }
    for (size_t i = 0; i < p->n_frames * p->n_symbols; i++) {
        check_close(fast.gradient[i], slow.gradient[i], 1e-7);
    }
    for (size_t t = 0; t < p->n_frames; t++) {
        double sum = 0.0;
        for (size_t s = 0; s < w; s++) {
            sum += fast.posterior[t * w + s];
        }
        check_close(sum, 1.0, 1e-10);
    }
    outcome_free(&fast);
    slow_free(&slow);
}

static void equals_the_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(2);
    for (int round = 0; round < 300; round++) {
        size_t n_labels = 1 + ctc_below(&rng, round % 10 == 0 ? 150 : 40);
        size_t n_frames = 2 * n_labels + ctc_below(&rng, 200);
        size_t n_symbols = 2 + ctc_below(&rng, round % 20 == 0 ? 2000 : 12);
        ctc_case c =
            ctc_case_new(&rng, n_frames, n_symbols, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        silbe_ctc_options options = {SILBE_KERNEL_AUTO, round % 3 == 0 ? 1 : 0};
        check_against_reference(&c.problem, &options);
        ctc_case_free(&c);
    }
}

/* As many frames as labels need: a single path, or nearly. */
static void equals_the_reference_where_it_is_tight(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(3);
    for (int round = 0; round < 60; round++) {
        size_t n_labels = 1 + ctc_below(&rng, 200);
        ctc_case c = ctc_case_new(&rng, 2 * n_labels, 5, n_labels, (silbe_ctc_topology)(round % 2));
        c.problem.n_frames = silbe_ctc_min_frames(&c.problem) + ctc_below(&rng, 3);
        c.problem.n_frames = c.problem.n_frames < 2 * n_labels ? c.problem.n_frames : 2 * n_labels;
        check_against_reference(&c.problem, NULL);
        ctc_case_free(&c);
    }
}

/* States that lie e^-5000 and further below the best: labels that the emissions contradict for a
 * long time, and need in the end. */
static void equals_the_reference_far_below_the_best(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(4);
    for (int round = 0; round < 12; round++) {
        ctc_case c = ctc_case_new(&rng, 300, 8, 70, (silbe_ctc_topology)(round % 2));
        for (size_t t = 0; t < 300; t++) {
            float *x = c.values + t * c.problem.row_stride;
            for (size_t k = 0; k < 8; k++) {
                bool good = t < 200 ? k == 1 : k == 3 + t % 3;
                x[k] = good ? -0.01F : (float)(-700.0 * check_uniform(&rng) - 100.0);
                if (t % 50 == 7 && !good) {
                    x[k] *= 20.0F; /* beyond the exponents of a double in one frame */
                }
            }
        }
        check_against_reference(&c.problem, NULL);
        ctc_case_free(&c);
    }
}

/* Without a block function less is cleared; the gradient should not see it. */
static void check_gradient_alone(const silbe_ctc_problem *p)
{
    outcome all = run_fast(p, NULL, gradient_of(p), 0.5);
    silbe_ctc_result result;
    size_t bytes = 0;
    size_t n = p->n_frames * p->n_symbols * sizeof(float);
    float *gradient = ctc_get(n);
    silbe_ctc_wanted wanted = {
        .gradient = gradient, .gradient_stride = p->n_symbols, .gradient_by = gradient_of(p)};
    check_ok(silbe_ctc_scratch_size(p, &wanted, NULL, &bytes, &all.err), all.err);
    void *scratch = ctc_get(bytes);
    memset(scratch, 0xff, bytes); /* NaN, wherever it is read before it is written */
    check_ok(silbe_ctc_run(p, &wanted, NULL, scratch, bytes, &result, &all.err), all.err);
    assert_memory_equal(gradient, all.gradient, n);
    free(scratch);
    free(gradient);
    outcome_free(&all);
}

/* A clear song: most units of a leaf have no posterior and are left out. */
static void equals_the_reference_where_little_is_active(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 6; round++) {
        ctc_case c = ctc_case_new(&rng, 800, 9, 260, (silbe_ctc_topology)(round % 2));
        for (size_t t = 0; t < 800; t++) {
            float *x = c.values + t * c.problem.row_stride;
            for (size_t k = 0; k < 9; k++) {
                x[k] = (float)(-25.0 * (double)(1 + round) * check_uniform(&rng));
            }
            x[c.labels[t * 260 / 800]] = -0.05F;
        }
        check_against_reference(&c.problem, NULL);
        check_gradient_alone(&c.problem);
        ctc_case_free(&c);
    }
}

/* Two ways far apart at the same time, and nothing between them that a double holds: in frames 200
 * to 327 a path is in label 31, the last one of a unit, or in label 192, the first one of another;
 * before and after that everything is as likely as everything else. What flows out of the first
 * unit must not flow into the second. */
static void equals_the_reference_across_a_gap(void **state)
{
    (void)state;
    enum { N_FRAMES = 728, N_LABELS = 256, FIRST = 31, SECOND = 192, N_SYMBOLS = 9 };
    check_rng rng = check_rng_new(12);
    for (int round = 0; round < 4; round++) {
        ctc_case c =
            ctc_case_new(&rng, N_FRAMES, N_SYMBOLS, N_LABELS, (silbe_ctc_topology)(round % 2));
        c.problem.blank = 0;
        for (size_t j = 0; j < N_LABELS; j++) {
            c.labels[j] = j == FIRST ? 7 : j == SECOND ? 8 : (int32_t)(1 + j % 6);
        }
        for (size_t t = 0; t < N_FRAMES; t++) {
            float *x = c.values + t * c.problem.row_stride;
            bool narrow = t >= 200 && t < 328;
            for (size_t k = 0; k < N_SYMBOLS; k++) {
                x[k] = !narrow || k >= 7 ? (float)(-0.1 * check_uniform(&rng)) : -2000.0F;
            }
        }
        outcome all = run_fast(&c.problem, NULL, SILBE_CTC_BY_LOGP, 0.5);
        check_ok(all.status, all.err);
        double second = all.posterior[264 * (2 * N_LABELS + 1) + 2 * SECOND + 1];
        assert_true(second > 1e-200 && second < 1.0); /* both ways are there */
        outcome_free(&all);
        check_against_reference(&c.problem, NULL);
        check_gradient_alone(&c.problem);
        ctc_case_free(&c);
    }
}

static void kernels_and_levels_give_the_same_bits(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    for (int round = 0; round < 10; round++) {
        ctc_case c = ctc_case_new(&rng, 500 + ctc_below(&rng, 400), 30, 60 + ctc_below(&rng, 100),
                                  (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        const silbe_ctc_problem *p = &c.problem;
        size_t n_states = p->n_frames * silbe_ctc_n_states(p) * sizeof(double);
        outcome first = run_fast(p, NULL, gradient_of(p), 0.9);
        check_ok(first.status, first.err);
        for (int kernel = 1; kernel < SILBE_N_KERNELS; kernel++) {
            for (size_t max_bytes = 1; max_bytes < 2000000; max_bytes = max_bytes * 10 + 700000) {
                silbe_ctc_options o = {(silbe_kernel)kernel, max_bytes};
                size_t bytes = 0;
                if (silbe_ctc_scratch_size(p, NULL, &o, &bytes, NULL) != SILBE_OK) {
                    continue; /* not on this processor */
                }
                outcome other = run_fast(p, &o, gradient_of(p), 0.9);
                check_ok(other.status, other.err);
                assert_memory_equal(&first.loss, &other.loss, sizeof first.loss);
                assert_memory_equal(first.posterior, other.posterior, n_states);
                assert_memory_equal(first.gradient, other.gradient,
                                    p->n_frames * p->n_symbols * sizeof(float));
                assert_memory_equal(first.onset, other.onset,
                                    p->n_frames * p->n_labels * sizeof(double));
                assert_memory_equal(first.onsets, other.onsets, p->n_labels * sizeof *first.onsets);
                assert_true(max_bytes > 1 || other.result.n_sweeps > 3);
                outcome_free(&other);
            }
        }
        outcome_free(&first);
        ctc_case_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_reference),
        cmocka_unit_test(equals_the_reference_where_it_is_tight),
        cmocka_unit_test(equals_the_reference_far_below_the_best),
        cmocka_unit_test(equals_the_reference_where_little_is_active),
        cmocka_unit_test(equals_the_reference_across_a_gap),
        cmocka_unit_test(kernels_and_levels_give_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
