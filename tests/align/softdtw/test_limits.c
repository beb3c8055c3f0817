/* Definitions and limits: enumeration of all paths, finite differences, gamma to 0 and to infinity.
 */
#include "tests/align/softdtw/softdtw_test.h"

#include "align/dtw/dtw.h"
#include "align/softdtw/minimum.h"
#include "tests/align/dtw/reference.h"

/* ---- enumeration ---- */

typedef struct {
    const silbe_softdtw_problem *p;
    double cell_use[64]; /* weight with which each cell counts on the path in hand */
    double *sum_use;     /* shares of all paths */
    double lowest;       /* costs are taken relative to this */
    double total;
} walker;

static double cost_at(const silbe_softdtw_problem *p, size_t n, size_t m)
{
    bool inside = p->lo == NULL || (m >= p->lo[n] && m < p->hi[n]);
    return inside ? p->cost[n * p->n_cols + m] : (double)INFINITY;
}

/* All paths from (n, m) whose cost so far is `cost`; the definition, with no recursion over D. */
static void walk(walker *w, size_t n, size_t m, double cost)
{
    const silbe_softdtw_problem *p = w->p;
    if (cost == INFINITY) {
        return;
    }
    if (n == p->n_rows - 1 && (p->ends == NULL ? m == p->n_cols - 1 : p->ends[m] != 0)) {
        double share = exp(-(cost - w->lowest) / p->gamma);
        w->total += share;
        for (size_t i = 0; i < p->n_rows * p->n_cols; i++) {
            w->sum_use[i] += share * w->cell_use[i];
        }
    }
    for (size_t k = 0; k < p->steps.n_steps; k++) {
        const silbe_path_step *s = &p->steps.steps[k];
        size_t to_n = n + (size_t)s->dn;
        size_t to_m = m + (size_t)s->dm;
        if (to_n >= p->n_rows || to_m >= p->n_cols ||
            (to_n == 0 && (p->starts == NULL ? to_m == 0 : p->starts[to_m] != 0)) ||
            (p->column_steps != NULL && (p->column_steps[to_m] >> k & 1) == 0)) {
            continue;
        }
        int longest = s->dn > s->dm ? s->dn : s->dm;
        int n_counted = p->steps.add_skipped ? longest : 1;
        double sum = 0.0;
        for (int i = 0; i < n_counted; i++) {
            size_t cn = to_n - (size_t)(i * s->dn / longest);
            size_t cm = to_m - (size_t)(i * s->dm / longest);
            sum += cost_at(p, cn, cm);
            w->cell_use[cn * p->n_cols + cm] += s->weight;
        }
        walk(w, to_n, to_m, cost + s->weight * sum + s->penalty);
        for (int i = 0; i < n_counted; i++) {
            size_t cn = to_n - (size_t)(i * s->dn / longest);
            size_t cm = to_m - (size_t)(i * s->dm / longest);
            w->cell_use[cn * p->n_cols + cm] -= s->weight;
        }
    }
}

static void test_enumeration(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(41);
    size_t n_compared = 0;
    for (int i = 0; i < 1500; i++) {
        size_t n_rows = 1 + soft_below(&rng, 5);
        size_t n_cols = 1 + soft_below(&rng, 5);
        soft_case c = soft_random_case(&rng, n_rows, n_cols, i % 2 == 0);
        double use[64] = {0};
        walker w = {.p = &c.problem, .sum_use = use};
        c.problem.minimum = SILBE_SOFTDTW_SOFTMIN;
        c.problem.gamma = c.problem.gamma < 0.1 ? 0.1 : c.problem.gamma;
        for (size_t m = 0; m < n_cols; m++) {
            if (c.problem.starts == NULL ? m == 0 : c.problem.starts[m] != 0) {
                w.cell_use[m] = 1.0;
                walk(&w, 0, m, cost_at(&c.problem, 0, m));
                w.cell_use[m] = 0.0;
            }
        }
        soft_answer got = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        if (got.status == SILBE_ERR_ARGUMENT) { /* a random start outside the band */
            assert_true(c.problem.lo != NULL);
        } else if (w.total == 0.0) {
            assert_int_equal(got.status, SILBE_ERR_INFEASIBLE);
        } else {
            check_ok(got.status, got.err);
            check_close(got.result.value, -c.problem.gamma * log(w.total), 1e-9);
            for (size_t j = 0; j < n_rows * n_cols; j++) {
                check_close(got.e[j], use[j] / w.total, 1e-9);
            }
            n_compared++;
        }
        soft_free(&got);
        soft_case_free(&c);
    }
    print_message("%zu problems enumerated\n", n_compared);
    assert_true(n_compared > 700);
}

