#include "features/coarse.h"
#include "tests/check.h"

#include <string.h>

static silbe_matrix random_energy(size_t n_rows, size_t n_cols)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_rng rng = check_rng_new(81);
    check_ok(silbe_matrix_new(&m, n_rows, n_cols, &err), err);
    for (size_t i = 0; i < n_rows * n_cols; i++) {
        m.data[i] = (float)check_uniform(&rng);
    }
    return m;
}

static void test_rows(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix out, none = SILBE_MATRIX_INIT;
    silbe_matrix in = random_energy(10, 3);
    for (size_t factor = 1; factor < 13; factor++) {
        check_ok(silbe_coarse_rows(&in, factor, &out, &err), err);
        assert_int_equal(out.n_rows, (9 / factor) + 1);
        for (size_t t = 0; t < out.n_rows; t++) {
            assert_memory_equal(silbe_matrix_row(&out, t), silbe_matrix_row(&in, t * factor),
                                3 * sizeof(float));
        }
        silbe_matrix_free(&out);
    }
    check_ok(silbe_coarse_rows(&none, 2, &out, &err), err);
    assert_int_equal(out.n_rows, 0);
    assert_int_equal(silbe_coarse_rows(&in, 0, &out, &err), SILBE_ERR_ARGUMENT);
    assert_null(out.data);
    silbe_matrix_free(&in);
}

/* Coarse features are the fine ones of every second frame, that is of a hop twice as long. */
static void test_same_as_thinned(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_chroma_options chroma_options = silbe_chroma_options_default();
    silbe_onset_options onset_options = silbe_onset_options_default();
    silbe_matrix energy = random_energy(301, 60), thin, want, got;
    onset_options.high_pitch = 95;
    check_ok(silbe_coarse_rows(&energy, 2, &thin, &err), err);
    check_ok(silbe_chroma_from_energy(&chroma_options, &thin, &want, &err), err);
    check_ok(silbe_coarse_chroma(&chroma_options, &energy, 2, &got, &err), err);
    assert_int_equal(got.n_rows, 151);
    assert_memory_equal(got.data, want.data, 151 * 12 * sizeof(float));
    silbe_matrix_free(&want);
    silbe_matrix_free(&got);

    check_ok(silbe_onset_difference(&onset_options, 0.02, &thin, &err), err);
    check_ok(silbe_onset_normalise(&onset_options, 0.02, &thin, &err), err);
    check_ok(silbe_coarse_onset(&onset_options, 0.01, &energy, 2, &got, &err), err);
    assert_memory_equal(got.data, thin.data, 151 * 60 * sizeof(float));
    silbe_matrix_free(&got);
    onset_options.lag_s = NAN;
    assert_int_equal(silbe_coarse_onset(&onset_options, 0.01, &energy, 2, &got, &err),
                     SILBE_ERR_ARGUMENT);
    assert_null(got.data);
    silbe_matrix_free(&thin);
    silbe_matrix_free(&energy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_same_as_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
