/* DTW against enumeration, against the readable reference, and against itself. */
#include "tests/align/dtw/dtw_test.h"

enum { MAX_SIDE = 90 };

typedef struct {
    float cost[MAX_SIDE * MAX_SIDE];
    size_t lo[MAX_SIDE];
    size_t hi[MAX_SIDE];
    silbe_dtw_dense dense;
    silbe_dtw_problem problem;
} small_problem;

static void random_band(check_rng *rng, small_problem *p)
{
    size_t n_rows = p->problem.n_rows;
    size_t n_cols = p->problem.n_cols;
    bool wild = dtw_below(rng, 2) == 0;
    for (size_t n = 0; n < n_rows; n++) {
        size_t middle = n * n_cols / n_rows;
        size_t left = dtw_below(rng, n_cols / 2 + 2);
        size_t right = 1 + dtw_below(rng, n_cols / 2 + 2);
        middle = wild ? dtw_below(rng, n_cols) : middle;
        p->lo[n] = middle > left ? middle - left : 0;
        p->hi[n] = middle + right < n_cols ? middle + right : n_cols;
    }
    p->problem.lo = p->lo;
    p->problem.hi = p->hi;
}

static void random_problem(check_rng *rng, small_problem *p, size_t max_side)
{
    size_t n_rows = 1 + dtw_below(rng, max_side);
    size_t n_cols = 1 + dtw_below(rng, max_side);
    dtw_random_costs(rng, 2 + dtw_below(rng, 4), dtw_below(rng, 4) == 0, p->cost, n_rows * n_cols);
    p->dense = (silbe_dtw_dense){p->cost, n_cols};
    p->problem = (silbe_dtw_problem){.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &p->dense,
                                     .steps = dtw_random_steps(rng),
                                     .start_free = dtw_below(rng, 4) == 0,
                                     .end_free = dtw_below(rng, 4) == 0};
    if (dtw_below(rng, 3) == 0) {
        random_band(rng, p);
    }
}

/* All paths. */

static double cheapest(const small_problem *p, size_t n, size_t m)
{
    const silbe_dtw_problem *q = &p->problem;
    if (n == 0 && (m == 0 || q->start_free)) {
        return (double)p->cost[m];
    }
    double best = INFINITY;
    for (size_t k = 0; k < q->steps.n_steps; k++) {
        int dn = q->steps.steps[k].dn;
        int dm = q->steps.steps[k].dm;
        if ((size_t)dn > n || (size_t)dm > m) {
            continue;
        }
        double sum = (double)p->cost[n * q->n_cols + m];
        int longest = dn > dm ? dn : dm;
        for (int i = 1; q->steps.add_skipped && i < longest; i++) {
            sum += (double)p->cost[(n - (size_t)(i * dn / longest)) * q->n_cols + m -
                                   (size_t)(i * dm / longest)];
        }
        double value = cheapest(p, n - (size_t)dn, m - (size_t)dm) +
                       (q->steps.steps[k].weight * sum + q->steps.steps[k].penalty);
        best = value < best ? value : best;
    }
    return best;
}

static void test_all_paths_of_tiny_matrices(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(11);
    small_problem *p = dtw_alloc(sizeof *p);
    for (int round = 0; round < 2000; round++) {
        random_problem(&rng, p, 5);
        p->problem.lo = p->problem.hi = NULL;
        p->problem.end_free = false;
        double want = cheapest(p, p->problem.n_rows - 1, p->problem.n_cols - 1);
        dtw_answer got = dtw_fast(&p->problem, NULL);
        if (want < INFINITY) {
            check_ok(got.status, got.err);
            check_close(got.result.cost, want, 0.0);
        } else {
            assert_int_equal(got.status, SILBE_ERR_INFEASIBLE);
        }
        dtw_answer_free(&got);
    }
    free(p);
}

/* Worked example. */

static void test_worked_example(void **state)
{
    (void)state;
    /* The example of libfmp's notebook C3S2_DTWbasic (after FMP, section 3.2.1): X = (1,3,9,2,1), Y
     * = (2,0,0,8,7,2), C = |x - y|. D(5,6) = 9 and this path (there with indices from 1). */
    static const float x[] = {1, 3, 9, 2, 1};
    static const float y[] = {2, 0, 0, 8, 7, 2};
    static const silbe_path_point want[] = {{0, 0}, {0, 1}, {1, 2}, {2, 3}, {2, 4}, {3, 5}, {4, 5}};
    silbe_dtw_features features = {x, y, 1, 6};
    silbe_dtw_problem problem = {.n_rows = 5,
                                 .n_cols = 6,
                                 .cost = silbe_dtw_manhattan_cost,
                                 .context = &features,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0)};
    dtw_answer got = dtw_fast(&problem, NULL);
    dtw_answer slow = dtw_slow(&problem);
    check_ok(got.status, got.err);
    assert_true(dtw_same(&got, &slow));
    check_close(got.result.cost, 9.0, 0.0);
    assert_int_equal(got.result.path_length, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(got.path[i].n, want[i].n);
        assert_int_equal(got.path[i].m, want[i].m);
    }
    dtw_answer_free(&got);
    dtw_answer_free(&slow);
}

