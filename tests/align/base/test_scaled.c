/* Scaled numbers against logarithms. */
#include "tests/check.h"

#include "align/base/scaled.h"

static void test_sums_and_products(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(1);
    for (int i = 0; i < 2000; i++) {
        double spread = i % 2 == 0 ? 10.0 : 1e6;
        double a = (check_uniform(&rng) - 0.5) * spread;
        double b = (check_uniform(&rng) - 0.5) * spread;
        silbe_scaled x = silbe_scaled_of(a);
        silbe_scaled y = silbe_scaled_of(b);
        double tolerance = 1e-15 * (10.0 + spread);
        assert_true(x.m >= 1.0 && x.m < 2.0);
        check_close(silbe_scaled_log(x), a, tolerance);
        check_close(silbe_scaled_log(silbe_scaled_multiply(x, y)), a + b, tolerance);
        check_close(silbe_scaled_log(silbe_scaled_add(x, y)), silbe_logaddexp(a, b), tolerance);
    }
}

static void test_zero(void **state)
{
    (void)state;
    silbe_scaled zero = silbe_scaled_of(SILBE_NEG_INF);
    silbe_scaled tiny = silbe_scaled_of(-1e15);
    assert_true(zero.m == 0.0 && zero.x == SILBE_SCALED_ZERO);
    assert_true(silbe_scaled_log(zero) == SILBE_NEG_INF);
    silbe_scaled sum = silbe_scaled_add(tiny, zero);
    assert_true(sum.m == tiny.m && sum.x == tiny.x);
    sum = silbe_scaled_add(zero, zero);
    assert_true(sum.m == 0.0 && sum.x == SILBE_SCALED_ZERO);
    silbe_scaled product = silbe_scaled_multiply(zero, tiny);
    assert_true(product.m == 0.0 && product.x == SILBE_SCALED_ZERO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_and_products),
        cmocka_unit_test(test_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
