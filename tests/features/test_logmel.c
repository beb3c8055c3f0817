#include "features/logmel.h"
#include "tests/features/signals.h"

static silbe_matrix logmel_of(const silbe_logmel_options *options, double rate_hz, const float *x,
                              size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = NULL;
    silbe_matrix logmel;
    check_ok(silbe_logmel_plan_new(options, rate_hz, &plan, &err), err);
    check_ok(silbe_logmel_run(options, plan, x, n, &logmel, &err), err);
    silbe_stft_plan_free(plan);
    return logmel;
}

/* A sine lights the band whose centre is nearest, at both rates in use. */
static void test_sine_in_its_band(void **state)
{
    (void)state;
    static const double RATES_HZ[] = {16000.0, 22050.0};
    silbe_logmel_options options = silbe_logmel_options_default();
    double low = silbe_hz_to_mel(60.0, SILBE_MEL_SLANEY);
    double step = (silbe_hz_to_mel(7600.0, SILBE_MEL_SLANEY) - low) / 81.0;
    for (size_t r = 0; r < 2; r++) {
        size_t n = (size_t)RATES_HZ[r];
        for (size_t b = 4; b < 80; b += 5) {
            float *x = signals_new(n);
            double hz = silbe_mel_to_hz(low + (double)(b + 1) * step, SILBE_MEL_SLANEY);
            signals_add_sine(x, n, RATES_HZ[r], hz, 0.5, 0.0);
            silbe_matrix logmel = logmel_of(&options, RATES_HZ[r], x, n);
            assert_int_equal(logmel.n_rows, 100);
            assert_int_equal(logmel.n_cols, 80);
            for (size_t t = 5; t < 95; t++) {
                const float *row = silbe_matrix_row(&logmel, t);
                size_t best = 0;
                for (size_t c = 0; c < 80; c++) {
                    best = row[c] > row[best] ? c : best;
                }
                assert_int_equal(best, b);
            }
            silbe_matrix_free(&logmel);
            free(x);
        }
    }
}

/* Twice the amplitude is log 4 more in every band; silence is the floor. */
static void test_gain_and_floor(void **state)
{
    (void)state;
    enum { N = 16000 };
    check_rng rng = check_rng_new(61);
    silbe_logmel_options options = silbe_logmel_options_default();
    float *x = signals_new(N);
    float *y = signals_new(N);
    for (size_t i = 0; i < N; i++) {
        x[i] = i < N / 2 ? (float)(check_uniform(&rng) - 0.5) : 0.0F;
        y[i] = 2.0F * x[i];
    }
    silbe_matrix a = logmel_of(&options, 16000.0, x, N);
    silbe_matrix b = logmel_of(&options, 16000.0, y, N);
    for (size_t c = 0; c < 80; c++) {
        for (size_t t = 0; t < 48; t++) {
            check_close(silbe_matrix_row(&b, t)[c] - silbe_matrix_row(&a, t)[c], log(4.0), 1e-5);
        }
        check_close(silbe_matrix_row(&a, 60)[c], log(1e-10), 1e-5);
    }
    float values[3] = {0.5e-10F, 1e-10F, 1.5e-10F};
    silbe_matrix few = {.data = values, .n_rows = 1, .n_cols = 3};
    silbe_logmel_compress(&options, &few);
    check_close(values[0], log(1e-10), 1e-5);
    check_close(values[1], log(1e-10), 1e-5);
    check_close(values[2], log(1.5e-10), 1e-5);
    silbe_matrix_free(&a);
    silbe_matrix_free(&b);
    free(x);
    free(y);
}

static void test_wrong_options(void **state)
{
    (void)state;
    silbe_logmel_options bad[4];
    for (size_t i = 0; i < 4; i++) {
        bad[i] = silbe_logmel_options_default();
    }
    bad[0].window_s = 0.0;
    bad[1].window_s = NAN;
    bad[2].floor = 0.0;
    bad[3].hop_s = 0.0;
    for (size_t i = 0; i < 4; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_stft_plan *plan = NULL;
        assert_int_equal(silbe_logmel_plan_new(&bad[i], 16000.0, &plan, &err), SILBE_ERR_ARGUMENT);
        assert_null(plan);
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_logmel_options options = silbe_logmel_options_default();
    silbe_stft_plan *plan = NULL;
    silbe_matrix logmel;
    float x[100] = {0};
    options.high_hz = 9000.0;
    check_ok(silbe_logmel_plan_new(&options, 16000.0, &plan, &err), err);
    assert_int_equal(silbe_logmel_run(&options, plan, x, 100, &logmel, &err), SILBE_ERR_ARGUMENT);
    assert_null(logmel.data);
    silbe_stft_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sine_in_its_band),
        cmocka_unit_test(test_gain_and_floor),
        cmocka_unit_test(test_wrong_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
