/* Soft-DTW: shares that add up, transposition, extreme costs, the three minima. */
#include "tests/align/softdtw/softdtw_test.h"

#include "align/softdtw/minimum.h"

static void test_shares_add_up(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(45);
    for (int i = 0; i < 100; i++) {
        size_t n_rows = 2 + soft_below(&rng, 60);
        size_t n_cols = 1 + soft_below(&rng, 60);
        soft_case c = soft_random_case(&rng, n_rows, n_cols, true);
        c.problem.steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
        if (i % 2 == 0) { /* exactly one cell in each row: rows of E sum to 1 */
            c.problem.steps.n_steps = 2;
        }
        soft_answer a = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        for (size_t n = 0; a.status == SILBE_OK && n < n_rows; n++) {
            double sum = 0.0;
            for (size_t m = 0; m < n_cols; m++) {
                assert_true(a.e[n * n_cols + m] >= 0.0 && a.e[n * n_cols + m] <= 1.0 + 1e-9);
                sum += a.e[n * n_cols + m];
            }
            assert_true(sum >= 1.0 - 1e-9);
            if (i % 2 == 0) {
                check_close(sum, 1.0, 1e-9);
            }
        }
        soft_free(&a);
        soft_case_free(&c);
    }
}

static void test_transposition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(46);
    for (int i = 0; i < 200; i++) {
        size_t n_rows = 2 + soft_below(&rng, 40);
        size_t n_cols = 2 + soft_below(&rng, 40);
        soft_case c = soft_random_case(&rng, n_rows, n_cols, i % 2 == 0);
        c.problem.starts = c.problem.ends = NULL;
        c.problem.lo = c.problem.hi = NULL;
        c.problem.column_steps = NULL;
        double *turned = soft_alloc(n_rows * n_cols * sizeof *turned);
        for (size_t j = 0; j < n_rows * n_cols; j++) {
            turned[j % n_cols * n_rows + j / n_cols] = c.cost[j];
        }
        silbe_softdtw_problem t = c.problem;
        t.n_rows = n_cols;
        t.n_cols = n_rows;
        t.cost = turned;
        t.steps = silbe_path_steps_transposed(&c.problem.steps);
        /* floor's rule for jumped cells is the same for both sides */
        soft_answer a = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        soft_answer b = soft_run(&t, SILBE_KERNEL_AUTO, SOFT_E);
        assert_int_equal(a.status, b.status);
        if (a.status == SILBE_OK) {
            check_close(a.result.value, b.result.value, 1e-9);
            for (size_t j = 0; j < n_rows * n_cols; j++) {
                check_close(a.e[j], b.e[j % n_cols * n_rows + j / n_cols], 1e-8);
            }
        }
        soft_free(&a);
        soft_free(&b);
        free(turned);
        soft_case_free(&c);
    }
}

/* Finite and near the log domain over eight decades of temperature and costs up to a million. */
static void test_extremes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(47);
    const double gammas[] = {1e-4, 1e-2, 1.0, 1e2, 1e4};
    const double scales[] = {1e-3, 1.0, 1e3, 1e6};
    enum { N = 90, M = 70 };
    double *cost = soft_alloc(N * M * sizeof *cost);
    for (int i = 0; i < 20; i++) {
        for (size_t j = 0; j < N * M; j++) {
            cost[j] = scales[i / 5] * check_uniform(&rng);
        }
        silbe_softdtw_problem p = {.n_rows = N,
                                   .n_cols = M,
                                   .cost = cost,
                                   .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                   .gamma = gammas[i % 5]};
        soft_answer want = soft_reference(&p);
        soft_answer got = soft_run(&p, SILBE_KERNEL_AUTO, SOFT_E);
        check_ok(got.status, got.err);
        assert_true(got.result.kernel != SILBE_KERNEL_ROWS);
        check_close(got.result.value, want.result.value, 1e-12 * (1.0 + fabs(want.result.value)));
        /* the reference loses 2e-16 |D / gamma| in each share */
        double tolerance = 1e-10 + 1e-13 * fabs(want.result.value) / p.gamma;
        for (size_t j = 0; j < N * M && tolerance < 1e-2; j++) {
            check_close(got.e[j], want.e[j], tolerance);
        }
        for (size_t j = 0; j < N * M; j++) {
            assert_true(got.e[j] >= 0.0 && got.e[j] <= 1.0 + 1e-9);
        }
        soft_free(&want);
        soft_free(&got);
    }
    /* Where whole exponents would not be exact the rows do it. */
    silbe_softdtw_problem p = {.n_rows = N,
                               .n_cols = M,
                               .cost = cost,
                               .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                               .gamma = 1e-9};
    soft_answer got = soft_run(&p, SILBE_KERNEL_PORTABLE, SOFT_E);
    soft_answer want = soft_reference(&p);
    check_ok(got.status, got.err);
    assert_int_equal(got.result.kernel, SILBE_KERNEL_ROWS);
    assert_true(soft_same(&p, &got, &want, SOFT_E, 1e-9));
    soft_free(&got);
    soft_free(&want);
    p.gamma = 1e-320; /* 1 / gamma is INFINITY */
    got = soft_run(&p, SILBE_KERNEL_AUTO, SOFT_E);
    check_ok(got.status, got.err);
    assert_true(isfinite(got.result.value));
    soft_free(&got);
    free(cost);
}

