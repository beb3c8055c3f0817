#include "align/path/path.h"
#include "tests/check.h"

#include <string.h>

enum { MOST = 64 };

static bool same(const silbe_path_point *a, const silbe_path_point *b, size_t length)
{
    return memcmp(a, b, length * sizeof *a) == 0;
}

/* A random path of classical steps. */
static size_t random_path(check_rng *rng, silbe_path_point *path)
{
    size_t length = 1 + check_random(rng) % (MOST - 1);
    path[0] = (silbe_path_point){0, 0};
    for (size_t i = 1; i < length; i++) {
        uint64_t step = check_random(rng) % 3;
        path[i] = (silbe_path_point){path[i - 1].n + (step != 1), path[i - 1].m + (step != 2)};
    }
    return length;
}

static void test_check(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    silbe_path_rules rules = {&steps, true, true};
    const silbe_path_point good[] = {{0, 0}, {1, 1}, {1, 2}, {2, 2}};
    const silbe_path_point jump[] = {{0, 0}, {2, 2}};
    const silbe_path_point stands[] = {{0, 0}, {1, 1}, {1, 1}, {2, 2}};
    const silbe_path_point back[] = {{0, 0}, {1, 1}, {2, 0}};
    const silbe_path_point late[] = {{0, 1}, {1, 2}, {2, 2}};
    check_ok(silbe_path_check(good, 4, 3, 3, &rules, &err), err);
    check_ok(silbe_path_check(jump, 2, 3, 3, NULL, &err), err);
    assert_int_equal(silbe_path_check(jump, 2, 3, 3, &rules, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "no step leads from cell 0 (0, 0) to (2, 2)"));
    assert_int_equal(silbe_path_check(stands, 4, 3, 3, NULL, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_path_check(back, 3, 3, 3, NULL, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_path_check(late, 3, 3, 3, &rules, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_path_check(good, 4, 4, 3, &rules, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "should be (3, 2)"));
    assert_int_equal(silbe_path_check(good, 4, 2, 3, NULL, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_path_check(good, 0, 3, 3, NULL, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_path_check(NULL, 1, 3, 3, NULL, &err), SILBE_ERR_DATA);
}

static void test_arrows_round_trip(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(51);
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    for (int round = 0; round < 200; round++) {
        silbe_path_point path[MOST];
        silbe_path_point again[MOST];
        uint8_t arrows[MOST];
        silbe_err err = SILBE_ERR_INIT;
        size_t length = random_path(&rng, path);
        check_ok(silbe_path_to_arrows(path, length, &steps, arrows, &err), err);
        check_ok(silbe_path_from_arrows(path[0], arrows, length - 1, &steps, again, &err), err);
        assert_true(same(path, again, length));
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_point path[2];
    const uint8_t wrong = 3;
    const uint8_t diagonal = 0;
    assert_int_equal(
        silbe_path_from_arrows((silbe_path_point){0, 0}, &wrong, 1, &steps, path, &err),
        SILBE_ERR_DATA);
    assert_int_equal(
        silbe_path_from_arrows((silbe_path_point){SIZE_MAX, 0}, &diagonal, 1, &steps, path, &err),
        SILBE_ERR_DATA);
}

static void test_strictly_monotonic(void **state)
{
    (void)state;
    /* By libfmp's compute_strict_alignment_path_mask: first, (2,2) and (3,4); (4,4) came along a
     * column, (5,5) lies in the last row. */
    const silbe_path_point path[] = {{0, 0}, {1, 0}, {2, 2}, {2, 3},
                                     {3, 4}, {4, 4}, {5, 5}, {5, 6}};
    const silbe_path_point want[] = {{0, 0}, {2, 2}, {3, 4}, {5, 6}};
    silbe_path_point out[9];
    assert_int_equal(silbe_path_strictly_monotonic(path, 8, out), 4);
    assert_true(same(out, want, 4));
    memcpy(out, path, sizeof path); /* in place */
    assert_int_equal(silbe_path_strictly_monotonic(out, 8, out), 4);
    assert_true(same(out, want, 4));
    const silbe_path_point flat[] = {{0, 0}, {0, 1}, {0, 2}};
    assert_int_equal(silbe_path_strictly_monotonic(flat, 3, out), 1);
    assert_int_equal(out[0].m, 2);
    assert_int_equal(silbe_path_strictly_monotonic(flat, 0, out), 0);

    check_rng rng = check_rng_new(52);
    for (int round = 0; round < 300; round++) {
        silbe_path_point any[MOST];
        silbe_path_point kept[MOST];
        size_t length = random_path(&rng, any);
        size_t n = silbe_path_strictly_monotonic(any, length, kept);
        assert_true(n >= 1);
        for (size_t i = 1; i < n; i++) {
            assert_true(kept[i].n > kept[i - 1].n && kept[i].m > kept[i - 1].m);
        }
        assert_true(same(kept + n - 1, any + length - 1, 1));
    }
}

static void test_fill_and_resample(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_point out[MOST];
    size_t length = 0;
    const silbe_path_point gap[] = {{0, 0}, {2, 5}, {2, 5}, {3, 5}};
    const silbe_path_point want[] = {{0, 0}, {0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}, {3, 5}};
    check_ok(silbe_path_fill(gap, 4, out, MOST, &length, &err), err);
    assert_int_equal(length, 7);
    assert_true(same(out, want, 7));
    assert_int_equal(silbe_path_fill(gap, 4, out, 6, &length, &err), SILBE_ERR_ARGUMENT);
    const silbe_path_point back[] = {{1, 1}, {0, 2}};
    assert_int_equal(silbe_path_fill(back, 2, out, MOST, &length, &err), SILBE_ERR_DATA);

    check_rng rng = check_rng_new(53);
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    silbe_path_rules rules = {&steps, true, true};
    for (int round = 0; round < 300; round++) {
        silbe_path_point path[MOST];
        silbe_path_point finer[4 * MOST];
        silbe_path_point again[4 * MOST];
        size_t n_finer = 0;
        size_t n_again = 0;
        size_t n_path = random_path(&rng, path);
        size_t rows = path[n_path - 1].n + 1;
        size_t cols = path[n_path - 1].m + 1;
        check_ok(silbe_path_resample(path, n_path, 2.0, 1.5, 2 * rows - 1, (3 * cols - 1) / 2 + 1,
                                     finer, 4 * MOST, &n_finer, &err),
                 err);
        silbe_path_rules inside = {&steps, true, false};
        check_ok(
            silbe_path_check(finer, n_finer, 2 * rows - 1, (3 * cols - 1) / 2 + 1, &inside, &err),
            err);
        /* Factor 1 changes nothing; doubling and halving come back to the same ends. */
        check_ok(silbe_path_resample(path, n_path, 1.0, 1.0, rows, cols, again, 4 * MOST, &n_again,
                                     &err),
                 err);
        assert_int_equal(n_again, n_path);
        assert_true(same(again, path, n_path));
        check_ok(silbe_path_resample(path, n_path, 2.0, 2.0, 2 * rows - 1, 2 * cols - 1, finer,
                                     4 * MOST, &n_finer, &err),
                 err);
        check_ok(silbe_path_check(finer, n_finer, 2 * rows - 1, 2 * cols - 1, &rules, &err), err);
    }
    assert_int_equal(silbe_path_resample(gap, 4, NAN, 1.0, 4, 4, out, MOST, &length, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_path_resample(gap, 4, 1.0, 0.0, 4, 4, out, MOST, &length, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_path_resample(gap, 4, 1.0, 1.0, 0, 4, out, MOST, &length, &err),
                     SILBE_ERR_ARGUMENT);
}

static void test_invert(void **state)
{
    (void)state;
    silbe_path_point path[] = {{0, 0}, {0, 1}, {3, 2}};
    const silbe_path_point want[] = {{0, 0}, {1, 0}, {2, 3}};
    silbe_path_invert(path, 3);
    assert_true(same(path, want, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_arrows_round_trip),
        cmocka_unit_test(test_strictly_monotonic),
        cmocka_unit_test(test_fill_and_resample),
        cmocka_unit_test(test_invert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