/* ---- finite differences ---- */

static double value_of(const silbe_softdtw_problem *p)
{
    soft_answer a = soft_run(p, SILBE_KERNEL_AUTO, SOFT_VALUE);
    check_ok(a.status, a.err);
    double value = a.result.value;
    soft_free(&a);
    return value;
}

static double slope(const silbe_softdtw_problem *p, double *x)
{
    const double h = 1e-5;
    double old = *x;
    *x = old + h;
    double up = value_of(p);
    *x = old - h;
    double down = value_of(p);
    *x = old;
    return (up - down) / (2.0 * h);
}

static void test_finite_differences(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(42);
    size_t n_compared = 0;
    for (int i = 0; i < 150; i++) {
        size_t n_rows = 1 + soft_below(&rng, 20);
        soft_case c = soft_random_case(&rng, n_rows, 1 + soft_below(&rng, 6), i % 2 == 0);
        c.problem.gamma = 0.7;
        c.problem.minimum = i % 4 == 1 ? SILBE_SOFTDTW_SPARSEMIN : SILBE_SOFTDTW_SOFTMIN;
        /* sparsemin is once differentiable: its central differences are off by about h */
        double tolerance = i % 4 == 1 ? 1e-4 : 1e-7;
        soft_answer got = soft_run(&c.problem, SILBE_KERNEL_AUTO, i % 2 ? SOFT_ALL : SOFT_E);
        for (int j = 0; got.status == SILBE_OK && j < 10; j++) {
            size_t cell = soft_below(&rng, n_rows * c.problem.n_cols);
            if (c.cost[cell] < INFINITY) {
                check_close(got.e[cell], slope(&c.problem, &c.cost[cell]), tolerance);
                n_compared++;
            }
        }
        for (size_t k = 0; got.status == SILBE_OK && i % 2 && k < c.problem.steps.n_steps; k++) {
            silbe_path_step *s = &c.problem.steps.steps[k];
            check_close(got.weights[k], slope(&c.problem, &s->weight), 10.0 * tolerance);
            check_close(got.penalties[k], slope(&c.problem, &s->penalty), 10.0 * tolerance);
        }
        soft_free(&got);
        soft_case_free(&c);
    }
    assert_true(n_compared > 400);
}

/* ---- gamma to 0 is DTW ---- */

