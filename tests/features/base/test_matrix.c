#include "tests/check.h"

#include "features/base/matrix.h"

static void new_matrix_is_zero_and_aligned(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, 7, 13, &err), err);
    assert_int_equal(m.n_rows, 7);
    assert_int_equal(m.n_cols, 13);
    assert_int_equal((uintptr_t)m.data % 64, 0);
    for (size_t i = 0; i < 7 * 13; i++) {
        check_close(m.data[i], 0, 0);
    }
    silbe_matrix_free(&m);
    assert_null(m.data);
    silbe_matrix_free(&m);
    silbe_matrix_free(NULL);
}

static void rows_follow_each_other(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, 3, 5, &err), err);
    for (size_t r = 0; r < 3; r++) {
        for (size_t c = 0; c < 5; c++) {
            silbe_matrix_row(&m, r)[c] = (float)(10 * r + c);
        }
    }
    check_close(m.data[2 * 5 + 4], 24, 0);
    check_close(m.data[1 * 5 + 0], 10, 0);
    silbe_matrix_free(&m);
}

static void empty_matrices_are_legal(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, 0, 12, &err), err);
    assert_null(m.data);
    assert_int_equal(m.n_cols, 12);
    check_ok(silbe_matrix_new(&m, 12, 0, &err), err);
    assert_null(m.data);
    silbe_matrix_free(&m);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    const size_t sizes[][2] = {
        {SIZE_MAX, 1},          {SIZE_MAX / 4 + 1, 1},
        {SIZE_MAX / 4, 1}, /* fits into size_t, but not once rounded up to the alignment */
        {SIZE_MAX / 16 + 1, 4}, {(size_t)1 << 32, (size_t)1 << 32},
        {2, SIZE_MAX / 2},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_matrix m;
        assert_int_equal(silbe_matrix_new(&m, sizes[i][0], sizes[i][1], &err), SILBE_ERR_MEMORY);
        assert_null(m.data);
        assert_int_equal(m.n_rows, 0);
        assert_true(err.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_matrix_is_zero_and_aligned),
        cmocka_unit_test(rows_follow_each_other),
        cmocka_unit_test(empty_matrices_are_legal),
        cmocka_unit_test(sizes_that_overflow_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
