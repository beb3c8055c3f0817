/* The ready-made cost functions against their formulas. */
#include "align/dtw/cost.c" /* for the variants of each instruction set, which are static */
#include "tests/align/dtw/dtw_test.h"

enum { ROWS = 5, COLS = 203, MAX_DIMS = 13 };

static float formula(int kind, const float *x, const float *y, size_t n_dims)
{
    float sum = 0.0f;
    for (size_t d = 0; d < n_dims; d++) {
        float difference = x[d] - y[d];
        sum += kind == 0 ? x[d] * y[d] : kind == 1 ? fabsf(difference) : difference * difference;
    }
    return kind == 0 ? 1.0f - sum : sum;
}

/* Bit for bit, for all widths: blocks of 64 and 16 columns and single ones give the same. */
static void test_feature_costs(void **state)
{
    (void)state;
    static silbe_dtw_cost_fn *const functions[] = {silbe_dtw_cosine_cost, silbe_dtw_manhattan_cost,
                                                   silbe_dtw_squared_cost};
    fill_fn *variants[3] = {fill_portable};
    size_t n_variants = 1;
#ifdef SILBE_X86
    if (__builtin_cpu_supports("avx2")) {
        variants[n_variants++] = fill_avx2;
    }
    if (__builtin_cpu_supports("avx512f")) {
        variants[n_variants++] = fill_avx512;
    }
#endif
    print_message("%zu instruction sets compared\n", n_variants);
    check_rng rng = check_rng_new(41);
    for (int round = 0; round < 300; round++) {
        float x[ROWS * MAX_DIMS];
        float y[COLS * MAX_DIMS];
        float y_t[COLS * MAX_DIMS];
        float cost[COLS];
        silbe_err err = SILBE_ERR_INIT;
        size_t n_dims = 1 + dtw_below(&rng, MAX_DIMS);
        for (size_t i = 0; i < ROWS * n_dims; i++) {
            x[i] = (float)(check_uniform(&rng) - 0.5);
        }
        for (size_t i = 0; i < COLS * n_dims; i++) {
            y[i] = (float)(check_uniform(&rng) - 0.5);
        }
        silbe_dtw_transpose(y, COLS, n_dims, y_t);
        silbe_dtw_features f = {x, y_t, n_dims, COLS};
        size_t n = dtw_below(&rng, ROWS);
        size_t begin = dtw_below(&rng, COLS);
        size_t end = begin + 1 + dtw_below(&rng, COLS - begin);
        int kind = round % 3;
        check_ok(functions[kind](&f, n, begin, end, cost, &err), err);
        for (size_t m = begin; m < end; m++) {
            check_close(cost[m - begin], formula(kind, x + n * n_dims, y + m * n_dims, n_dims),
                        0.0);
        }
        for (size_t v = 0; v < n_variants; v++) {
            float other[COLS];
            variants[v]((distance)kind, &f, n, begin, end, other);
            assert_memory_equal(other, cost, (end - begin) * sizeof *cost);
        }
    }
}

static void test_missing_data(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float cost[4];
    const float values[4] = {1, 2, 3, 4};
    silbe_dtw_dense dense = {values, 2};
    silbe_dtw_features features = {values, NULL, 1, 4};
    check_ok(silbe_dtw_dense_cost(&dense, 1, 0, 2, cost, &err), err);
    check_close(cost[1], 4.0, 0.0);
    assert_int_equal(silbe_dtw_dense_cost(&dense, 0, 0, 3, cost, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_dense_cost(NULL, 0, 0, 1, cost, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_cosine_cost(&features, 0, 0, 1, cost, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_dtw_squared_cost(NULL, 0, 0, 1, cost, &err), SILBE_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feature_costs),
        cmocka_unit_test(test_missing_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
