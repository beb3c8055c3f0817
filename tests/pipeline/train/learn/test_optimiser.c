/* AdamW's first steps by hand, its schedule, and its agreement with a plain double version. */
#include <string.h>

#include "pipeline/train/learn/optimiser.h"
#include "pipeline/train/learn/random.h"
#include "tests/check.h"

static void test_schedule(void **state)
{
    (void)state;
    silbe_optimiser_options o = silbe_optimiser_options_default(110);
    o.peak_rate = 2.0;
    o.final_rate = 0.5;
    o.warmup_steps = 10;
    check_close(silbe_optimiser_rate(&o, 0), 0.2, 1e-12);
    check_close(silbe_optimiser_rate(&o, 9), 2.0, 1e-12);
    check_close(silbe_optimiser_rate(&o, 10), 2.0, 1e-12);
    check_close(silbe_optimiser_rate(&o, 60), 1.25, 1e-12); /* half-way: the middle */
    check_close(silbe_optimiser_rate(&o, 110), 0.5, 1e-12);
    check_close(silbe_optimiser_rate(&o, 5000), 0.5, 1e-12);
    for (size_t step = 10; step < 110; step++) {
        assert_true(silbe_optimiser_rate(&o, step + 1) < silbe_optimiser_rate(&o, step));
    }
    o.warmup_steps = 0;
    check_close(silbe_optimiser_rate(&o, 0), 2.0, 1e-12);
}

static void test_first_step_by_hand(void **state)
{
    (void)state;
    silbe_optimiser_options o = silbe_optimiser_options_default(10);
    o.peak_rate = 0.1;
    o.warmup_steps = 0;
    o.weight_decay = 0.5;
    o.max_norm = 0.0;
    o.average_decay = 0.9;
    float params[] = {1, 1, 1}, m[3] = {0}, v[3] = {0}, average[] = {1, 1, 1};
    const float gradient[] = {3, -0.001F, 0}, mask[] = {0, 0, 1};
    silbe_optimiser_state s = {params, m, v, average};
    silbe_optimiser_step(&o, 0, gradient, 1.0, 3.0, mask, 3, &s);
    /* The first step of Adam is the rate times the sign of the gradient. */
    check_close(params[0], 0.9, 1e-6);
    check_close(params[1], 1.1, 2e-6);
    check_close(params[2], 1.0 - 0.1 * 0.5, 1e-6); /* decay alone */
    check_close(m[0], 0.3, 1e-6);
    check_close(v[0], 0.02 * 9.0, 1e-6);
    check_close(average[0], 0.1 * 1.0 + 0.9 * 0.9, 1e-6); /* d = 1 / 10 in step 0 */
}

/* 40 steps with clipping against algorithm 2 of the paper in double. */
static void test_is_paper(void **state)
{
    (void)state;
    enum { N = 50, STEPS = 40 };
    silbe_random random = {7};
    silbe_optimiser_options o = silbe_optimiser_options_default(STEPS);
    o.warmup_steps = 4;
    o.weight_decay = 0.1;
    float p[N], m[N] = {0}, v[N] = {0}, a[N], g[N], mask[N];
    double dp[N], dm[N] = {0}, dv[N] = {0};
    for (size_t i = 0; i < N; i++) {
        p[i] = a[i] = (float)silbe_random_normal(&random);
        dp[i] = (double)p[i];
        mask[i] = (float)(i % 2);
    }
    silbe_optimiser_state s = {p, m, v, a};
    for (size_t step = 0; step < STEPS; step++) {
        double norm = 0.0;
        for (size_t i = 0; i < N; i++) {
            g[i] = (float)(silbe_random_normal(&random) * (step % 3 == 0 ? 5.0 : 0.05));
            norm += 0.25 * (double)g[i] * (double)g[i];
        }
        norm = sqrt(norm); /* of half the gradient */
        check_close(silbe_optimiser_norm(g, N) * 0.5, norm, 1e-6 * norm);
        silbe_optimiser_step(&o, step, g, 0.5, norm, mask, N, &s);
        double rate = silbe_optimiser_rate(&o, step), t = (double)step + 1.0;
        double scale = 0.5 * (norm > o.max_norm ? o.max_norm / norm : 1.0);
        for (size_t i = 0; i < N; i++) {
            double gi = scale * (double)g[i];
            dm[i] = o.beta1 * dm[i] + (1.0 - o.beta1) * gi;
            dv[i] = o.beta2 * dv[i] + (1.0 - o.beta2) * gi * gi;
            double m_hat = dm[i] / (1.0 - pow(o.beta1, t));
            double v_hat = dv[i] / (1.0 - pow(o.beta2, t));
            dp[i] -= rate *
                     (m_hat / (sqrt(v_hat) + o.epsilon) + o.weight_decay * (double)mask[i] * dp[i]);
            check_close(p[i], dp[i], 2e-5);
        }
    }
}

