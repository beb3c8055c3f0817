/* Bands: what they contain, what happens at their edges, and what DTW inside them costs. */
#include "align/dtw/band.h"
#include "tests/align/dtw/dtw_test.h"

enum { SIDE = 80 };

static void test_full_band_equals_no_band(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(21);
    float *cost = dtw_alloc(sizeof(float) * SIDE * SIDE);
    for (int round = 0; round < 500; round++) {
        size_t n_rows = 1 + dtw_below(&rng, SIDE);
        size_t n_cols = 1 + dtw_below(&rng, SIDE);
        size_t lo[SIDE] = {0};
        size_t hi[SIDE];
        for (size_t n = 0; n < n_rows; n++) {
            hi[n] = n_cols;
        }
        dtw_random_costs(&rng, 3, false, cost, n_rows * n_cols);
        silbe_dtw_dense dense = {cost, n_cols};
        silbe_dtw_problem problem = {.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &dense,
                                     .steps = dtw_random_steps(&rng)};
        dtw_answer a = dtw_fast(&problem, NULL);
        problem.lo = lo;
        problem.hi = hi;
        dtw_answer b = dtw_fast(&problem, NULL);
        assert_true(dtw_same(&a, &b));
        if (b.status == SILBE_OK) {
            assert_int_equal(b.result.n_edge_cells, 0);
        }
        dtw_answer_free(&a);
        dtw_answer_free(&b);
    }
    free(cost);
}

