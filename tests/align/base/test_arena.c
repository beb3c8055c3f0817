/* Carving: counts what it later hands out, aligned, and sticks once it overflows. */
#include "tests/check.h"

#include <string.h>

#include "align/base/arena.h"

enum { N = 5 };

static const size_t counts[N] = {1, 0, 63, 8, 1000};
static const size_t sizes[N] = {1, 8, 1, 8, 4};

static size_t carve(void *memory, char *arrays[N])
{
    silbe_arena arena = silbe_arena_at(memory);
    for (size_t i = 0; i < N; i++) {
        arrays[i] = silbe_arena_take(&arena, counts[i], sizes[i]);
    }
    return arena.used;
}

static void test_fits(void **state)
{
    (void)state;
    char *arrays[N];
    size_t bytes = carve(NULL, arrays);
    for (size_t i = 0; i < N; i++) {
        assert_null(arrays[i]);
    }
    for (size_t off = 0; off < SILBE_ARENA_ALIGN; off++) {
        char *memory = malloc(bytes + off);
        assert_non_null(memory);
        char *at = memory + off;
        assert_true(carve(at, arrays) <= bytes);
        char *end = at;
        for (size_t i = 0; i < N; i++) {
            assert_int_equal((uintptr_t)arrays[i] % SILBE_ARENA_ALIGN, 0);
            assert_true(arrays[i] >= end);
            end = arrays[i] + counts[i] * sizes[i];
            memset(arrays[i], 1, counts[i] * sizes[i]);
        }
        assert_true(end <= at + bytes);
        free(memory);
    }
}

static void test_overflow(void **state)
{
    (void)state;
    assert_true(silbe_size_add(SIZE_MAX - 1, 1) == SIZE_MAX);
    assert_true(silbe_size_add(SIZE_MAX, 0) == SIZE_MAX && silbe_size_add(SIZE_MAX, 1) == SIZE_MAX);
    assert_true(silbe_size_add(2, 3) == 5 && silbe_size_mul(2, 3) == 6);
    assert_true(silbe_size_mul(0, SIZE_MAX) == 0 && silbe_size_mul(SIZE_MAX, 0) == 0);
    assert_true(silbe_size_mul(SIZE_MAX / 2, 3) == SIZE_MAX);
    const size_t large[][2] = {{SIZE_MAX, 1}, {SIZE_MAX / 2, 4}, {SIZE_MAX - 70, 1}};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        silbe_arena arena = silbe_arena_at(NULL);
        assert_null(silbe_arena_take(&arena, 10, 8));
        assert_null(silbe_arena_take(&arena, large[i][0], large[i][1]));
        assert_true(arena.used == SIZE_MAX);
        assert_null(silbe_arena_take(&arena, 1, 1));
        assert_true(arena.used == SIZE_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