static void test_norm_of_many(void **state)
{
    (void)state;
    enum { N = 3 * SILBE_OPTIMISER_RANGE + 5 };
    float *values = malloc(N * sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < N; i++) {
        values[i] = 3.0F;
    }
    check_close(silbe_optimiser_norm(values, N), 3.0 * sqrt((double)N), 1e-9 * N);
    values[N - 1] = NAN;
    assert_true(isnan(silbe_optimiser_norm(values, N)));
    free(values);
}

static void test_decay_mask(void **state)
{
    (void)state;
    silbe_net_shape shape = silbe_net_shape_default(36);
    silbe_net_layout layout = silbe_net_layout_of(&shape);
    float *mask = malloc(layout.n_params * sizeof *mask);
    assert_non_null(mask);
    silbe_optimiser_decay_mask(&shape, &layout, mask);
    check_close(mask[layout.input_weight], 1.0, 0.0);
    check_close(mask[layout.input_bias], 0.0, 0.0);
    check_close(mask[layout.blocks[3].depthwise_weight], 1.0, 0.0);
    check_close(mask[layout.blocks[3].norm_gain + 191], 0.0, 0.0);
    check_close(mask[layout.output_weight + 192 * 36 - 1], 1.0, 0.0);
    check_close(mask[layout.output_bias], 0.0, 0.0);
    free(mask);
}

static void test_bad_options(void **state)
{
    (void)state;
    silbe_optimiser_options all[7];
    const char *const names[] = {"peak_rate", "final_rate",   "n_steps", "beta1",
                                 "epsilon",   "weight_decay", "max_norm"};
    for (size_t i = 0; i < 7; i++) {
        all[i] = silbe_optimiser_options_default(10);
    }
    all[0].peak_rate = NAN;
    all[1].final_rate = 1.0;
    all[2].n_steps = 0;
    all[3].beta1 = 1.0;
    all[4].epsilon = 0.0;
    all[5].weight_decay = -1.0;
    all[6].max_norm = NAN;
    for (size_t i = 0; i < 7; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(silbe_optimiser_options_check(&all[i], &err), SILBE_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, names[i]));
    }
}

static void test_random(void **state)
{
    (void)state;
    silbe_random random = {0};
    /* First output of splitmix64 for seed 0 in the authors' code (prng.di.unimi.it). */
    assert_true(silbe_random_next(&random) == 0xe220a8397b1dcdafULL);
    size_t counts[3] = {0};
    double sum = 0.0, squares = 0.0;
    enum { N = 30000 };
    for (int i = 0; i < N; i++) {
        counts[silbe_random_below(&random, 3)]++;
        double x = silbe_random_normal(&random);
        sum += x;
        squares += x * x;
    }
    for (int k = 0; k < 3; k++) {
        check_close(counts[k], N / 3, 400);
    }
    check_close(sum / N, 0.0, 0.03);
    check_close(squares / N, 1.0, 0.04);
    silbe_random a = silbe_random_fork(&random, 0), b = silbe_random_fork(&random, 1);
    assert_true(silbe_random_next(&a) != silbe_random_next(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule),   cmocka_unit_test(test_first_step_by_hand),
        cmocka_unit_test(test_is_paper),   cmocka_unit_test(test_norm_of_many),
        cmocka_unit_test(test_decay_mask), cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
