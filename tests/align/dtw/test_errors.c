/* Bad input to DTW: an error that names what is wrong, never a crash, never a cost of 0. */
#include "tests/align/dtw/dtw_test.h"

enum { N = 20, M = 30 };

typedef struct {
    float cost[N * M];
    silbe_dtw_dense dense;
    silbe_dtw_problem problem;
} fixture;

static void set_up(fixture *f)
{
    for (size_t i = 0; i < N * M; i++) {
        f->cost[i] = 1.0f;
    }
    f->dense = (silbe_dtw_dense){f->cost, M};
    f->problem = (silbe_dtw_problem){.n_rows = N,
                                     .n_cols = M,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &f->dense,
                                     .steps = silbe_path_steps_classical(1.0, 1.0, 1.0)};
}

/* Fast form and reference must refuse with this status and these words. */
static void expect(const fixture *f, silbe_status status, const char *words)
{
    dtw_answer fast = dtw_fast(&f->problem, NULL);
    dtw_answer slow = dtw_slow(&f->problem);
    if (fast.status != status || strstr(fast.err.message, words) == NULL) {
        fail_msg("status %d, message: %s", (int)fast.status, fast.err.message);
    }
    assert_int_equal(slow.status, status);
    dtw_answer_free(&fast);
    dtw_answer_free(&slow);
}

static void test_sizes(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.problem.n_rows = 0;
    expect(&f, SILBE_ERR_ARGUMENT, "0 rows and 30 columns");
    set_up(&f);
    f.problem.n_cols = 0;
    expect(&f, SILBE_ERR_ARGUMENT, "at least one frame");
    set_up(&f);
    f.problem.n_cols = SIZE_MAX;
    expect(&f, SILBE_ERR_MEMORY, "overflow");
    set_up(&f);
    f.problem.n_rows = f.problem.n_cols = SIZE_MAX / 4;
    expect(&f, SILBE_ERR_MEMORY, "overflow");
    set_up(&f);
    f.problem.n_rows = 1; /* one frame each is fine */
    f.problem.n_cols = 1;
    dtw_answer a = dtw_fast(&f.problem, NULL);
    check_ok(a.status, a.err);
    assert_int_equal(a.result.path_length, 1);
    check_close(a.result.cost, 1.0, 0.0);
    dtw_answer_free(&a);
}

static void test_costs(void **state)
{
    (void)state;
    fixture f;
    for (int k = 0; k < 2; k++) {
        set_up(&f);
        f.cost[17 * M + 23] = k == 0 ? NAN : -INFINITY;
        expect(&f, SILBE_ERR_DATA, "(17, 23)");
        expect(&f, SILBE_ERR_DATA, k == 0 ? "is NaN" : "is -INFINITY");
        f.problem.steps = silbe_path_steps_monotonic(true);
        expect(&f, SILBE_ERR_DATA, "(17, 23)");
    }
    set_up(&f);
    f.cost[0] = NAN; /* in the first row, which the strips treat by themselves */
    expect(&f, SILBE_ERR_DATA, "(0, 0)");
    set_up(&f);
    for (size_t i = 0; i < N * M; i++) {
        f.cost[i] = INFINITY;
    }
    expect(&f, SILBE_ERR_INFEASIBLE, "finite cost");
    set_up(&f);
    for (size_t m = 0; m < M; m++) {
        f.cost[9 * M + m] = INFINITY; /* a wall */
    }
    expect(&f, SILBE_ERR_INFEASIBLE, "rows 1 to 16");
    set_up(&f);
    f.cost[N * M - 1] = INFINITY;
    expect(&f, SILBE_ERR_INFEASIBLE, "(19, 29)");
    set_up(&f);
    f.cost[5 * M + 5] = INFINITY; /* a single forbidden cell is gone round */
    dtw_answer a = dtw_fast(&f.problem, NULL);
    check_ok(a.status, a.err);
    check_close(a.result.cost, 30.0, 0.0);
    for (size_t i = 0; i < a.result.path_length; i++) {
        assert_false(a.path[i].n == 5 && a.path[i].m == 5);
    }
    dtw_answer_free(&a);
}

