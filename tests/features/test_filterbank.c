#include "features/filterbank.h"
#include "tests/features/signals.h"

static silbe_stft_plan *plan_of(double rate_hz, size_t window, size_t fft, silbe_stft_scale scale)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = NULL;
    silbe_stft_options options = {.rate_hz = rate_hz,
                                  .hop_s = 0.01,
                                  .window_samples = window,
                                  .fft_samples = fft,
                                  .scale = scale};
    check_ok(silbe_stft_plan_new(&options, &plan, &err), err);
    return plan;
}

static double weight(const silbe_filterbank *bank, size_t band, size_t bin)
{
    if (bin < bank->begin[band] || bin >= bank->end[band]) {
        return 0.0;
    }
    return bank->weights[bank->offset[band] + bin - bank->begin[band]];
}

/* Each weight is the formula of the header, evaluated bin by bin. */
static void test_pitch_weights(void **state)
{
    (void)state;
    static const double CENTS[] = {0.0, 37.0, -50.0};
    silbe_stft_plan *plan = plan_of(22050.0, 4096, 0, SILBE_STFT_AMPLITUDE);
    for (size_t i = 0; i < 3; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_filterbank bank;
        check_ok(silbe_filterbank_pitch(&bank, plan, 21, 108, CENTS[i], &err), err);
        assert_int_equal(bank.n_bands, 88);
        for (size_t b = 0; b < 88; b++) {
            double f = signals_pitch_hz(21.0 + (double)b + CENTS[i] / 100.0);
            double h = fmax(f * (pow(2.0, 1.0 / 12.0) - 1.0), 22050.0 / 4096.0);
            check_close(bank.centre_hz[b], f, 1e-9 * f);
            for (size_t k = 0; k < bank.n_bins; k++) {
                double hz = (double)k * 22050.0 / 4096.0;
                check_close(weight(&bank, b, k), fmax(0.0, 1.0 - fabs(hz - f) / h), 1e-6);
            }
        }
        silbe_filterbank_free(&bank);
    }
    silbe_stft_plan_free(plan);
}

/* Slaney: 15 mel at 1000 Hz, 27 mel for each factor 6.4; HTK: 1000 mel at 1000 Hz to 4 digits. */
static void test_mel_scales(void **state)
{
    (void)state;
    check_close(silbe_hz_to_mel(60.0, SILBE_MEL_SLANEY), 0.9, 1e-12);
    check_close(silbe_hz_to_mel(1000.0, SILBE_MEL_SLANEY), 15.0, 1e-12);
    check_close(silbe_hz_to_mel(6400.0, SILBE_MEL_SLANEY), 42.0, 1e-12);
    check_close(silbe_hz_to_mel(1000.0, SILBE_MEL_HTK), 999.9855, 1e-4);
    for (double hz = 0.0; hz < 12000.0; hz += 77.7) {
        check_close(silbe_mel_to_hz(silbe_hz_to_mel(hz, SILBE_MEL_SLANEY), SILBE_MEL_SLANEY), hz,
                    1e-8);
        check_close(silbe_mel_to_hz(silbe_hz_to_mel(hz, SILBE_MEL_HTK), SILBE_MEL_HTK), hz, 1e-8);
    }
}

/* Triangles of area 1 Hz, whatever the width; neighbours meet at their centres. */
static void test_mel_area(void **state)
{
    (void)state;
    silbe_stft_plan *plan = plan_of(16000.0, 16384, 0, SILBE_STFT_UNSCALED);
    silbe_err err = SILBE_ERR_INIT;
    silbe_filterbank bank;
    check_ok(silbe_filterbank_mel(&bank, plan, 80, 60.0, 7600.0, SILBE_MEL_SLANEY, &err), err);
    for (size_t b = 0; b < 80; b++) {
        double area = 0.0;
        for (size_t k = 0; k < bank.n_bins; k++) {
            area += weight(&bank, b, k) * 16000.0 / 16384.0;
        }
        check_close(area, 1.0, 2e-3);
        size_t centre = (size_t)(bank.centre_hz[b] / (16000.0 / 16384.0) + 0.5);
        if (b > 0) {
            assert_true(weight(&bank, b - 1, centre + 1) == 0.0);
        }
    }
    silbe_filterbank_free(&bank);
    silbe_stft_plan_free(plan);
}

