#include "features/tuning.h"
#include "tests/features/signals.h"

static const double RATE_HZ = 22050.0;

static silbe_tuning tuning_of(const float *x, size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_tuning_options options = silbe_tuning_options_default();
    silbe_stft_plan *plan = NULL;
    silbe_tuning tuning;
    check_ok(silbe_tuning_plan_new(&options, RATE_HZ, &plan, &err), err);
    check_ok(silbe_tuning_run(&options, plan, x, n, &tuning, &err), err);
    silbe_stft_plan_free(plan);
    return tuning;
}

/* Chords of tones with harmonics, the whole orchestra detuned: within two cents (the harmonics 3
 * and 5 are not tempered: +2 and -14 cents), also across the quarter tone. */
static void test_detuned_chords(void **state)
{
    (void)state;
    static const double CENTS[] = {0.0, 10.0, 31.8, -20.0, -45.0, 49.0};
    static const int CHORD[] = {48, 55, 64, 72};
    enum { N = 44100 };
    for (size_t c = 0; c < 6; c++) {
        float *x = signals_new(N);
        for (size_t k = 0; k < 4; k++) {
            double hz = signals_pitch_hz(CHORD[k] + CENTS[c] / 100.0);
            signals_add_sine(x, N, RATE_HZ, hz, 0.1, 0.0);
            signals_add_sine(x, N, RATE_HZ, 2.0 * hz, 0.05, 0.0);
        }
        silbe_tuning tuning = tuning_of(x, N);
        double off = tuning.cents - CENTS[c];
        check_close(off - 100.0 * nearbyint(off / 100.0), 0.0, 1.0);
        assert_true(tuning.confidence > 0.95 && tuning.confidence <= 1.0 + 1e-12);
        assert_in_range(tuning.n_peaks, 4 * 20, 12 * 20);
        free(x);
    }
}

static void test_single_sine(void **state)
{
    (void)state;
    enum { N = 44100 };
    for (double cents = -49.0; cents < 50.0; cents += 7.0) {
        float *x = signals_new(N);
        signals_add_sine(x, N, RATE_HZ, signals_pitch_hz(69.0 + cents / 100.0), 0.3, 0.0);
        check_close(tuning_of(x, N).cents, cents, 0.5);
        free(x);
    }
}

/* Noise has no tuning: the votes cancel. Silence has none either, and no NaN. */
static void test_nothing_tonal(void **state)
{
    (void)state;
    enum { N = 220500 };
    check_rng rng = check_rng_new(31);
    float *x = signals_new(N);
    silbe_tuning silent = tuning_of(x, N);
    check_close(silent.cents, 0.0, 0.0);
    check_close(silent.confidence, 0.0, 0.0);
    assert_int_equal(silent.n_peaks, 0);
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)(check_uniform(&rng) - 0.5);
    }
    assert_true(tuning_of(x, N).confidence < 0.1);
    free(x);
}

/* Louder is not differently tuned. */
static void test_level_does_not_matter(void **state)
{
    (void)state;
    enum { N = 44100 };
    float *x = signals_new(N);
    signals_add_sine(x, N, RATE_HZ, 452.0, 0.3, 0.0);
    signals_add_sine(x, N, RATE_HZ, 301.0, 0.2, 0.5);
    silbe_tuning loud = tuning_of(x, N);
    for (size_t i = 0; i < N; i++) {
        x[i] *= 0.0078125F;
    }
    silbe_tuning soft = tuning_of(x, N);
    check_close(soft.cents, loud.cents, 0.05);
    assert_int_equal(soft.n_peaks, loud.n_peaks);
    free(x);
}

static void test_wrong_options(void **state)
{
    (void)state;
    silbe_tuning_options bad[4];
    for (size_t i = 0; i < 4; i++) {
        bad[i] = silbe_tuning_options_default();
    }
    bad[0].low_hz = 0.0;
    bad[1].high_hz = 20000.0;
    bad[2].peak_ratio = NAN;
    bad[3].window_samples = 3;
    for (size_t i = 0; i < 4; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_stft_plan *plan = NULL;
        assert_int_equal(silbe_tuning_plan_new(&bad[i], RATE_HZ, &plan, &err), SILBE_ERR_ARGUMENT);
        assert_null(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detuned_chords), cmocka_unit_test(test_single_sine),
        cmocka_unit_test(test_nothing_tonal),  cmocka_unit_test(test_level_does_not_matter),
        cmocka_unit_test(test_wrong_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
