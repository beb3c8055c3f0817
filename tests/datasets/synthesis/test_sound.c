/* The piano, the room and the finished recordings. */
#include <string.h>

#include "datasets/synthesis/room.h"
#include "tests/check.h"
#include "tests/datasets/demo/demo_item.h"

#define TAU 6.283185307179586
#define RATE ((double)SILBE_SYNTH_RATE_HZ)

/* Power of one frequency, Hann window. */
static double power_at(const float *x, size_t n, double hz)
{
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i < n; i++) {
        double w = 0.5 - 0.5 * cos(TAU * (double)i / (double)n);
        re += w * (double)x[i] * cos(TAU * hz * (double)i / RATE);
        im += w * (double)x[i] * sin(TAU * hz * (double)i / RATE);
    }
    return (re * re + im * im) / ((double)n * (double)n);
}

/* The strongest frequency within a semitone of the first piano note of every item is its pitch. */
static void test_piano_in_tune(void **state)
{
    (void)state;
    for (size_t s = 0; silbe_demo_song_at(s) != NULL; s += 2) { /* 0 and 2 begin with one note */
        for (size_t v = 0; silbe_demo_version_at(v) != NULL; v++) {
            demo_item item;
            float *x = NULL;
            size_t n = 0;
            silbe_err err = SILBE_ERR_INIT;
            demo_item_open(&item, s, v);
            check_ok(
                silbe_synth_record(&item.performance, item.sung, SILBE_SYNTH_PIANO, &x, &n, &err),
                err);
            const silbe_synth_note *note = &item.performance.notes[item.performance.n_voice];
            double want_hz = silbe_synth_frequency_hz(item.performance.version, note->pitch);
            size_t from = (size_t)(note->start_s * RATE);
            size_t length = (size_t)((note->end_s - note->start_s) * RATE);
            double best = 0.0, best_cents = 100.0;
            for (double cents = -100.0; cents <= 100.0; cents += 2.0) {
                double p = power_at(x + from, length, want_hz * exp2(cents / 1200.0));
                if (p > best) {
                    best = p;
                    best_cents = cents;
                }
            }
            check_close(best_cents, 0.0, 8.0);
            assert_true(power_at(x, from / 2 + 1, want_hz) < 1e-6 * best); /* silence before */
            free(x);
            demo_item_close(&item);
        }
    }
}

/* An impulse comes back for about 1.3 s and dies away: 60 dB and more below after 2 s. */
static void test_reverberation(void **state)
{
    (void)state;
    size_t n = (size_t)(3 * RATE);
    float *x = calloc(n, sizeof *x);
    silbe_err err = SILBE_ERR_INIT;
    assert_non_null(x);
    x[0] = 1.0F;
    check_ok(silbe_synth_reverberate(x, n, &err), err);
    check_close(x[0], 1.0, 1e-6); /* the sound itself arrives first, unchanged */
    double early = 0.0, late = 0.0;
    for (size_t i = 1000; i < 6000; i++) {
        early += (double)x[i] * (double)x[i];
        late += (double)x[i + 44100] * (double)x[i + 44100];
    }
    assert_true(early > 1e-3);
    assert_true(late < 1e-5 * early);
    free(x);
}

/* The wow is exact: what the disc plays at disc_time(u) was recorded at u. */
static void test_disc_time(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    double largest_s = 0.0;
    double before_s = -1.0;
    for (int i = 0; i < 2000; i++) {
        double u = 0.02 * i + 0.01 * check_uniform(&rng);
        double t = silbe_synth_disc_time(u);
        double shift_s = 0.0018 / (TAU * 1.3);
        check_close(t - shift_s * sin(TAU * 1.3 * t), u, 1e-12);
        assert_true(t > before_s);
        before_s = t;
        largest_s = fmax(largest_s, fabs(t - u));
    }
    assert_true(largest_s > 1e-4 && largest_s < 3e-4);
}

/* Levels of the finished recordings; the disc sounds like one. */
static void test_recordings(void **state)
{
    (void)state;
    for (size_t v = 0; silbe_demo_version_at(v) != NULL; v++) {
        demo_item item;
        float *x = NULL;
        size_t n = 0;
        silbe_err err = SILBE_ERR_INIT;
        demo_item_open(&item, 1, v);
        double word_s = item.performance.words[5].start_s;
        check_ok(
            silbe_synth_record(&item.performance, item.sung, SILBE_SYNTH_EVERYTHING, &x, &n, &err),
            err);
        const silbe_synth_version *version = item.performance.version;
        check_close((double)n / RATE, item.performance.duration_s, 1e-3);
        float peak = 0.0F;
        double sum = 0.0, treble = 0.0, bass = 0.0;
        for (size_t i = 0; i < n; i++) {
            assert_true(isfinite(x[i]));
            peak = fmaxf(peak, fabsf(x[i]));
            sum += (double)x[i] * (double)x[i];
        }
        check_close(peak, version->peak, 0.01);
        assert_true(peak < 0.99F); /* the file clips nothing; the disc's clipping is soft, before */
        double rms_db = 10.0 * log10(sum / (double)n);
        assert_true(rms_db > -32.0 && rms_db < -10.0);
        size_t at = (size_t)(5.0 * RATE);
        for (double hz = 7000.0; hz < 9000.0; hz += 50.0) {
            treble += power_at(x + at, 8192, hz);
        }
        for (double hz = 3000.0; hz < 4000.0; hz += 25.0) {
            bass += power_at(x + at, 8192, hz);
        }
        if (version->disc) {
            assert_true(treble < 0.3 * bass); /* noise, but band-limited */
            assert_true(fabs(item.performance.words[5].start_s - word_s) > 1e-9);
            check_close(item.performance.words[5].start_s, silbe_synth_disc_time(word_s), 1e-12);
        } else {
            check_close(item.performance.words[5].start_s, word_s, 0.0);
        }
        free(x);
        demo_item_close(&item);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_piano_in_tune),
        cmocka_unit_test(test_reverberation),
        cmocka_unit_test(test_disc_time),
        cmocka_unit_test(test_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