/* The projection by sorting (Held, Wolfe and Crowder 1974) instead of dropping candidates. */
static void project(const double *z, size_t n, double *q)
{
    double sorted[16];
    memcpy(sorted, z, n * sizeof *z);
    for (size_t i = 1; i < n; i++) {
        for (size_t j = i; j > 0 && sorted[j] > sorted[j - 1]; j--) {
            double swap = sorted[j];
            sorted[j] = sorted[j - 1];
            sorted[j - 1] = swap;
        }
    }
    double sum = 0.0;
    double threshold = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += sorted[i];
        if (sorted[i] - (sum - 1.0) / (double)(i + 1) > 0.0) {
            threshold = (sum - 1.0) / (double)(i + 1);
        }
    }
    for (size_t i = 0; i < n; i++) {
        q[i] = z[i] > threshold ? z[i] - threshold : 0.0;
    }
}

static void test_sparsemin_projects(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(48);
    for (int i = 0; i < 2000; i++) {
        double a[16];
        double z[16];
        double q[16];
        double want[16];
        size_t n = 1 + soft_below(&rng, 16);
        double gamma = i % 2 == 0 ? 0.3 : 5.0;
        for (size_t j = 0; j < n; j++) {
            a[j] = 3.0 * check_uniform(&rng) - 1.0;
            z[j] = -a[j] / gamma;
        }
        project(z, n, want);
        double value = silbe_softdtw_min(SILBE_SOFTDTW_SPARSEMIN, gamma, a, n, q);
        double expected = -0.5 * gamma;
        for (size_t j = 0; j < n; j++) {
            check_close(q[j], want[j], 1e-12);
            expected += want[j] * a[j] + 0.5 * gamma * want[j] * want[j];
        }
        check_close(value, expected, 1e-12);
    }
}

static void test_minimum_of_nothing(void **state)
{
    (void)state;
    for (int k = 0; k < SILBE_SOFTDTW_N_MINIMA; k++) {
        double a[3] = {INFINITY, 2.0, INFINITY};
        double q[3] = {9.0, 9.0, 9.0};
        silbe_softdtw_minimum minimum = (silbe_softdtw_minimum)k;
        assert_true(silbe_softdtw_min(minimum, 1.0, a, 0, q) == INFINITY);
        assert_true(silbe_softdtw_min(minimum, 1.0, a, 1, q) == INFINITY);
        assert_true(q[0] == 0.0);
        assert_true(silbe_softdtw_min(minimum, 1.0, a, 3, q) == 2.0); /* one candidate: itself */
        assert_true(q[0] == 0.0 && q[1] == 1.0 && q[2] == 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_add_up),      cmocka_unit_test(test_transposition),
        cmocka_unit_test(test_extremes),           cmocka_unit_test(test_sparsemin_projects),
        cmocka_unit_test(test_minimum_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
