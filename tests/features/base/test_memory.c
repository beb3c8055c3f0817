#include "features/base/memory.h"

#include <string.h>

#include "tests/check.h"

static void test_alloc(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    double *values = silbe_alloc(3, sizeof *values, "values", &err);
    void *nothing = silbe_alloc(0, 8, "values", &err);
    char *text = silbe_copy_text("Mond", &err);
    assert_int_equal(err.status, SILBE_OK);
    assert_true(values != NULL && values[0] == 0.0 && values[2] == 0.0);
    assert_non_null(nothing);
    assert_string_equal(text, "Mond");
    assert_null(silbe_copy_text(NULL, &err));
    assert_int_equal(err.status, SILBE_OK);
    assert_ptr_equal(silbe_need(text, "a text", &err), text);
    assert_int_equal(err.status, SILBE_OK);
    free(values);
    free(nothing);
    free(text);
}

/* The first failure stays, with its message; later steps do nothing. */
static void test_failure_sticks(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    int first = 0, *items = &first;
    assert_null(silbe_alloc(SIZE_MAX / 2, 16, "words", &err));
    assert_int_equal(err.status, SILBE_ERR_MEMORY);
    assert_non_null(strstr(err.message, "no memory for 9223372036854775807 words"));
    assert_null(silbe_need(NULL, "a path", &err));
    assert_ptr_equal(silbe_need(items, "items", &err), items);
    assert_null(silbe_alloc(1, 1, "lines", &err));
    assert_null(silbe_copy_text("Mond", &err));
    assert_ptr_equal(silbe_grow(items, 0, NULL, sizeof *items, "items", &err), items);
    silbe_try(&err, silbe_fail(&err, SILBE_ERR_IO, "must not be called"));
    assert_int_equal(err.status, SILBE_ERR_MEMORY);
    assert_non_null(strstr(err.message, "words"));
}

static void test_grow(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    int *items = NULL;
    size_t capacity = 0, full = SIZE_MAX / 4;
    for (size_t i = 0; i < 100; i++) {
        items = silbe_grow(items, i, &capacity, sizeof *items, "items", &err);
        items[i] = (int)i;
    }
    assert_int_equal(items[99], 99);
    assert_int_equal(err.status, SILBE_OK);
    assert_ptr_equal(silbe_grow(items, full, &full, 16, "items", &err), items);
    assert_int_equal(err.status, SILBE_ERR_MEMORY);
    free(items);
}

static void test_need(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    assert_null(silbe_need(NULL, "a path", &err));
    assert_int_equal(err.status, SILBE_ERR_MEMORY);
    assert_string_equal(err.message, "no memory for a path");
}

/* A call that fails settles the status; err may be NULL at the door. */
static void test_frame(void **state)
{
    (void)state;
    silbe_err own, *err = silbe_err_begin(NULL, &own);
    assert_ptr_equal(err, &own);
    assert_false(silbe_failed(err));
    silbe_try(err, silbe_fail(NULL, SILBE_ERR_DATA, "silent"));
    silbe_try(err, silbe_fail(err, SILBE_ERR_IO, "must not be called"));
    assert_int_equal(err->status, SILBE_ERR_DATA);
    assert_string_equal(err->message, "");
    silbe_err *again = silbe_err_begin(err, &own);
    assert_ptr_equal(again, err);
    assert_false(silbe_failed(again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc), cmocka_unit_test(test_failure_sticks),
        cmocka_unit_test(test_grow), cmocka_unit_test(test_need), cmocka_unit_test(test_frame)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
