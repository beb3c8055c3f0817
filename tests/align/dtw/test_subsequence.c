/* Subsequence DTW: a pattern hidden several times in a long sequence. */
#include "tests/align/dtw/dtw_test.h"

enum { PATTERN = 40, TEXT = 1500, N_DIMS = 6, N_PLANTED = 3 };

static const size_t planted_at[N_PLANTED] = {200, 700, 1290};

/* Random frames; copies of x, the k-th with every frame held k + 1 times and a little noise. */
static void make_text(check_rng *rng, float *x, float *y)
{
    for (size_t i = 0; i < PATTERN * N_DIMS; i++) {
        x[i] = (float)check_uniform(rng);
    }
    for (size_t i = 0; i < TEXT * N_DIMS; i++) {
        y[i] = (float)check_uniform(rng);
    }
    for (size_t k = 0; k < N_PLANTED; k++) {
        for (size_t t = 0; t < PATTERN * (k + 1); t++) {
            for (size_t d = 0; d < N_DIMS; d++) {
                double noise = 0.01 * (double)k * (check_uniform(rng) - 0.5);
                y[(planted_at[k] + t) * N_DIMS + d] = x[t / (k + 1) * N_DIMS + d] + (float)noise;
            }
        }
    }
}

static void test_planted_patterns_are_found(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(31);
    float *x = dtw_alloc(sizeof(float) * PATTERN * N_DIMS);
    float *y = dtw_alloc(sizeof(float) * TEXT * N_DIMS);
    float *y_t = dtw_alloc(sizeof(float) * TEXT * N_DIMS);
    make_text(&rng, x, y);
    silbe_dtw_transpose(y, TEXT, N_DIMS, y_t);
    silbe_dtw_features features = {x, y_t, N_DIMS, TEXT};
    silbe_dtw_problem problem = {.n_rows = PATTERN,
                                 .n_cols = TEXT,
                                 .cost = silbe_dtw_squared_cost,
                                 .context = &features,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                 .start_free = true,
                                 .end_free = true};
    for (int round = 0; round < 2; round++) { /* back-pointers of all rows, then checkpoints */
        silbe_dtw_options options = {SILBE_KERNEL_AUTO, round == 0 ? 0 : 1};
        silbe_err err = SILBE_ERR_INIT;
        size_t bytes = 0;
        check_ok(silbe_dtw_scratch_size(&problem, &options, &bytes, &err), err);
        void *scratch = dtw_alloc(bytes);
        silbe_path_point path[PATTERN + TEXT];
        silbe_dtw *dtw = NULL;
        check_ok(silbe_dtw_forward(&problem, &options, scratch, bytes, &dtw, &err), err);
        size_t ends[10];
        size_t n_ends = silbe_dtw_pick_ends(silbe_dtw_last_row(dtw), TEXT, 30, 1.0, ends, 10);
        assert_int_equal(n_ends, N_PLANTED);
        for (size_t k = 0; k < N_PLANTED; k++) { /* best first: the less noise the better */
            silbe_dtw_result result;
            check_ok(silbe_dtw_trace(dtw, ends[k], path, PATTERN + TEXT, &result, &err), err);
            check_close(result.cost, silbe_dtw_last_row(dtw)[ends[k]], 0.0);
            assert_int_equal(path[0].n, 0);
            assert_in_range(path[0].m, planted_at[k], planted_at[k] + k);
            silbe_path_point last = path[result.path_length - 1];
            assert_int_equal(last.n, PATTERN - 1);
            assert_int_equal(last.m, ends[k]);
            size_t end = planted_at[k] + PATTERN * (k + 1);
            assert_in_range(last.m, end - 1 - k, end - 1);
        }
        silbe_dtw_result result;
        check_ok(
            silbe_dtw_run(&problem, &options, scratch, bytes, path, PATTERN + TEXT, &result, &err),
            err);
        assert_int_equal(path[result.path_length - 1].m, ends[0]);
        free(scratch);
    }
    free(x);
    free(y);
    free(y_t);
}

static void test_pick_ends(void **state)
{
    (void)state;
    const double row[] = {5, 1, 1, 4, INFINITY, 0.5, 3, 2, 9, 1};
    size_t ends[4] = {0};
    assert_int_equal(silbe_dtw_pick_ends(row, 10, 1, 100.0, ends, 4), 4);
    assert_int_equal(ends[0], 5);
    assert_int_equal(ends[1], 1); /* tie with 2 and 9: the lowest */
    assert_int_equal(ends[2], 9);
    assert_int_equal(ends[3], 7);
    assert_int_equal(silbe_dtw_pick_ends(row, 10, 0, 1.0, ends, 4), 4); /* 5 1 2 9 */
    assert_int_equal(ends[2], 2);
    assert_int_equal(silbe_dtw_pick_ends(row, 10, 20, 100.0, ends, 4), 1);
    assert_int_equal(silbe_dtw_pick_ends(row, 10, 1, 0.1, ends, 4), 0);
    assert_int_equal(silbe_dtw_pick_ends(row, 0, 1, 0.1, ends, 4), 0);
}

/* With a single row every column is a start and an end. */
static void test_single_row(void **state)
{
    (void)state;
    const float cost[] = {3, 2, 7, 2, 5};
    silbe_dtw_dense dense = {cost, 5};
    silbe_dtw_problem problem = {.n_rows = 1,
                                 .n_cols = 5,
                                 .cost = silbe_dtw_dense_cost,
                                 .context = &dense,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                 .start_free = true,
                                 .end_free = true};
    dtw_answer a = dtw_fast(&problem, NULL);
    check_ok(a.status, a.err);
    assert_int_equal(a.result.path_length, 1);
    assert_int_equal(a.path[0].m, 1);
    check_close(a.result.cost, 2.0, 0.0);
    dtw_answer_free(&a);
    problem.start_free = false; /* from (0, 0): longer can only be dearer here */
    a = dtw_fast(&problem, NULL);
    check_ok(a.status, a.err);
    assert_int_equal(a.result.path_length, 1);
    check_close(a.result.cost, 3.0, 0.0);
    dtw_answer_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_patterns_are_found),
        cmocka_unit_test(test_pick_ends),
        cmocka_unit_test(test_single_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