/* Fast forms against the reference. */

static bool is_classical(const silbe_path_steps *s)
{
    return s->n_steps == 3 && s->steps[0].dn == 1 && s->steps[0].dm == 1 && s->steps[1].dn == 1 &&
           s->steps[1].dm == 0 && s->steps[2].dn == 0 && s->steps[2].dm == 1;
}

static void test_integer_ties_equal_reference(void **state)
{
    (void)state;
    static const size_t budgets[] = {1, 1, 400, 3000, 0};
    check_rng rng = check_rng_new(12);
    small_problem *p = dtw_alloc(sizeof *p);
    size_t n_feasible = 0;
    size_t n_touching = 0;
    for (int round = 0; round < 10000; round++) {
        random_problem(&rng, p, round % 10 == 0 ? MAX_SIDE : 40);
        silbe_dtw_options options = {SILBE_KERNEL_AUTO, budgets[dtw_below(&rng, 5)]};
        dtw_answer slow = dtw_slow(&p->problem);
        dtw_answer fast = dtw_fast(&p->problem, &options);
        if (!dtw_same(&slow, &fast)) {
            fail_msg("round %d: %zu x %zu, budget %zu", round, p->problem.n_rows, p->problem.n_cols,
                     options.max_bytes);
        }
        n_feasible += slow.status == SILBE_OK;
        n_touching += slow.status == SILBE_OK && slow.result.n_edge_cells > 0;
        dtw_answer_free(&slow);
        dtw_answer_free(&fast);
    }
    print_message("%zu of 10000 have a path, %zu touch a band\n", n_feasible, n_touching);
    assert_true(n_feasible > 5000);
    assert_true(n_touching > 500);
    free(p);
}

static void test_all_kernels_agree(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(13);
    small_problem *p = dtw_alloc(sizeof *p);
    bool ran[SILBE_N_KERNELS] = {false};
    for (int round = 0; round < 1500; round++) {
        random_problem(&rng, p, MAX_SIDE);
        if (round % 2 == 0) { /* real numbers as well as ties */
            for (size_t i = 0; i < p->problem.n_rows * p->problem.n_cols; i++) {
                p->cost[i] = (float)check_uniform(&rng);
            }
        }
        dtw_answer slow = dtw_slow(&p->problem);
        for (int k = SILBE_KERNEL_ROWS; k < SILBE_N_KERNELS; k++) {
            silbe_dtw_options options = {(silbe_kernel)k, round % 3 == 0 ? 1 : 0};
            dtw_answer fast = dtw_fast(&p->problem, &options);
            if (fast.status == SILBE_ERR_ARGUMENT) { /* not on this processor or for these steps */
                assert_true(k != SILBE_KERNEL_ROWS);
                assert_true(k != SILBE_KERNEL_PORTABLE || !is_classical(&p->problem.steps));
            } else {
                ran[k] = true;
                assert_true(dtw_same(&slow, &fast));
            }
            dtw_answer_free(&fast);
        }
        dtw_answer_free(&slow);
    }
    for (int k = SILBE_KERNEL_ROWS; k < SILBE_N_KERNELS; k++) {
        print_message("kernel %d %s\n", k, ran[k] ? "compared" : "does not run here");
    }
    assert_true(ran[SILBE_KERNEL_ROWS] && ran[SILBE_KERNEL_PORTABLE]);
    free(p);
}

/* Wider than a segment of 512 columns, higher than several blocks. */
static void test_large_matrices_equal_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(14);
    enum { ROWS = 700, COLS = 1300 };
    float *cost = dtw_alloc(sizeof(float) * ROWS * COLS);
    static const size_t budgets[] = {1, 60000, 0};
    for (int round = 0; round < 9; round++) {
        size_t n_rows = ROWS - dtw_below(&rng, 40);
        size_t n_cols = COLS - dtw_below(&rng, 600);
        dtw_random_costs(&rng, 4, round % 2 == 0, cost, n_rows * n_cols);
        silbe_dtw_dense dense = {cost, n_cols};
        silbe_dtw_problem problem = {.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &dense,
                                     .steps = round < 5 ? silbe_path_steps_classical(2.0, 1.0, 1.0)
                                                        : dtw_random_steps(&rng),
                                     .end_free = true,
                                     .start_free = round % 3 == 0};
        silbe_dtw_options options = {SILBE_KERNEL_AUTO, budgets[round % 3]};
        dtw_answer slow = dtw_slow(&problem);
        dtw_answer fast = dtw_fast(&problem, &options);
        assert_true(dtw_same(&slow, &fast));
        dtw_answer_free(&slow);
        dtw_answer_free(&fast);
    }
    free(cost);
}

/* Properties. */

