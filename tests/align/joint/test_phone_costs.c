/* Costs of phones: by hand, with priors, limited; means over stretches; malformed input. */
#include "tests/check.h"

#include <string.h>

#include "align/joint/phone_costs.h"

static void by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float values[] = {-1, -3, -9, -2, -2, -INFINITY};
    silbe_matrix posteriors = {.data = values, .n_rows = 2, .n_cols = 3};
    silbe_phone_costs costs;
    check_ok(silbe_phone_costs_new(&posteriors, 0.02, NULL, 0, 4, &costs, &err), err);
    const double want[2][3] = {{0, 2, 4}, {0, 0, 4}};
    for (size_t t = 0; t < 2; t++) {
        for (size_t k = 0; k < 3; k++) {
            double at_s = 0.02 * (double)t;
            check_close(silbe_phone_cost(&costs, k, at_s, at_s + 0.02), want[t][k], 1e-12);
        }
    }
    check_close(silbe_phone_cost(&costs, 1, 0, 0.04), 1, 1e-12);
    /* Between two centres: the nearest frame. Beyond the ends: the first and the last. */
    check_close(silbe_phone_cost(&costs, 1, 0.004, 0.012), 2, 1e-12);
    check_close(silbe_phone_cost(&costs, 1, 0.012, 0.019), 0, 1e-12);
    check_close(silbe_phone_cost(&costs, 1, -3, -2), 2, 1e-12);
    check_close(silbe_phone_cost(&costs, 1, 5, 6), 0, 1e-12);
    silbe_phone_costs_free(&costs);
}

static void priors_are_taken_off(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float values[] = {-1, -2};
    const double log_prior[] = {-1, -4};
    silbe_matrix posteriors = {.data = values, .n_rows = 1, .n_cols = 2};
    silbe_phone_costs costs;
    check_ok(silbe_phone_costs_new(&posteriors, 0.02, log_prior, 0.5, 4, &costs, &err), err);
    check_close(silbe_phone_cost(&costs, 0, 0, 0.02), 0.5, 1e-12); /* -0.5 against 0 */
    check_close(silbe_phone_cost(&costs, 1, 0, 0.02), 0, 1e-12);
    silbe_phone_costs_free(&costs);
}

/* A constant in a frame, as between logits and probabilities, changes nothing; the mean over a
 * stretch is the mean of its frames. */
static void random_frames(void **state)
{
    (void)state;
    enum { T = 50, S = 7 };
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(7001);
    float values[T * S], shifted[T * S];
    for (size_t t = 0; t < T; t++) {
        float shift = (float)floor(8 * check_uniform(&rng));
        for (size_t k = 0; k < S; k++) {
            values[t * S + k] = (float)floor(-64 * check_uniform(&rng)) / 8;
            shifted[t * S + k] = values[t * S + k] - shift;
        }
    }
    silbe_matrix a = {.data = values, .n_rows = T, .n_cols = S};
    silbe_matrix b = {.data = shifted, .n_rows = T, .n_cols = S};
    silbe_phone_costs one, other;
    check_ok(silbe_phone_costs_new(&a, 0.01, NULL, 0, 3, &one, &err), err);
    check_ok(silbe_phone_costs_new(&b, 0.01, NULL, 0, 3, &other, &err), err);
    assert_memory_equal(one.sum, other.sum, S * (T + 1) * sizeof *one.sum);
    for (int round = 0; round < 100; round++) {
        size_t from = check_random(&rng) % T, to = from + 1 + check_random(&rng) % (T - from);
        size_t k = check_random(&rng) % S;
        double sum = 0;
        for (size_t t = from; t < to; t++) {
            double cost = silbe_phone_cost(&one, k, 0.01 * (double)t, 0.01 * (double)(t + 1));
            assert_true(cost >= 0 && cost <= 3);
            sum += cost;
        }
        check_close(silbe_phone_cost(&one, k, 0.01 * (double)from, 0.01 * (double)to),
                    sum / (double)(to - from), 1e-9);
    }
    silbe_phone_costs_free(&one);
    silbe_phone_costs_free(&other);
}

static void check_refused(float *values, size_t n_rows, double hop_s, double max_cost,
                          silbe_status want, const char *message)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix posteriors = {.data = values, .n_rows = n_rows, .n_cols = 2};
    silbe_phone_costs costs;
    assert_int_equal(silbe_phone_costs_new(&posteriors, hop_s, NULL, 0, max_cost, &costs, &err),
                     want);
    assert_non_null(strstr(err.message, message));
    silbe_phone_costs_free(&costs);
}

static void refuses(void **state)
{
    (void)state;
    float good[] = {-1, -1, -1, -1}, nan[] = {-1, -1, -1, NAN}, high[] = {INFINITY, -1, -1, -1};
    float none[] = {-1, -1, -INFINITY, -INFINITY};
    check_refused(nan, 2, 0.02, 4, SILBE_ERR_DATA, "frame 1, phone 1");
    check_refused(high, 2, 0.02, 4, SILBE_ERR_DATA, "frame 0, phone 0");
    check_refused(none, 2, 0.02, 4, SILBE_ERR_DATA, "no phone is possible in frame 1");
    check_refused(good, 0, 0.02, 4, SILBE_ERR_DATA, "0 frames");
    check_refused(good, 2, 0, 4, SILBE_ERR_ARGUMENT, "above 0");
    check_refused(good, 2, 0.02, NAN, SILBE_ERR_ARGUMENT, "above 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(priors_are_taken_off),
        cmocka_unit_test(random_frames),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
