/* Melody and voicing: ranges, steps, glides, vibrato, determinism. */
#include <string.h>

#include "align/lyrics/phones.h"
#include "pipeline/train/augment/steps.h"
#include "tests/check.h"

enum { N = 3000 };

static uint8_t phone(const char *symbol)
{
    return (uint8_t)silbe_phone_find(symbol, strlen(symbol));
}

/* Notes of 50 frames: a, n a, n a ... */
static void fill(uint8_t *phones)
{
    for (size_t t = 0; t < N; t++) {
        phones[t] = t % 50 < 10 ? phone("n") : phone("a");
    }
}

static void test_range(void **state)
{
    (void)state;
    static uint8_t phones[N];
    static float a[N], b[N];
    check_rng rng = check_rng_new(1);
    fill(phones);
    for (int i = 0; i < 200; i++) {
        silbe_random random = {check_random(&rng)}, again = random;
        silbe_singer s = silbe_singer_random(&random);
        assert_true(s.low_hz >= 85.0 && s.high_hz <= 480.0 * 1.0001 && s.high_hz > 1.7 * s.low_hz);
        assert_true(s.vibrato_hz >= 4.5 && s.vibrato_hz <= 6.5);
        assert_true(s.vibrato_semitones >= 0.0 && s.vibrato_semitones <= 0.9);
        silbe_melody(&s, phones, N, 0.01, &random, a);
        double margin = exp2(s.vibrato_semitones / 12.0) * 1.001;
        double most =
            exp2(((4.0 * 1.5708 / (s.glide_s / 0.01) + 0.9 * 6.2832 * s.vibrato_hz * 0.01 + 0.04)) /
                 12.0);
        for (size_t t = 0; t < N; t++) {
            assert_true(a[t] >= s.low_hz / margin && a[t] <= s.high_hz * margin);
            assert_true(t == 0 || (a[t] / a[t - 1] < most && a[t - 1] / a[t] < most));
        }
        s = silbe_singer_random(&again);
        silbe_melody(&s, phones, N, 0.01, &again, b);
        assert_memory_equal(a, b, sizeof a);
    }
}

/* Without vibrato: a plateau for each vowel, steps up to 4 semitones, the glide around its start.
 */
static void test_notes(void **state)
{
    (void)state;
    static uint8_t phones[N];
    static float f0[N];
    silbe_singer s = {100.0, 200.0, 4.0, 0.08, 5.0, 0.0};
    silbe_random random = {5};
    size_t n_moves = 0;
    fill(phones);
    silbe_melody(&s, phones, N, 0.01, &random, f0);
    for (size_t begin = 10; begin + 50 < N; begin += 50) {
        for (size_t t = begin + 5; t < begin + 44; t++) {
            check_close(f0[t], f0[begin + 5], 1e-3);
        }
        double step = 12.0 * log2((double)f0[begin + 55] / (double)f0[begin + 5]);
        assert_true(fabs(step) <= 4.0001);
        n_moves += fabs(step) > 0.5;
        double middle = 12.0 * log2((double)f0[begin + 50] / (double)f0[begin + 5]);
        check_close(middle, 0.5 * step, 0.01);
    }
    assert_true(n_moves > 30);
}

/* Zero crossings of the vibrato: 5.5 Hz. */
static void test_vibrato(void **state)
{
    (void)state;
    static uint8_t phones[N];
    static float f0[N];
    silbe_singer s = {100.0, 200.0, 4.0, 0.08, 5.5, 0.5};
    silbe_random random = {6};
    memset(phones, phone("a"), sizeof phones);
    silbe_melody(&s, phones, N, 0.01, &random, f0);
    double mean = 0.0, most = 0.0;
    int crossings = 0;
    for (size_t t = 100; t < N; t++) {
        mean += log2((double)f0[t]) / (N - 100);
    }
    for (size_t t = 100; t + 1 < N; t++) {
        double x = log2((double)f0[t]) - mean, y = log2((double)f0[t + 1]) - mean;
        crossings += x < 0.0 && y >= 0.0;
        most = fmax(most, 12.0 * fabs(x));
    }
    check_close(crossings / 29.0, 5.5, 0.1);
    check_close(most, 0.5, 0.03);
}

static void test_voicing(void **state)
{
    (void)state;
    const uint8_t phones[] = {0, 0, phone("s"), phone("s"), phone("a"), phone("a"), phone("a")};
    float strength[7];
    silbe_voicing_run(phones, 7, strength);
    static const double want[] = {0, 0, 0, 0.25, 0.75, 1, 1};
    for (size_t t = 0; t < 7; t++) {
        check_close(strength[t], want[t], 1e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_vibrato),
        cmocka_unit_test(test_voicing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
