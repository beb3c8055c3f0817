/* Lower frame rates: an impulse by hand, the definition on noise, edges and malformed input. */
#include "tests/check.h"

#include <stdbool.h>
#include <string.h>

#include "align/score/downsample.h"

static silbe_matrix random_matrix(check_rng *rng, size_t n_rows, size_t n_cols)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, n_rows, n_cols, &err), err);
    for (size_t i = 0; i < n_rows * n_cols; i++) {
        m.data[i] = (float)check_uniform(rng);
    }
    return m;
}

/* Window of three: weights 1/4, 1/2, 1/4. */
static void impulse_by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float values[] = {0, 0, 0, 0, 4, 3, 0, 0, 0, 1};
    silbe_matrix in = {values, 5, 2}, out;
    check_ok(silbe_downsample_unit_rows(&in, 1, 3, &out, &err), err);
    assert_int_equal(out.n_rows, 5);
    /* Frame 3 is (4, 3) / 4 + (0, 1) / 4 = (1, 1). */
    static const double WANT[] = {0, 0, 0.8, 0.6, 0.8, 0.6, 0.70710678, 0.70710678, 0, 1};
    for (size_t i = 0; i < 10; i++) {
        check_close(out.data[i], WANT[i], 1e-6);
    }
    silbe_matrix_free(&out);
    check_ok(silbe_downsample_max(&in, 2, &out, &err), err);
    assert_int_equal(out.n_rows, 3); /* frames 0; 1, 2; 3, 4 */
    static const float MAXIMA[] = {0, 0, 4, 3, 0, 1};
    assert_memory_equal(out.data, MAXIMA, sizeof MAXIMA);
    silbe_matrix_free(&out);
}

static void unit_rows_against_the_definition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(121);
    for (int round = 0; round < 60; round++) {
        silbe_err err = SILBE_ERR_INIT;
        size_t factor = 1 + check_random(&rng) % 12, window = 1 + check_random(&rng) % 30;
        silbe_matrix in = random_matrix(&rng, 1 + check_random(&rng) % 90, 12), out;
        check_ok(silbe_downsample_unit_rows(&in, factor, window, &out, &err), err);
        assert_int_equal(out.n_rows, (in.n_rows + factor - 1) / factor);
        long half = (long)(window / 2); /* of 2 half + 1 frames */
        for (size_t t = 0; t < out.n_rows; t++) {
            double want[12] = {0}, energy = 0;
            for (long d = -half; d <= half; d++) {
                long s = (long)(t * factor) + d;
                double weight = 0.5 + 0.5 * cos(3.14159265358979 * (double)d / (double)(half + 1));
                for (size_t c = 0; c < 12 && s >= 0 && s < (long)in.n_rows; c++) {
                    want[c] += weight * silbe_matrix_row(&in, (size_t)s)[c];
                }
            }
            for (size_t c = 0; c < 12; c++) {
                energy += want[c] * want[c];
            }
            for (size_t c = 0; c < 12; c++) {
                check_close(silbe_matrix_row(&out, t)[c], want[c] / sqrt(energy), 1e-6);
            }
        }
        silbe_matrix_free(&in);
        silbe_matrix_free(&out);
    }
}

static void max_against_the_definition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(122);
    for (int round = 0; round < 60; round++) {
        silbe_err err = SILBE_ERR_INIT;
        size_t factor = 1 + check_random(&rng) % 12;
        silbe_matrix in = random_matrix(&rng, 1 + check_random(&rng) % 90, 3), out;
        check_ok(silbe_downsample_max(&in, factor, &out, &err), err);
        assert_int_equal(out.n_rows, (in.n_rows + factor - 1) / factor);
        for (size_t t = 0; t < out.n_rows; t++) {
            for (size_t c = 0; c < 3; c++) {
                float want = 0;
                for (size_t s = 0; s < in.n_rows; s++) { /* the group of s is its nearest centre */
                    bool is_inside = (s + factor / 2) / factor == t;
                    want = is_inside ? fmaxf(want, silbe_matrix_row(&in, s)[c]) : want;
                }
                assert_true(silbe_matrix_row(&out, t)[c] == want);
            }
        }
        silbe_matrix_free(&in);
        silbe_matrix_free(&out);
    }
}

/* Silence stays silence; nothing in, nothing out; no factor is an error; NaN does not get lost. */
static void edges(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float values[24] = {0};
    silbe_matrix in = {values, 6, 4}, none = {NULL, 0, 12}, out;
    check_ok(silbe_downsample_unit_rows(&in, 2, 4, &out, &err), err);
    assert_int_equal(out.n_rows, 3);
    for (size_t i = 0; i < 12; i++) {
        assert_true(out.data[i] == 0);
    }
    silbe_matrix_free(&out);
    check_ok(silbe_downsample_unit_rows(&none, 3, 5, &out, &err), err);
    assert_int_equal(out.n_rows, 0);
    check_ok(silbe_downsample_max(&none, 3, &out, &err), err);
    assert_int_equal(out.n_rows, 0);
    assert_int_equal(silbe_downsample_unit_rows(&in, 0, 5, &out, &err), SILBE_ERR_ARGUMENT);
    assert_null(out.data);
    assert_int_equal(silbe_downsample_max(&in, 0, &out, &err), SILBE_ERR_ARGUMENT);
    assert_null(out.data);
    values[4 * 2 + 1] = NAN;
    check_ok(silbe_downsample_unit_rows(&in, 2, 1, &out, &err), err);
    assert_true(isnan(out.data[5]));
    silbe_matrix_free(&out);
    check_ok(silbe_downsample_max(&in, 2, &out, &err), err);
    assert_true(isnan(out.data[5]));
    silbe_matrix_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impulse_by_hand),
        cmocka_unit_test(unit_rows_against_the_definition),
        cmocka_unit_test(max_against_the_definition),
        cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