static void test_sakoe_chiba(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    size_t lo[SIDE];
    size_t hi[SIDE];
    /* 4 rows x 8 columns: the line gives two columns to each row; radius 1 adds one on each side.
     */
    check_ok(silbe_dtw_band_sakoe_chiba(4, 8, 1, lo, hi, &err), err);
    static const size_t want_lo[] = {0, 1, 3, 5};
    static const size_t want_hi[] = {3, 5, 7, 8};
    assert_memory_equal(lo, want_lo, sizeof want_lo);
    assert_memory_equal(hi, want_hi, sizeof want_hi);
    assert_int_equal(silbe_dtw_band_cells(lo, hi, 4), 3 + 4 + 4 + 3);

    /* Whatever the sides, radius 0 leaves a path of classical steps. */
    check_rng rng = check_rng_new(22);
    for (int round = 0; round < 300; round++) {
        size_t n_rows = 1 + dtw_below(&rng, SIDE);
        size_t n_cols = 1 + dtw_below(&rng, SIDE);
        static const float zeros[SIDE * SIDE];
        silbe_dtw_dense dense = {zeros, n_cols};
        check_ok(silbe_dtw_band_sakoe_chiba(n_rows, n_cols, 0, lo, hi, &err), err);
        silbe_dtw_problem problem = {.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &dense,
                                     .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                     .lo = lo,
                                     .hi = hi};
        dtw_answer a = dtw_fast(&problem, NULL);
        check_ok(a.status, a.err);
        dtw_answer_free(&a);
    }
    assert_int_equal(silbe_dtw_band_sakoe_chiba(0, 3, 0, lo, hi, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_band_sakoe_chiba(SIZE_MAX / 2, 3, 0, lo, hi, &err),
                     SILBE_ERR_MEMORY);
}

/* The definition of silbe_dtw_band_from_path, cell by cell. */
static void brute_band(const silbe_path_point *path, size_t length, size_t fn, size_t fm,
                       size_t rows, size_t cols, size_t n_rows, size_t n_cols, unsigned char *in)
{
    memset(in, 0, n_rows * n_cols);
    for (size_t i = 0; i < length; i++) {
        silbe_path_point b = i + 1 < length ? path[i + 1] : path[i];
        for (size_t n = 0; n < n_rows; n++) {
            for (size_t m = 0; m < n_cols; m++) {
                bool row_in = n + rows >= path[i].n * fn && n < (b.n + 1) * fn + rows;
                bool col_in = m + cols >= path[i].m * fm && m < (b.m + 1) * fm + cols;
                in[n * n_cols + m] |= row_in && col_in;
            }
        }
    }
}

static void test_band_from_path(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(23);
    unsigned char *in = dtw_alloc((size_t)SIDE * SIDE);
    for (int round = 0; round < 300; round++) {
        silbe_path_point path[40];
        silbe_err err = SILBE_ERR_INIT;
        size_t fn = 1 + dtw_below(&rng, 3);
        size_t fm = 1 + dtw_below(&rng, 3);
        size_t rows = dtw_below(&rng, 4);
        size_t cols = dtw_below(&rng, 4);
        size_t length = 1;
        path[0] = (silbe_path_point){0, 0};
        while (length < 1 + (size_t)round % 20) {
            path[length] = (silbe_path_point){path[length - 1].n + dtw_below(&rng, 3),
                                              path[length - 1].m + dtw_below(&rng, 3)};
            length++;
        }
        size_t n_rows = (path[length - 1].n + 1) * fn;
        size_t n_cols = (path[length - 1].m + 1) * fm;
        if (n_rows > SIDE || n_cols > SIDE) {
            continue;
        }
        size_t lo[SIDE];
        size_t hi[SIDE];
        check_ok(silbe_dtw_band_from_path(path, length, fn, fm, rows, cols, n_rows, n_cols, lo, hi,
                                          &err),
                 err);
        brute_band(path, length, fn, fm, rows, cols, n_rows, n_cols, in);
        for (size_t n = 0; n < n_rows; n++) {
            for (size_t m = 0; m < n_cols; m++) {
                assert_int_equal(in[n * n_cols + m], m >= lo[n] && m < hi[n]);
            }
        }
    }
    free(in);
}

static void test_band_from_path_refuses(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    size_t lo[4];
    size_t hi[4];
    const silbe_path_point outside[] = {{0, 0}, {4, 1}};
    const silbe_path_point back[] = {{2, 1}, {1, 2}};
    assert_int_equal(silbe_dtw_band_from_path(outside, 2, 1, 1, 0, 0, 4, 4, lo, hi, &err),
                     SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "cell 1 (4, 1)"));
    assert_int_equal(silbe_dtw_band_from_path(back, 2, 1, 1, 0, 0, 4, 4, lo, hi, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_band_from_path(back, 0, 1, 1, 0, 0, 4, 4, lo, hi, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_band_from_path(back, 1, SIZE_MAX, 1, 0, 0, 4, 4, lo, hi, &err),
                     SILBE_ERR_ARGUMENT);
}

/* A cheap path bulges away from the diagonal: a narrow band is touched, a wide one is not. */
static void test_edge_is_reported(void **state)
{
    (void)state;
    float cost[SIDE * SIDE];
    size_t lo[SIDE];
    size_t hi[SIDE];
    silbe_err err = SILBE_ERR_INIT;
    for (size_t n = 0; n < SIDE; n++) {
        for (size_t m = 0; m < SIDE; m++) {
            double bulge = (double)n + 12.0 * sin(3.14159 * (double)n / (SIDE - 1));
            cost[n * SIDE + m] = (float)fabs((double)m - bulge);
        }
    }
    silbe_dtw_dense dense = {cost, SIDE};
    silbe_dtw_problem problem = {.n_rows = SIDE,
                                 .n_cols = SIDE,
                                 .cost = silbe_dtw_dense_cost,
                                 .context = &dense,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0)};
    dtw_answer full = dtw_fast(&problem, NULL);
    problem.lo = lo;
    problem.hi = hi;
    for (size_t radius = 4; radius <= 20; radius += 8) {
        check_ok(silbe_dtw_band_sakoe_chiba(SIDE, SIDE, radius, lo, hi, &err), err);
        dtw_answer banded = dtw_fast(&problem, NULL);
        check_ok(banded.status, banded.err);
        if (radius < 12) {
            assert_true(banded.result.n_edge_cells > 10);
            assert_true(banded.result.cost > full.result.cost);
            size_t n = banded.result.first_edge_row;
            assert_true(n > 2 && n < 20);
        } else if (radius > 12) {
            assert_true(dtw_same(&banded, &full));
        }
        dtw_answer_free(&banded);
    }
    dtw_answer_free(&full);
}

static void test_torn_band_names_the_rows(void **state)
{
    (void)state;
    static const float zeros[60 * 60];
    size_t lo[60];
    size_t hi[60];
    for (size_t n = 0; n < 60; n++) { /* row 33 on: the window has jumped ahead by 6 columns */
        lo[n] = n < 33 ? 0 : 46;
        hi[n] = n < 33 ? 40 : 60;
    }
    silbe_dtw_dense dense = {zeros, 60};
    silbe_dtw_problem problem = {.n_rows = 60,
                                 .n_cols = 60,
                                 .cost = silbe_dtw_dense_cost,
                                 .context = &dense,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                 .lo = lo,
                                 .hi = hi};
    dtw_answer a = dtw_fast(&problem, NULL);
    assert_int_equal(a.status, SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(a.err.message, "rows 33 to 48")); /* the strip that holds row 33 */
    dtw_answer_free(&a);
    silbe_dtw_options by_row = {SILBE_KERNEL_ROWS, 0};
    a = dtw_fast(&problem, &by_row);
    assert_int_equal(a.status, SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(a.err.message, "rows 33 to 33"));
    dtw_answer_free(&a);

    hi[40] = lo[40]; /* an empty window is a mistake of the caller */
    a = dtw_fast(&problem, NULL);
    assert_int_equal(a.status, SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(a.err.message, "row 40"));
    dtw_answer_free(&a);
}

static void test_memory_is_linear(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_dtw_problem problem = {.n_rows = 20000,
                                 .n_cols = 20000,
                                 .cost = silbe_dtw_dense_cost,
                                 .steps = silbe_path_steps_classical(1.0, 1.0, 1.0)};
    check_ok(silbe_dtw_scratch_size(&problem, NULL, &bytes, &err), err);
    assert_true(bytes < 10000000);
    problem.n_rows = problem.n_cols = 450000;
    check_ok(silbe_dtw_scratch_size(&problem, NULL, &bytes, &err), err);
    print_message("450,000 x 450,000 without a band: %.1f MB\n", (double)bytes / 1e6);
    assert_true(bytes < 480ULL * 450000);
    size_t *lo = dtw_alloc(2 * problem.n_rows * sizeof *lo);
    size_t *hi = lo + problem.n_rows;
    check_ok(silbe_dtw_band_sakoe_chiba(450000, 450000, 1000, lo, hi, &err), err);
    problem.lo = lo;
    problem.hi = hi;
    check_ok(silbe_dtw_scratch_size(&problem, NULL, &bytes, &err), err);
    assert_true(bytes < 16000000);
    free(lo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_band_equals_no_band),
        cmocka_unit_test(test_sakoe_chiba),
        cmocka_unit_test(test_band_from_path),
        cmocka_unit_test(test_band_from_path_refuses),
        cmocka_unit_test(test_edge_is_reported),
        cmocka_unit_test(test_torn_band_names_the_rows),
        cmocka_unit_test(test_memory_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
