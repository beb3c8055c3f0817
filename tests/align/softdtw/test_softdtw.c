/* Soft-DTW against its reference on random input, and all instruction sets against each other. */
#include <string.h>

#include "tests/align/softdtw/softdtw_test.h"

enum { N_CASES = 10000 };

/* The row kernel (any problem) and AUTO against the reference. */
static void test_small_cases_against_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(31);
    size_t n_feasible = 0;
    for (int i = 0; i < N_CASES; i++) {
        bool strips = i % 2 == 0;
        size_t n_rows = 1 + soft_below(&rng, strips ? 24 : 9);
        soft_case c = soft_random_case(&rng, n_rows, 1 + soft_below(&rng, 12), strips);
        int wanted = strips ? SOFT_E : SOFT_ALL;
        soft_answer want = soft_reference(&c.problem);
        soft_answer got = soft_run(&c.problem, SILBE_KERNEL_AUTO, wanted);
        soft_answer rows = soft_run(&c.problem, SILBE_KERNEL_ROWS, SOFT_ALL);
        soft_answer value = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_VALUE);
        if (!soft_same(&c.problem, &got, &want, wanted, 1e-9) ||
            !soft_same(&c.problem, &rows, &want, SOFT_ALL, 1e-9) ||
            !soft_same(&c.problem, &value, &want, SOFT_VALUE, 1e-10)) {
            print_error("case %d: %zu x %zu, minimum %d, gamma %g\n", i, c.problem.n_rows,
                        c.problem.n_cols, (int)c.problem.minimum, c.problem.gamma);
            fail();
        }
        n_feasible += want.status == SILBE_OK;
        soft_free(&want);
        soft_free(&got);
        soft_free(&rows);
        soft_free(&value);
        soft_case_free(&c);
    }
    print_message("%zu of %d cases have a path\n", n_feasible, N_CASES);
    assert_true(n_feasible > N_CASES / 2 && n_feasible < N_CASES);
}

/* Longer ones, so that segments, strips and blocks meet; the strips of all instruction sets. */
static void test_strips_are_equal_bits(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(32);
    size_t n_compared = 0;
    for (int i = 0; i < 60; i++) {
        size_t n_rows = 2 + soft_below(&rng, i % 10 == 0 ? 1500 : 150);
        size_t n_cols = 1 + soft_below(&rng, i % 10 == 0 ? 60 : 400);
        soft_case c = soft_random_case(&rng, n_rows, n_cols, true);
        soft_answer want = soft_reference(&c.problem);
        soft_answer base = soft_run(&c.problem, SILBE_KERNEL_PORTABLE, SOFT_E);
        if (!soft_same(&c.problem, &base, &want, SOFT_E, 1e-9)) {
            print_error("case %d: %zu x %zu\n", i, n_rows, n_cols);
            fail();
        }
        for (int k = SILBE_KERNEL_AVX2; k < SILBE_N_KERNELS; k++) {
            soft_answer other = soft_run(&c.problem, (silbe_kernel)k, SOFT_E);
            if (other.status == SILBE_ERR_ARGUMENT) {
                continue; /* not this processor */
            }
            assert_int_equal(other.status, base.status);
            if (base.status == SILBE_OK) {
                assert_int_equal(other.result.kernel, k);
                assert_memory_equal(&other.result.value, &base.result.value, sizeof(double));
                assert_memory_equal(other.e, base.e, n_rows * n_cols * sizeof(double));
                n_compared++;
            }
            soft_free(&other);
        }
        soft_free(&want);
        soft_free(&base);
        soft_case_free(&c);
    }
    print_message("%zu comparisons of instruction sets\n", n_compared);
}

/* Wide matrices of doubles without a band, which strips read in place where rows do not lie a
 * multiple of 4 KB apart; and a bad cost in each part of them. */
static void test_wide_matrices(void **state)
{
    (void)state;
    static const size_t widths[] = {255, 272, 273, 527, 784, 900, 1024, 1040, 1300};
    check_rng rng = check_rng_new(33);
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        size_t n_rows = 18 + soft_below(&rng, 60);
        size_t n_cells = n_rows * widths[i];
        double *cost = malloc(n_cells * sizeof *cost);
        assert_non_null(cost);
        for (size_t k = 0; k < n_cells; k++) {
            cost[k] = soft_below(&rng, 50) == 0 ? INFINITY : 3.0 * check_uniform(&rng) - 1.0;
        }
        cost[0] = cost[n_cells - 1] = 0.5;
        silbe_softdtw_problem p = {.n_rows = n_rows,
                                   .n_cols = widths[i],
                                   .cost = cost,
                                   .steps = silbe_path_steps_classical(1.5, 1.5, 1.5),
                                   .gamma = 0.3};
        soft_answer want = soft_reference(&p);
        for (int k = SILBE_KERNEL_AUTO; k < SILBE_N_KERNELS; k++) {
            soft_answer got = soft_run(&p, (silbe_kernel)k, SOFT_E);
            assert_true(got.status == SILBE_ERR_ARGUMENT ||
                        soft_same(&p, &got, &want, SOFT_E, 1e-9));
            soft_free(&got);
        }
        for (size_t m = 3; m < widths[i]; m += 1 + soft_below(&rng, 90)) {
            size_t n = 1 + soft_below(&rng, 16);
            double kept = cost[n * widths[i] + m];
            char cell[64];
            (void)snprintf(cell, sizeof cell, "(%zu, %zu) is -INFINITY", n, m);
            cost[n * widths[i] + m] = -INFINITY;
            soft_answer bad = soft_run(&p, SILBE_KERNEL_PORTABLE, SOFT_E);
            assert_int_equal(bad.status, SILBE_ERR_DATA);
            assert_non_null(strstr(bad.err.message, cell));
            soft_free(&bad);
            cost[n * widths[i] + m] = kept;
        }
        soft_free(&want);
        free(cost);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_cases_against_reference),
        cmocka_unit_test(test_strips_are_equal_bits),
        cmocka_unit_test(test_wide_matrices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
