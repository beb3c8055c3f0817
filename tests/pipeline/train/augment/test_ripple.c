/* Bands, pitch taken out and written, vocal tract. */
#include <string.h>

#include "features/logmel.h"
#include "pipeline/train/augment/steps.h"
#include "pipeline/train/data/logmel_cache.h"
#include "tests/check.h"

enum { BANDS = 80, N_SAMPLES = 11025 };

static silbe_bands bands;

static int make_bands(void **state)
{
    (void)state;
    silbe_logmel_options options = silbe_logmel_options_default();
    silbe_err err = SILBE_ERR_INIT;
    return silbe_bands_new(&options, 110.0, &bands, &err) == SILBE_OK ? 0 : -1;
}

static int free_bands(void **state)
{
    (void)state;
    silbe_bands_free(&bands);
    return 0;
}

static double energy(const float *power)
{
    double sum = 0.0;
    for (size_t b = 0; b < BANDS; b++) {
        sum += (double)power[b] * 0.5 * (bands.edge_hz[b + 2] - bands.edge_hz[b]);
    }
    return sum;
}

/* The ripple that is written is what the front end shows of a buzz of the same pitch. Mean of 30
 * frames, in which the phases between partials turn a whole number of times: interference cancels.
 */
static void test_against_front_end(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_logmel_options options = silbe_logmel_options_default();
    silbe_stft_plan *plan;
    check_ok(silbe_logmel_plan_new(&options, SILBE_TRAIN_RATE_HZ, &plan, &err), err);
    static const double pitches_hz[] = {110.0, 190.0, 310.0, 470.0};
    for (size_t i = 0; i < 4; i++) {
        float samples[N_SAMPLES], power[BANDS], scratch[BANDS], one = 1.0F;
        float f0_hz = (float)pitches_hz[i];
        for (size_t n = 0; n < N_SAMPLES; n++) {
            double sum = 0.0;
            for (int k = 1; k * pitches_hz[i] < 7900.0; k++) { /* phases at random */
                sum += cos(6.283185307179586 * k * pitches_hz[i] * (double)n / SILBE_TRAIN_RATE_HZ +
                           1.7 * k * k);
            }
            samples[n] = (float)(0.01 * sum);
        }
        silbe_matrix m = SILBE_MATRIX_INIT;
        check_ok(silbe_logmel_run(&options, plan, samples, N_SAMPLES, &m, &err), err);
        for (size_t b = 0; b < BANDS; b++) {
            power[b] = 1.0F;
        }
        silbe_ripple_write(&bands, &f0_hz, &one, 1, power, scratch);
        /* The buzz has a level of its own: taken from the high bands, where nothing is resolved. */
        double level = 0.0, seen[BANDS];
        for (size_t b = 0; b < BANDS; b++) {
            seen[b] = 0.0;
            for (size_t t = 10; t < 40; t++) {
                seen[b] += exp((double)silbe_matrix_row(&m, t)[b]) / 30.0;
            }
            level += b >= 60 ? seen[b] / (double)power[b] / 20.0 : 0.0;
        }
        for (size_t b = 0; b < 78; b++) {
            double want_db = 10.0 * log10(seen[b] / level), got_db = 10.0 * log10((double)power[b]);
            if (want_db > -15.0) {
                check_close(got_db, want_db, 1.5);
            } else {
                assert_true(got_db < -12.0);
            }
        }
        silbe_matrix_free(&m);
    }
    silbe_stft_plan_free(plan);
}

static void test_energy(void **state)
{
    (void)state;
    float power[BANDS], before[BANDS], scratch[BANDS], one = 1.0F, none = 0.0F;
    double sum = 0.0;
    size_t n = 0;
    for (size_t b = 0; b < BANDS; b++) {
        before[b] = 1.0F + 0.5F * (float)sin(0.2 * (double)b);
    }
    for (float f0 = 85.0F; f0 < 480.0F; f0 *= 1.013F, n++) {
        memcpy(power, before, sizeof power);
        silbe_ripple_write(&bands, &f0, &one, 1, power, scratch);
        sum += energy(power) / energy(before);
        check_close(energy(power) / energy(before), 1.0, 0.08);
    }
    check_close(sum / (double)n, 1.0, 0.02);
    /* Nothing at strength 0, nothing without a pitch. */
    float f0 = 200.0F, mute = 0.0F;
    memcpy(power, before, sizeof power);
    silbe_ripple_write(&bands, &f0, &none, 1, power, scratch);
    silbe_ripple_write(&bands, &mute, &one, 1, power, scratch);
    silbe_ripple_smooth(&bands, &none, 1, power, scratch);
    assert_memory_equal(power, before, sizeof power);
}

/* What is written on a flat spectrum is gone after smoothing; a flat one stays flat. */
static void test_smooth(void **state)
{
    (void)state;
    float power[BANDS], scratch[BANDS], one = 1.0F;
    for (size_t b = 0; b < BANDS; b++) {
        power[b] = 2.0F;
    }
    silbe_ripple_smooth(&bands, &one, 1, power, scratch);
    for (size_t b = 0; b < BANDS; b++) {
        check_close(power[b], 2.0, 1e-5);
    }
    for (float f0 = 90.0F; f0 < 300.0F; f0 += 35.0F) {
        double least = 1e9, most = 0.0, least_before = 1e9, most_before = 0.0;
        for (size_t b = 0; b < BANDS; b++) {
            power[b] = 1.0F;
        }
        silbe_ripple_write(&bands, &f0, &one, 1, power, scratch);
        double whole = energy(power);
        for (size_t b = 12; b < BANDS - 4; b++) {
            least_before = fmin(least_before, (double)power[b]);
            most_before = fmax(most_before, (double)power[b]);
        }
        silbe_ripple_smooth(&bands, &one, 1, power, scratch);
        for (size_t b = 12; b < BANDS - 4; b++) {
            least = fmin(least, (double)power[b]);
            most = fmax(most, (double)power[b]);
        }
        check_close(energy(power) / whole, 1.0, 0.05);
        assert_true(10.0 * log10(most / least) < 3.0);
        if (f0 > 150.0F) {
            assert_true(10.0 * log10(most_before / least_before) > 8.0);
        }
    }
}

/* A bump at f moves to alpha f. */
static void test_warp(void **state)
{
    (void)state;
    float row[BANDS], before[BANDS], scratch[BANDS];
    static const double alphas[] = {0.8, 0.93, 1.0, 1.18};
    for (size_t i = 0; i < 4; i++) {
        for (size_t b = 0; b < BANDS; b++) {
            double x = log(bands.centre_hz[b] / 1500.0) / 0.08;
            before[b] = row[b] = (float)exp(-0.5 * x * x);
        }
        silbe_band_warp(&bands, alphas[i], 1, row, scratch);
        double sum = 0.0, centre = 0.0;
        for (size_t b = 0; b < BANDS; b++) {
            double width = bands.edge_hz[b + 2] - bands.edge_hz[b];
            sum += width / bands.centre_hz[b] * (double)row[b];
            centre += width / bands.centre_hz[b] * (double)row[b] * log(bands.centre_hz[b]);
        }
        check_close(exp(centre / sum) / 1500.0, alphas[i], 0.01);
        if (alphas[i] == 1.0) {
            assert_memory_equal(row, before, sizeof row);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_front_end),
        cmocka_unit_test(test_energy),
        cmocka_unit_test(test_smooth),
        cmocka_unit_test(test_warp),
    };
    return cmocka_run_group_tests(tests, make_bands, free_bands);
}
