#include "features/base/array.h"
#include "tests/check.h"

/* With a capacity of the owner's or without, every item stays where it was put, and arrays move
 * seldom. */
static void test_grow(void **state)
{
    (void)state;
    enum { N = 1000 };
    size_t *kept = NULL, *implied = NULL;
    size_t capacity = 0, n_moves = 0;
    for (size_t i = 0; i < N; i++) {
        size_t before = capacity;
        size_t *a = silbe_array_grow(kept, i, &capacity, sizeof *a);
        size_t *b = silbe_array_append(implied, i, sizeof *b);
        assert_non_null(a);
        assert_non_null(b);
        assert_true(i < capacity);
        n_moves += capacity != before;
        kept = a;
        implied = b;
        kept[i] = implied[i] = 3 * i;
    }
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(kept[i], 3 * i);
        assert_int_equal(implied[i], 3 * i);
    }
    assert_int_equal(capacity, 1024);
    assert_int_equal(n_moves, 8);
    free(kept);
    free(implied);
}

static void test_too_large(void **state)
{
    (void)state;
    char item = 0;
    size_t capacity = SIZE_MAX / 4;
    assert_null(silbe_array_grow(&item, capacity, &capacity, 16));
    assert_int_equal(capacity, SIZE_MAX / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_grow),
                                       cmocka_unit_test(test_too_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