static void test_hard_is_dtw(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(43);
    for (int i = 0; i < 1500; i++) {
        size_t n_rows = 1 + soft_below(&rng, 12);
        size_t n_cols = 1 + soft_below(&rng, 12);
        float cost[144];
        unsigned char all[12];
        memset(all, 1, sizeof all);
        for (size_t j = 0; j < n_rows * n_cols; j++) { /* small integers: many ties */
            cost[j] = soft_below(&rng, 15) == 0 ? INFINITY : (float)soft_below(&rng, 4);
        }
        silbe_dtw_dense dense = {cost, n_cols};
        bool sub = i % 3 == 0;
        silbe_dtw_problem dtw = {.n_rows = n_rows,
                                 .n_cols = n_cols,
                                 .cost = silbe_dtw_dense_cost,
                                 .context = &dense,
                                 .steps = soft_random_steps(&rng, i % 2 == 0),
                                 .start_free = sub,
                                 .end_free = sub};
        silbe_softdtw_problem soft = {.n_rows = n_rows,
                                      .n_cols = n_cols,
                                      .cost_float = cost,
                                      .steps = dtw.steps,
                                      .starts = sub ? all : NULL,
                                      .ends = sub ? all : NULL,
                                      .minimum = SILBE_SOFTDTW_HARD};
        silbe_err err = SILBE_ERR_INIT;
        size_t bytes = 0;
        silbe_path_point path[24];
        silbe_dtw_result want;
        check_ok(silbe_dtw_reference_size(&dtw, &bytes, &err), err);
        void *scratch = soft_alloc(bytes);
        silbe_status status = silbe_dtw_reference(&dtw, scratch, bytes, path, 24, &want, &err);
        free(scratch);
        soft_answer got = soft_run(&soft, SILBE_KERNEL_AUTO, SOFT_ALL);
        assert_int_equal(got.status, status);
        if (status == SILBE_OK) {
            assert_true(got.result.value == want.cost);
            double n_steps = 0.0;
            for (size_t k = 0; k < soft.steps.n_steps; k++) {
                n_steps += got.penalties[k];
            }
            assert_true(n_steps == (double)(want.path_length - 1));
            for (size_t j = 0; j < n_rows * n_cols; j++) {
                bool on_path = false;
                for (size_t x = 0; x < want.path_length; x++) {
                    on_path = on_path || path[x].n * n_cols + path[x].m == j;
                }
                assert_true(soft.steps.add_skipped || (got.e[j] != 0.0) == on_path);
            }
        }
        soft_free(&got);
    }
}

static void test_cold_goes_to_dtw(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(44);
    for (int i = 0; i < 200; i++) {
        soft_case c =
            soft_random_case(&rng, 2 + soft_below(&rng, 40), 1 + soft_below(&rng, 40), i % 2);
        c.problem.minimum = SILBE_SOFTDTW_HARD;
        soft_answer want = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        for (int minimum = 0; minimum < 2; minimum++) {
            c.problem.minimum = (silbe_softdtw_minimum)minimum;
            c.problem.gamma = 1e-9;
            soft_answer got = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
            /* random real costs: ties to within 1e-7 would be an accident */
            assert_true(soft_same(&c.problem, &got, &want, SOFT_E, 1e-6));
            soft_free(&got);
        }
        soft_free(&want);
        soft_case_free(&c);
    }
}

/* gamma to infinity: all paths alike, so E counts them; with steps (1,1), (1,0), (0,1) on 3 x 3
 * there are 13 (Delannoy), 9 of them through the middle. */
static void test_hot_counts_paths(void **state)
{
    (void)state;
    double cost[9] = {0.3, 0.1, 0.9, 0.4, 0.2, 0.8, 0.5, 0.7, 0.6};
    silbe_softdtw_problem p = {.n_rows = 3,
                               .n_cols = 3,
                               .cost = cost,
                               .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                               .gamma = 1e9};
    for (int k = SILBE_KERNEL_AUTO; k <= SILBE_KERNEL_PORTABLE; k++) {
        soft_answer a = soft_run(&p, (silbe_kernel)k, SOFT_E);
        check_ok(a.status, a.err);
        check_close(a.result.value / 1e9, -log(13.0), 1e-8);
        check_close(a.e[0], 1.0, 1e-8);
        check_close(a.e[4], 9.0 / 13.0, 1e-8);
        check_close(a.e[8], 1.0, 1e-8);
        soft_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enumeration),      cmocka_unit_test(test_finite_differences),
        cmocka_unit_test(test_hard_is_dtw),      cmocka_unit_test(test_cold_goes_to_dtw),
        cmocka_unit_test(test_hot_counts_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