static void test_apply_is_the_matrix_product(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(21);
    silbe_err err = SILBE_ERR_INIT;
    silbe_filterbank bank;
    silbe_stft_plan *plan = plan_of(16000.0, 640, 1024, SILBE_STFT_UNSCALED);
    /* HTK at this length has bands narrower than a bin: some are empty, and 0. */
    check_ok(silbe_filterbank_mel(&bank, plan, 400, 0.0, 8000.0, SILBE_MEL_HTK, &err), err);
    float power[513], bands[400];
    size_t n_empty = 0;
    for (size_t k = 0; k < 513; k++) {
        power[k] = (float)check_uniform(&rng);
    }
    silbe_filterbank_apply(&bank, power, bands);
    for (size_t b = 0; b < 400; b++) {
        double sum = 0.0;
        for (size_t k = 0; k < 513; k++) {
            sum += weight(&bank, b, k) * power[k];
        }
        check_close(bands[b], sum, 1e-6);
        n_empty += bank.end[b] == bank.begin[b];
    }
    assert_true(n_empty > 0);
    silbe_filterbank_free(&bank);
    silbe_stft_plan_free(plan);
}

/* The matrix grows when the guess of the length was wrong, without a change in any bit. */
static void test_stream_without_length(void **state)
{
    (void)state;
    enum { N = 200000 };
    check_rng rng = check_rng_new(22);
    silbe_err err = SILBE_ERR_INIT;
    silbe_filterbank bank;
    silbe_stft_plan *plan = plan_of(22050.0, 1024, 0, SILBE_STFT_AMPLITUDE);
    check_ok(silbe_filterbank_pitch(&bank, plan, 36, 107, 0.0, &err), err);
    float *x = signals_new(N);
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)(check_uniform(&rng) - 0.5);
    }
    silbe_matrix whole, parts;
    check_ok(silbe_band_energy(plan, &bank, x, N, &whole, &err), err);
    silbe_band_stream *stream = NULL;
    check_ok(silbe_band_stream_new(plan, &bank, 0, &stream, &err), err);
    for (size_t i = 0; i < N; i += 1000) {
        check_ok(silbe_band_stream_push(stream, x + i, 1000, &err), err);
    }
    check_ok(silbe_band_stream_finish(stream, &parts, &err), err);
    silbe_band_stream_free(stream);
    assert_int_equal(parts.n_rows, whole.n_rows);
    assert_int_equal(whole.n_rows, silbe_stft_plan_frames(plan, N));
    assert_memory_equal(parts.data, whole.data, whole.n_rows * whole.n_cols * sizeof(float));
    silbe_matrix_free(&whole);
    silbe_matrix_free(&parts);
    free(x);

    silbe_stft_plan *other = plan_of(22050.0, 2048, 0, SILBE_STFT_AMPLITUDE);
    assert_int_equal(silbe_band_stream_new(other, &bank, 0, &stream, &err), SILBE_ERR_ARGUMENT);
    assert_null(stream);
    silbe_stft_plan_free(other);
    silbe_filterbank_free(&bank);
    silbe_stft_plan_free(plan);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_filterbank bank;
    silbe_stft_plan *plan = plan_of(8000.0, 1024, 0, SILBE_STFT_AMPLITUDE);
    const silbe_mel_scale slaney = SILBE_MEL_SLANEY;
    assert_int_equal(silbe_filterbank_pitch(&bank, plan, -1, 60, 0.0, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_pitch(&bank, plan, 61, 60, 0.0, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_pitch(&bank, plan, 36, 136, 0.0, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_pitch(&bank, plan, 36, 107, NAN, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_pitch(&bank, plan, 36, 108, 0.0, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "4186.0 Hz"));
    assert_int_equal(silbe_filterbank_mel(&bank, plan, 0, 60.0, 3000.0, slaney, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_mel(&bank, plan, 80, 60.0, 4001.0, slaney, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_filterbank_mel(&bank, plan, 80, NAN, 4000.0, slaney, &err),
                     SILBE_ERR_ARGUMENT);
    silbe_filterbank_free(&bank);
    silbe_stft_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pitch_weights),
        cmocka_unit_test(test_mel_scales),
        cmocka_unit_test(test_mel_area),
        cmocka_unit_test(test_apply_is_the_matrix_product),
        cmocka_unit_test(test_stream_without_length),
        cmocka_unit_test(test_wrong_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