static void test_steps(void **state)
{
    (void)state;
    static const double bad_weights[] = {0.0, -1.0, NAN, INFINITY, 1e31};
    fixture f;
    for (size_t i = 0; i < 5; i++) {
        set_up(&f);
        f.problem.steps.steps[1].weight = bad_weights[i];
        expect(&f, SILBE_ERR_ARGUMENT, "step 1 (1, 0): weight");
    }
    set_up(&f);
    f.problem.steps.steps[2].penalty = NAN;
    expect(&f, SILBE_ERR_ARGUMENT, "step 2 (0, 1): penalty");
    set_up(&f);
    f.problem.steps.steps[0] = (silbe_path_step){0, 0, 1.0, 0.0};
    expect(&f, SILBE_ERR_ARGUMENT, "(0, 0)");
    set_up(&f);
    f.problem.steps.steps[0].dn = -1;
    expect(&f, SILBE_ERR_ARGUMENT, "step 0: (-1, 1)");
    set_up(&f);
    f.problem.steps.steps[0].dm = SILBE_PATH_MAX_STEP_SIZE + 1;
    expect(&f, SILBE_ERR_ARGUMENT, "step 0: (1, 9)");
    set_up(&f);
    f.problem.steps.n_steps = 0;
    expect(&f, SILBE_ERR_ARGUMENT, "n_steps");
    f.problem.steps.n_steps = SILBE_PATH_MAX_STEPS + 1;
    expect(&f, SILBE_ERR_ARGUMENT, "n_steps");
    /* Slope at most 2: 10 rows cannot reach 30 columns. */
    set_up(&f);
    f.problem.n_rows = 10;
    f.problem.steps = silbe_path_steps_monotonic(false);
    expect(&f, SILBE_ERR_INFEASIBLE, "(9, 29)");
}

static void test_arguments(void **state)
{
    (void)state;
    fixture f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_dtw_result result;
    silbe_path_point path[N + M];
    size_t bytes = 0;
    set_up(&f);
    check_ok(silbe_dtw_scratch_size(&f.problem, NULL, &bytes, &err), err);
    void *scratch = dtw_alloc(bytes);
    assert_int_equal(silbe_dtw_run(NULL, NULL, scratch, bytes, path, N + M, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_run(&f.problem, NULL, NULL, bytes, path, N + M, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(
        silbe_dtw_run(&f.problem, NULL, scratch, bytes - 1, path, N + M, &result, &err),
        SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "scratch should be"));
    assert_int_equal(silbe_dtw_run(&f.problem, NULL, scratch, bytes, path, M - 1, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "path"));
    assert_int_equal(silbe_dtw_run(&f.problem, NULL, scratch, bytes, path, N + M, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_run(&f.problem, NULL, scratch, bytes, NULL, 1, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_forward(&f.problem, NULL, scratch, bytes, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_scratch_size(&f.problem, NULL, NULL, &err), SILBE_ERR_ARGUMENT);
    silbe_dtw *dtw = NULL;
    check_ok(silbe_dtw_forward(&f.problem, NULL, scratch, bytes, &dtw, &err), err);
    assert_int_equal(silbe_dtw_trace(dtw, M, path, N + M, &result, &err), SILBE_ERR_ARGUMENT);
    silbe_dtw_options options = {(silbe_kernel)77, 0};
    assert_int_equal(silbe_dtw_scratch_size(&f.problem, &options, &bytes, &err),
                     SILBE_ERR_ARGUMENT);
    size_t lo[N] = {0};
    f.problem.lo = lo;
    expect(&f, SILBE_ERR_ARGUMENT, "only lo is given");
    set_up(&f);
    f.problem.cost = NULL;
    expect(&f, SILBE_ERR_ARGUMENT, "cost function");
    free(scratch);
}

static silbe_status failing_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                 float *cost, silbe_err *err)
{
    (void)context;
    for (size_t m = m_begin; m < m_end; m++) {
        cost[m - m_begin] = 0.0f;
    }
    return n == 7 ? silbe_fail(err, SILBE_ERR_MISMATCH, "row 7 is not there") : SILBE_OK;
}

static void test_failing_cost_function(void **state)
{
    (void)state;
    fixture f;
    set_up(&f);
    f.problem.cost = failing_cost;
    expect(&f, SILBE_ERR_MISMATCH, "row 7 is not there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_costs),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_failing_cost_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
