/* Soft-DTW against its reference on random input, and all instruction sets against each other. */
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
        soft_answer got = soft_run(&c.problem, SILBE_SOFTDTW_KERNEL_AUTO, wanted);
        soft_answer rows = soft_run(&c.problem, SILBE_SOFTDTW_KERNEL_ROWS, SOFT_ALL);
        soft_answer value = soft_run(&c.problem, SILBE_SOFTDTW_KERNEL_AUTO, SOFT_VALUE);
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
        soft_answer base = soft_run(&c.problem, SILBE_SOFTDTW_KERNEL_PORTABLE, SOFT_E);
        if (!soft_same(&c.problem, &base, &want, SOFT_E, 1e-9)) {
            print_error("case %d: %zu x %zu\n", i, n_rows, n_cols);
            fail();
        }
        for (int k = SILBE_SOFTDTW_KERNEL_AVX2; k < SILBE_SOFTDTW_N_KERNELS; k++) {
            soft_answer other = soft_run(&c.problem, (silbe_softdtw_kernel)k, SOFT_E);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_cases_against_reference),
        cmocka_unit_test(test_strips_are_equal_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
