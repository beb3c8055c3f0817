#include "align/path/map.h"
#include "tests/check.h"

#include <string.h>

enum { MOST = 40 };

static void test_interpolation(void **state)
{
    (void)state;
    double x[] = {1.0, 2.0, 4.0};
    double y[] = {10.0, 11.0, 17.0};
    silbe_map map = {x, y, 3, SILBE_MAP_CLAMP};
    check_close(silbe_map_y(&map, 1.0), 10.0, 0.0);
    check_close(silbe_map_y(&map, 1.5), 10.5, 1e-15);
    check_close(silbe_map_y(&map, 3.0), 14.0, 1e-14);
    check_close(silbe_map_y(&map, 4.0), 17.0, 0.0);
    check_close(silbe_map_y(&map, 0.0), 10.0, 0.0);
    check_close(silbe_map_y(&map, 99.0), 17.0, 0.0);
    check_close(silbe_map_x(&map, 14.0), 3.0, 1e-15);
    map.outside = SILBE_MAP_EXTEND; /* mean slope 7 / 3 */
    check_close(silbe_map_y(&map, -2.0), 3.0, 1e-14);
    check_close(silbe_map_y(&map, 7.0), 24.0, 1e-14);
    check_close(silbe_map_x(&map, 24.0), 7.0, 1e-14);
    assert_true(isnan(silbe_map_y(&map, NAN)));
    silbe_map point = {x, y, 1, SILBE_MAP_EXTEND};
    check_close(silbe_map_y(&point, 3.5), 12.5, 0.0);
    const double asked[] = {7.0, 1.5, 3.0, -2.0, 4.0, 3.0};
    double got[6];
    silbe_map_apply(&map, asked, 6, got);
    for (size_t i = 0; i < 6; i++) {
        check_close(got[i], silbe_map_y(&map, asked[i]), 0.0);
    }
}

static void test_from_path(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_path_point path[] = {{0, 0}, {1, 1}, {1, 2}, {2, 3}, {3, 3}, {4, 4}};
    silbe_path_point scratch[6];
    double x[6];
    double y[6];
    silbe_map map = {.x_s = x, .y_s = y};
    check_ok(silbe_map_from_path(path, 6, 0.5, 0.02, scratch, &map, &err), err);
    assert_int_equal(map.n_points, 4); /* (0,0) (1,1) (2,3) (4,4) */
    check_close(silbe_map_y(&map, 0.5), 0.02, 1e-15);
    check_close(silbe_map_y(&map, 1.5), 0.07, 1e-15);
    assert_int_equal(silbe_map_from_path(path, 6, 0.0, 0.02, scratch, &map, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_map_from_path(path, 0, 0.5, 0.02, scratch, &map, &err),
                     SILBE_ERR_ARGUMENT);
}

static void random_map(check_rng *rng, double *x, double *y, silbe_map *map)
{
    *map = (silbe_map){x, y, 1 + check_random(rng) % MOST, SILBE_MAP_CLAMP};
    x[0] = check_uniform(rng);
    y[0] = check_uniform(rng);
    for (size_t i = 1; i < map->n_points; i++) {
        x[i] = x[i - 1] + 0.01 + check_uniform(rng);
        y[i] = y[i - 1] + 0.01 + check_uniform(rng);
    }
}

static void test_inverse_and_monotony(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(71);
    for (int round = 0; round < 200; round++) {
        double x[MOST];
        double y[MOST];
        silbe_map map;
        random_map(&rng, x, y, &map);
        double before = -INFINITY;
        for (int i = 0; i <= 100; i++) {
            double at = x[0] + (x[map.n_points - 1] - x[0]) * i / 100.0;
            double value = silbe_map_y(&map, at);
            assert_true(value >= before);
            before = value;
            check_close(silbe_map_x(&map, value), at, 1e-9);
        }
        silbe_map inverse = map;
        silbe_map_invert(&inverse);
        check_close(silbe_map_y(&inverse, y[0]), x[0], 0.0);
    }
}

static void test_composition_is_exact(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(72);
    size_t n_composed = 0;
    for (int round = 0; round < 300; round++) {
        double data[4][MOST];
        double x[2 * MOST];
        double z[2 * MOST];
        silbe_err err = SILBE_ERR_INIT;
        silbe_map xy;
        silbe_map yz;
        silbe_map xz = {.x_s = x, .y_s = z};
        random_map(&rng, data[0], data[1], &xy);
        random_map(&rng, data[2], data[3], &yz);
        silbe_status status = silbe_map_compose(&xy, &yz, &xz, &err);
        if (status == SILBE_ERR_MISMATCH) {
            continue;
        }
        check_ok(status, err);
        check_ok(silbe_map_check(&xz, &err), err);
        n_composed++;
        for (int i = 0; i <= 100; i++) {
            double at = x[0] + (x[xz.n_points - 1] - x[0]) * i / 100.0;
            check_close(silbe_map_y(&xz, at), silbe_map_y(&yz, silbe_map_y(&xy, at)), 1e-9);
        }
    }
    assert_true(n_composed > 100);
    double x[] = {0.0, 1.0};
    double far[] = {5.0, 6.0};
    double out_x[4];
    double out_y[4];
    silbe_err err = SILBE_ERR_INIT;
    silbe_map a = {x, x, 2, SILBE_MAP_CLAMP};
    silbe_map b = {far, x, 2, SILBE_MAP_CLAMP};
    silbe_map out = {.x_s = out_x, .y_s = out_y};
    assert_int_equal(silbe_map_compose(&a, &b, &out, &err), SILBE_ERR_MISMATCH);
}

static void test_check(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    double x[] = {0.0, 1.0, 1.0};
    double y[] = {0.0, 1.0, 2.0};
    silbe_map map = {x, y, 3, SILBE_MAP_CLAMP};
    assert_int_equal(silbe_map_check(&map, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "point 2"));
    x[2] = NAN;
    assert_int_equal(silbe_map_check(&map, &err), SILBE_ERR_DATA);
    map.n_points = 0;
    assert_int_equal(silbe_map_check(&map, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_map_check(NULL, &err), SILBE_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpolation),
        cmocka_unit_test(test_from_path),
        cmocka_unit_test(test_inverse_and_monotony),
        cmocka_unit_test(test_composition_is_exact),
        cmocka_unit_test(test_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