/* Cost of a path by the definition, in the order of the recursion, so exactly the value. */
static double cost_of_path(const small_problem *p, const dtw_answer *a)
{
    const silbe_dtw_problem *q = &p->problem;
    double sum = (double)p->cost[a->path[0].n * q->n_cols + a->path[0].m];
    for (size_t i = 1; i < a->result.path_length; i++) {
        silbe_path_point to = a->path[i];
        int dn = (int)(to.n - a->path[i - 1].n);
        int dm = (int)(to.m - a->path[i - 1].m);
        int longest = dn > dm ? dn : dm;
        double best = INFINITY; /* a step may be listed twice, with other weights */
        for (size_t k = 0; k < q->steps.n_steps; k++) {
            const silbe_path_step *s = &q->steps.steps[k];
            if (s->dn != dn || s->dm != dm) {
                continue;
            }
            double cells = (double)p->cost[to.n * q->n_cols + to.m];
            for (int j = 1; q->steps.add_skipped && j < longest; j++) {
                cells += (double)p->cost[(to.n - (size_t)(j * dn / longest)) * q->n_cols + to.m -
                                         (size_t)(j * dm / longest)];
            }
            double value = s->weight * cells + s->penalty;
            best = value < best ? value : best;
        }
        sum += best;
    }
    return sum;
}

static void test_path_is_legal_and_costs_the_value(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(15);
    small_problem *p = dtw_alloc(sizeof *p);
    for (int round = 0; round < 2000; round++) {
        random_problem(&rng, p, 50);
        dtw_answer got = dtw_fast(&p->problem, NULL);
        if (got.status == SILBE_OK) {
            silbe_path_rules rules = {&p->problem.steps, !p->problem.start_free,
                                      !p->problem.end_free};
            check_ok(silbe_path_check(got.path, got.result.path_length, p->problem.n_rows,
                                      p->problem.n_cols, &rules, &got.err),
                     got.err);
            check_close(cost_of_path(p, &got), got.result.cost, 1e-9);
        }
        dtw_answer_free(&got);
    }
    free(p);
}

static void test_transposed_problem_gives_transposed_path(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(16);
    small_problem *p = dtw_alloc(sizeof *p);
    small_problem *q = dtw_alloc(sizeof *q);
    for (int round = 0; round < 1000; round++) {
        random_problem(&rng, p, 40);
        p->problem.lo = p->problem.hi = NULL;
        p->problem.start_free = p->problem.end_free = false;
        /* Skipped cells of odd steps such as (2,3) are mirrored exactly, too: floor on both sides.
         */
        q->problem = p->problem;
        q->problem.n_rows = p->problem.n_cols;
        q->problem.n_cols = p->problem.n_rows;
        q->problem.steps = silbe_path_steps_transposed(&p->problem.steps);
        q->dense = (silbe_dtw_dense){q->cost, q->problem.n_cols};
        q->problem.context = &q->dense;
        for (size_t n = 0; n < p->problem.n_rows; n++) {
            for (size_t m = 0; m < p->problem.n_cols; m++) {
                q->cost[m * q->problem.n_cols + n] = p->cost[n * p->problem.n_cols + m];
            }
        }
        dtw_answer a = dtw_fast(&p->problem, NULL);
        dtw_answer b = dtw_fast(&q->problem, NULL);
        if (a.status == SILBE_OK && b.status == SILBE_OK) {
            silbe_path_invert(b.path, b.result.path_length);
        }
        assert_true(dtw_same(&a, &b));
        dtw_answer_free(&a);
        dtw_answer_free(&b);
    }
    free(p);
    free(q);
}

static void test_inputs_are_not_written(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(17);
    small_problem *p = dtw_alloc(sizeof *p);
    small_problem *copy = dtw_alloc(sizeof *copy);
    memset(p, 0, sizeof *p);
    random_problem(&rng, p, 60);
    random_band(&rng, p);
    memcpy(copy, p, sizeof *p);
    dtw_answer a = dtw_fast(&p->problem, NULL);
    assert_memory_equal(p, copy, sizeof *p);
    dtw_answer_free(&a);
    free(p);
    free(copy);
}

static void test_value_alone_needs_no_path(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(18);
    small_problem *p = dtw_alloc(sizeof *p);
    for (int round = 0; round < 200; round++) {
        random_problem(&rng, p, 60);
        dtw_answer a = dtw_fast(&p->problem, NULL);
        size_t bytes = 0;
        silbe_err err = SILBE_ERR_INIT;
        silbe_dtw_result result;
        check_ok(silbe_dtw_scratch_size(&p->problem, NULL, &bytes, &err), err);
        void *scratch = dtw_alloc(bytes);
        silbe_status status =
            silbe_dtw_run(&p->problem, NULL, scratch, bytes, NULL, 0, &result, &err);
        assert_int_equal(status, a.status);
        if (status == SILBE_OK) {
            check_close(result.cost, a.result.cost, 0.0);
            assert_int_equal(result.path_length, 0);
        }
        free(scratch);
        dtw_answer_free(&a);
    }
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_paths_of_tiny_matrices),
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_integer_ties_equal_reference),
        cmocka_unit_test(test_all_kernels_agree),
        cmocka_unit_test(test_large_matrices_equal_reference),
        cmocka_unit_test(test_path_is_legal_and_costs_the_value),
        cmocka_unit_test(test_transposed_problem_gives_transposed_path),
        cmocka_unit_test(test_inputs_are_not_written),
        cmocka_unit_test(test_value_alone_needs_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
