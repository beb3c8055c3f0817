#include "align/path/path.h"
#include "tests/check.h"

#include <string.h>

enum { MOST = 128 };

static void test_composition_by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_path_point xy[] = {{0, 0}, {1, 1}, {2, 1}, {3, 2}};
    const silbe_path_point yz[] = {{0, 0}, {1, 1}, {1, 2}, {2, 3}, {2, 4}};
    /* y = 1 pairs x 1..2 with z 1..2: joined by the diagonal. */
    const silbe_path_point want[] = {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {3, 4}};
    silbe_path_point xz[MOST];
    size_t length = 0;
    check_ok(silbe_path_compose(xy, 4, yz, 5, xz, MOST, &length, &err), err);
    assert_int_equal(length, 5);
    assert_memory_equal(xz, want, sizeof want);
}

static size_t random_path(check_rng *rng, size_t rows, size_t cols, silbe_path_point *path)
{
    size_t length = 0;
    silbe_path_point p = {0, 0};
    path[length++] = p;
    while (p.n + 1 < rows || p.m + 1 < cols) {
        uint64_t step = check_random(rng) % 3;
        bool down = p.n + 1 < rows && (step != 1 || p.m + 1 == cols);
        bool right = p.m + 1 < cols && (step != 2 || p.n + 1 == rows);
        p.n += down;
        p.m += right;
        path[length++] = p;
    }
    return length;
}

/* Composing with the diagonal changes nothing; a composition goes from corner to corner, is
 * contiguous, and its cells are never farther apart than the runs of one y. */
static void test_properties(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(61);
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    silbe_path_rules rules = {&steps, true, true};
    for (int round = 0; round < 300; round++) {
        silbe_path_point xy[MOST];
        silbe_path_point yz[MOST];
        silbe_path_point xz[MOST];
        silbe_err err = SILBE_ERR_INIT;
        size_t x = 1 + check_random(&rng) % 40;
        size_t y = 1 + check_random(&rng) % 40;
        size_t z = 1 + check_random(&rng) % 40;
        size_t n_xy = random_path(&rng, x, y, xy);
        size_t n_yz = random_path(&rng, y, z, yz);
        size_t n_xz = 0;
        check_ok(silbe_path_compose(xy, n_xy, yz, n_yz, xz, MOST, &n_xz, &err), err);
        check_ok(silbe_path_check(xz, n_xz, x, z, &rules, &err), err);
        for (size_t i = 0; i < y; i++) {
            yz[i] = (silbe_path_point){i, i};
        }
        check_ok(silbe_path_compose(xy, n_xy, yz, y, xz, MOST, &n_xz, &err), err);
        assert_int_equal(n_xz, n_xy);
        assert_memory_equal(xz, xy, n_xy * sizeof *xy);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_path_point low[] = {{0, 0}, {1, 1}};
    const silbe_path_point high[] = {{5, 0}, {6, 1}};
    const silbe_path_point gap[] = {{0, 0}, {1, 2}};
    silbe_path_point xz[MOST];
    size_t length = 0;
    assert_int_equal(silbe_path_compose(low, 2, high, 2, xz, MOST, &length, &err),
                     SILBE_ERR_MISMATCH);
    assert_int_equal(silbe_path_compose(gap, 2, low, 2, xz, MOST, &length, &err),
                     SILBE_ERR_MISMATCH);
    assert_int_equal(silbe_path_compose(low, 0, low, 2, xz, MOST, &length, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_path_compose(low, 2, low, 2, xz, 1, &length, &err), SILBE_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_composition_by_hand),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
