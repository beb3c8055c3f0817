/* Colour, accompaniment, noise, room, crackle, masks. */
#include <string.h>

#include "pipeline/train/augment/augment.h"
#include "pipeline/train/augment/steps.h"
#include "tests/check.h"

enum { BANDS = 80, FRAMES = 600 };

static silbe_bands bands;
static float power[FRAMES * BANDS], other[FRAMES * BANDS], scratch[BANDS];

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

static double level(void)
{
    return silbe_mix_level(&bands, power, NULL, FRAMES);
}

static double db_at(const float *gain, double hz)
{
    size_t b = 0;
    while (b + 1 < BANDS && bands.centre_hz[b + 1] <= hz) {
        b++;
    }
    return 10.0 / log(10.0) * (double)gain[b];
}

static void test_colour(void **state)
{
    (void)state;
    float gain[BANDS], again[BANDS], flat[BANDS] = {0.0F};
    for (uint64_t seed = 1; seed < 50; seed++) {
        silbe_random a = {seed}, b = {seed};
        silbe_colour_equalise(&bands, 6.0, &a, gain);
        silbe_colour_equalise(&bands, 6.0, &b, again);
        assert_memory_equal(gain, again, sizeof gain);
        for (size_t k = 0; k < BANDS; k++) {
            assert_true(fabs(10.0 / log(10.0) * (double)gain[k]) <= 6.0001);
            assert_true(k == 0 || fabs((double)(gain[k] - gain[k - 1])) < 0.15);
        }
    }
    memset(gain, 0, sizeof gain);
    silbe_colour_formant(&bands, 2800.0, 9.0, gain);
    check_close(db_at(gain, 2800.0), 9.0, 0.6);
    check_close(db_at(gain, 1400.0), 0.0, 0.1);
    memset(gain, 0, sizeof gain);
    silbe_colour_disc(&bands, 200.0, 4000.0, gain);
    check_close(db_at(gain, 900.0), 0.0, 0.1);
    check_close(db_at(gain, 4000.0), -3.0, 1.0);
    assert_true(db_at(gain, 7500.0) < -18.0 && db_at(gain, 101.0) < -11.0);
    for (size_t i = 0; i < FRAMES * BANDS; i++) {
        power[i] = 3.0F;
    }
    silbe_colour_apply(flat, NULL, FRAMES, BANDS, power);
    assert_true(power[77] == 3.0F);
    silbe_colour_apply(gain, NULL, FRAMES, BANDS, power);
    check_close(power[5 * BANDS + 7], 3.0 * exp((double)gain[7]), 1e-5);
}

/* Powers add; levels are those asked for. */
static void test_levels(void **state)
{
    (void)state;
    silbe_random random = {4}, again = {4};
    memset(power, 0, sizeof power);
    silbe_mix_noise(&bands, 2.0, 0.0, 0.0, FRAMES, &random, power);
    check_close(level(), 2.0, 1e-5);
    check_close(power[3], power[70], 1e-6); /* white: the same per Hz */
    memset(power, 0, sizeof power);
    silbe_mix_noise(&bands, 2.0, -3.0, 0.5, FRAMES, &random, power);
    check_close(level(), 2.0, 0.02);
    memcpy(other, power, sizeof power);
    memset(power, 0, sizeof power);
    silbe_mix_noise(&bands, 2.0, 0.0, 0.0, FRAMES, &again, power); /* steady noise draws nothing */
    memset(power, 0, sizeof power);
    silbe_mix_noise(&bands, 2.0, -3.0, 0.5, FRAMES, &again, power);
    assert_memory_equal(other, power, sizeof power);
    double before = level();
    silbe_mix_add(other, 0.5, FRAMES * BANDS, power);
    check_close(level(), 1.5 * before, 1e-5);
    silbe_mix_add(other, 0.0, FRAMES * BANDS, power);
    check_close(level(), 1.5 * before, 1e-5);
    float strength[FRAMES] = {0.0F};
    strength[9] = 1.0F;
    for (size_t b = 0; b < BANDS; b++) {
        power[9 * BANDS + b] = 7.0F;
    }
    double width =
        (bands.edge_hz[BANDS + 1] + bands.edge_hz[BANDS] - bands.edge_hz[1] - bands.edge_hz[0]) /
        2.0;
    check_close(silbe_mix_level(&bands, power, strength, FRAMES), 7.0 * width / BANDS, 1e-3);
}

static void test_room(void **state)
{
    (void)state;
    memset(power, 0, sizeof power);
    power[10 * BANDS + 3] = 5.0F;
    memcpy(other, power, sizeof power);
    silbe_mix_room(0.0, 1.0, 0.01, FRAMES, BANDS, power, scratch);
    assert_memory_equal(power, other, sizeof power);
    silbe_mix_room(0.4, 0.5, 0.01, FRAMES, BANDS, power, scratch);
    double sum = 0.0;
    for (size_t t = 0; t < FRAMES; t++) {
        sum += (double)power[t * BANDS + 3];
        assert_true(power[t * BANDS + 4] == 0.0F);
    }
    assert_true(power[9 * BANDS + 3] == 0.0F && power[10 * BANDS + 3] == 5.0F);
    check_close(sum, 5.0 * 1.4, 1e-3);
    check_close(10.0 * log10((double)power[11 * BANDS + 3] / (double)power[61 * BANDS + 3]), 60.0,
                0.01);
}

static void test_crackle(void **state)
{
    (void)state;
    silbe_random random = {8};
    size_t n = 0;
    memset(power, 0, sizeof power);
    silbe_mix_crackle(&bands, 1.0, 10.0, 0.01, FRAMES, &random, power);
    for (size_t t = 0; t < FRAMES; t++) {
        n += power[t * BANDS] > 0.0F;
    }
    assert_true(n > 35 && n < 90);
    memset(power, 0, sizeof power);
    silbe_mix_crackle(&bands, 1.0, 0.0, 0.01, FRAMES, &random, power);
    check_close(level(), 0.0, 0.0);
}

static void test_masks(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        silbe_random random = {seed};
        size_t n_masked = 0;
        for (size_t i = 0; i < 3 * BANDS; i++) {
            power[i] = 1.0F;
        }
        silbe_mask_bands(2, 10, 3, BANDS, &random, power);
        for (size_t b = 0; b < BANDS; b++) {
            n_masked += power[b] == 0.0F;
            assert_true(power[b] == power[BANDS + b] && power[b] == power[2 * BANDS + b]);
        }
        assert_true(n_masked <= 20);
        silbe_mask_bands(0, 10, 3, BANDS, &random, power);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_colour),  cmocka_unit_test(test_levels), cmocka_unit_test(test_room),
        cmocka_unit_test(test_crackle), cmocka_unit_test(test_masks),
    };
    return cmocka_run_group_tests(tests, make_bands, free_bands);
}
