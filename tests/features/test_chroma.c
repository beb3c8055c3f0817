#include "features/chroma.h"
#include "tests/features/signals.h"

static const double RATE_HZ = 22050.0;
static const double HOP_S = 0.02;

static silbe_stft_plan *plan_new(void)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_chroma_options options = silbe_chroma_options_default();
    silbe_stft_plan *plan = NULL;
    check_ok(silbe_chroma_plan_new(&options, RATE_HZ, HOP_S, &plan, &err), err);
    return plan;
}

static silbe_matrix energy_of(const float *x, size_t n, int low, int high, double cents)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = plan_new();
    silbe_matrix energy;
    check_ok(silbe_pitch_energy(plan, low, high, cents, x, n, &energy, &err), err);
    silbe_stft_plan_free(plan);
    return energy;
}

static silbe_matrix chroma_of(const silbe_matrix *energy)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_chroma_options options = silbe_chroma_options_default();
    silbe_matrix chroma;
    check_ok(silbe_chroma_from_energy(&options, energy, &chroma, &err), err);
    return chroma;
}

static size_t argmax(const float *row, size_t n)
{
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        best = row[i] > row[best] ? i : best;
    }
    return best;
}

/* Every key of the piano lights its own band, with about the energy of the sine, and its own pitch
 * class; also when everything is detuned and the bands are told so. */
static void test_each_key(void **state)
{
    (void)state;
    static const double CENTS[] = {0.0, 35.0, -42.0};
    enum { N = 11025 };
    for (size_t c = 0; c < 3; c++) {
        for (int key = 36; key <= 95; key++) {
            float *x = signals_new(N);
            signals_add_sine(x, N, RATE_HZ, signals_pitch_hz(key + CENTS[c] / 100.0), 0.3, 0.0);
            silbe_matrix energy = energy_of(x, N, 21, 108, CENTS[c]);
            silbe_matrix part = energy_of(x, N, 36, 95, CENTS[c]);
            silbe_matrix chroma = chroma_of(&part);
            for (size_t t = 6; t + 6 < energy.n_rows; t++) {
                const float *row = silbe_matrix_row(&energy, t);
                assert_int_equal(argmax(row, 88), key - 21);
                assert_true(row[key - 21] > 0.05 && row[key - 21] < 0.16);
                assert_int_equal(argmax(silbe_matrix_row(&chroma, t), 12), key % 12);
                assert_true(row[key - 21] == silbe_matrix_row(&part, t)[key - 36]);
            }
            silbe_matrix_free(&energy);
            silbe_matrix_free(&part);
            silbe_matrix_free(&chroma);
            free(x);
        }
    }
}

static void test_rows_have_unit_norm(void **state)
{
    (void)state;
    enum { N = 44100 };
    check_rng rng = check_rng_new(41);
    float *x = signals_new(N);
    for (size_t i = N / 2; i < N; i++) {
        x[i] = (float)(check_uniform(&rng) - 0.5);
    }
    silbe_matrix energy = energy_of(x, N, 36, 95, 0.0);
    silbe_matrix chroma = chroma_of(&energy);
    for (size_t t = 0; t < chroma.n_rows; t++) {
        double squares = 0.0;
        for (size_t c = 0; c < 12; c++) {
            double value = silbe_matrix_row(&chroma, t)[c];
            assert_true(value >= 0.0);
            squares += value * value;
        }
        check_close(squares, 1.0, 1e-6);
    }
    for (size_t c = 0; c < 12; c++) { /* silence: no pitch class before another */
        check_close(silbe_matrix_row(&chroma, 0)[c], 1.0 / sqrt(12.0), 1e-7);
    }
    silbe_matrix_free(&energy);
    silbe_matrix_free(&chroma);
    free(x);
}

/* The recording's level cancels exactly when it changes by a power of two. */
static void test_level_does_not_matter(void **state)
{
    (void)state;
    enum { N = 44100 };
    float *x = signals_new(N);
    signals_add_sine(x, N, RATE_HZ, 220.0, 0.3, 0.0);
    signals_add_sine(x, N, RATE_HZ, 523.25, 0.2, 0.7);
    silbe_matrix energy = energy_of(x, N, 36, 95, 0.0);
    silbe_matrix loud = chroma_of(&energy);
    for (size_t i = 0; i < energy.n_rows * energy.n_cols; i++) {
        energy.data[i] *= 0x1p-12F;
    }
    silbe_matrix soft = chroma_of(&energy);
    assert_memory_equal(loud.data, soft.data, loud.n_rows * 12 * sizeof(float));
    silbe_matrix_free(&energy);
    silbe_matrix_free(&loud);
    silbe_matrix_free(&soft);
    free(x);
}

/* Shifting the bands by a semitone rotates the chroma. */
static void test_transposition_rotates(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(42);
    silbe_err err = SILBE_ERR_INIT;
    silbe_chroma_options low = silbe_chroma_options_default();
    silbe_chroma_options high = low;
    high.low_pitch += 1;
    high.high_pitch += 1;
    silbe_matrix energy, a, b;
    check_ok(silbe_matrix_new(&energy, 50, 60, &err), err);
    for (size_t i = 0; i < 50 * 60; i++) {
        energy.data[i] = (float)check_uniform(&rng);
    }
    check_ok(silbe_chroma_from_energy(&low, &energy, &a, &err), err);
    check_ok(silbe_chroma_from_energy(&high, &energy, &b, &err), err);
    for (size_t t = 0; t < 50; t++) {
        for (size_t c = 0; c < 12; c++) {
            check_close(silbe_matrix_row(&b, t)[(c + 1) % 12], silbe_matrix_row(&a, t)[c], 1e-6);
        }
    }
    silbe_matrix_free(&a);
    silbe_matrix_free(&b);

    /* By hand: the only energy is 4 in band 45 (A2) of one of 50 frames: level sqrt(4 / 50). */
    memset(energy.data, 0, 50 * 60 * sizeof(float));
    silbe_matrix_row(&energy, 3)[45 - 36] = 4.0F;
    low.normalise = false;
    check_ok(silbe_chroma_from_energy(&low, &energy, &a, &err), err);
    check_close(silbe_matrix_row(&a, 3)[9], log1p(10.0 * 2.0 / sqrt(4.0 / 50.0)), 1e-6);
    check_close(silbe_matrix_row(&a, 3)[8], 0.0, 0.0);
    silbe_matrix_free(&a);

    low.high_pitch = 94;
    assert_int_equal(silbe_chroma_from_energy(&low, &energy, &a, &err), SILBE_ERR_ARGUMENT);
    low = silbe_chroma_options_default();
    low.compression = NAN;
    assert_int_equal(silbe_chroma_from_energy(&low, &energy, &a, &err), SILBE_ERR_ARGUMENT);
    assert_null(a.data);
    silbe_matrix_free(&energy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_key),
        cmocka_unit_test(test_rows_have_unit_norm),
        cmocka_unit_test(test_level_does_not_matter),
        cmocka_unit_test(test_transposition_rotates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
