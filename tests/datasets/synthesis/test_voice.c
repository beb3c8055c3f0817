#include "datasets/synthesis/voice.h"

#include <string.h>

#include "tests/check.h"
#include "tests/datasets/demo/demo_item.h"

#define RATE ((double)SILBE_SYNTH_RATE_HZ)

static void for_each_item(void (*fn)(demo_item *item))
{
    for (size_t s = 0; silbe_demo_song_at(s) != NULL; s++) {
        for (size_t v = 0; silbe_demo_version_at(v) != NULL; v++) {
            demo_item item;
            demo_item_open(&item, s, v);
            fn(&item);
            demo_item_close(&item);
        }
    }
}

/* The vowel of every syllable begins with its first note; its consonants come before, in order;
 * nothing overlaps. */
static void check_plan(demo_item *item)
{
    silbe_synth_plan plan = SILBE_SYNTH_PLAN_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_synth_plan_voice(&plan, &item->performance, item->sung, &err), err);
    size_t note = 0;
    for (size_t i = 0; i < plan.n_segments; i++) {
        const silbe_synth_segment *segment = &plan.segments[i];
        const silbe_synth_sung *sung = &item->sung[segment->syllable];
        assert_true(segment->end_s > segment->start_s);
        if (i > 0) {
            assert_true(segment->start_s >= plan.segments[i - 1].end_s - 1e-9);
            assert_true(segment->syllable >= plan.segments[i - 1].syllable);
        }
        if (segment->phone == sung->phones[sung->nucleus]) {
            while (item->performance.notes[note].syllable < segment->syllable) {
                note++;
            }
            check_close(segment->start_s, item->performance.notes[note].start_s, 1e-9);
            double next_s = note + 1 < item->performance.n_voice
                                ? item->performance.notes[note + 1].start_s
                                : item->performance.duration_s;
            assert_true(segment->end_s - segment->start_s > 0.09 ||
                        segment->end_s - segment->start_s > 0.4 * (next_s - segment->start_s));
        }
    }
    assert_true(plan.n_segments > 2 * item->song.n_syllables);
    silbe_synth_plan_free(&plan);
}

static void test_plan(void **state)
{
    (void)state;
    for_each_item(check_plan);
}

/* Frequency in [low_hz, high_hz] at which samples[0 .. n) repeat best: the peak of the normalised
 * autocorrelation, with parabolic interpolation. */
static double pitch_hz(const float *samples, size_t n, double low_hz, double high_hz)
{
    size_t from = (size_t)(RATE / high_hz);
    size_t to = (size_t)(RATE / low_hz) + 1;
    double best = -2.0, best_lag = 1.0, before = -2.0, at = -2.0;
    for (size_t lag = from; lag <= to + 1; lag++) {
        double xy = 0.0, xx = 1e-12, yy = 1e-12;
        for (size_t i = 0; i + lag < n; i++) {
            xy += (double)samples[i] * (double)samples[i + lag];
            xx += (double)samples[i] * (double)samples[i];
            yy += (double)samples[i + lag] * (double)samples[i + lag];
        }
        double now = xy / sqrt(xx * yy);
        if (at > best && at >= before && at >= now) {
            best = at;
            best_lag = (double)(lag - 1) + 0.5 * (before - now) / (before - 2.0 * at + now);
        }
        before = at;
        at = now;
    }
    return RATE / best_lag;
}

/* Held notes have the score's pitch, in the version's key and tuning; vibrato averages out. */
static void check_pitch(demo_item *item)
{
    float *samples = NULL;
    size_t n = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(
        silbe_synth_record(&item->performance, item->sung, SILBE_SYNTH_VOICE, &samples, &n, &err),
        err);
    size_t n_checked = 0;
    for (size_t i = 0; i < item->performance.n_voice; i++) {
        const silbe_synth_note *note = &item->performance.notes[i];
        double length_s = note->end_s - note->start_s;
        if (length_s < 0.7) {
            continue;
        }
        double want_hz = silbe_synth_frequency_hz(item->performance.version, note->pitch);
        double sum = 0.0;
        size_t count = 0;
        for (double t = note->start_s + 0.1; t < note->start_s + 0.5 * length_s; t += 0.01) {
            double hz = pitch_hz(samples + (size_t)(t * RATE), 1000, want_hz * 0.8, want_hz * 1.25);
            sum += 1200.0 * log2(hz / want_hz);
            count++;
        }
        check_close(sum / (double)count, 0.0, 15.0); /* cents */
        n_checked++;
    }
    assert_true(n_checked >= 1);
    free(samples);
}

static void test_pitch(void **state)
{
    (void)state;
    for_each_item(check_pitch);
}

/* Energy of what lies above some 5 kHz: the third difference. */
static double hiss(const float *x, double from_s, double to_s)
{
    double sum = 0.0;
    size_t from = (size_t)(from_s * RATE);
    size_t to = (size_t)(to_s * RATE);
    for (size_t i = from; i < to; i++) {
        double d =
            (double)x[i + 3] - 3.0 * (double)x[i + 2] + 3.0 * (double)x[i + 1] - (double)x[i];
        sum += d * d;
    }
    return sum / (double)(to - from);
}

static double power(const float *x, double from_s, double to_s)
{
    double sum = 0.0;
    size_t from = (size_t)(from_s * RATE);
    size_t to = (size_t)(to_s * RATE);
    for (size_t i = from; i < to; i++) {
        sum += (double)x[i] * (double)x[i];
    }
    return sum / (double)(to - from);
}

/* Where the plan has a sibilant most of the sound is hiss, in the vowel after it little: seen
 * from the annotated onset, the consonant lies before and the vowel behind. */
static void check_consonants(demo_item *item)
{
    silbe_synth_plan plan = SILBE_SYNTH_PLAN_INIT;
    float *x = NULL;
    size_t n = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_synth_plan_voice(&plan, &item->performance, item->sung, &err), err);
    check_ok(silbe_synth_record(&item->performance, item->sung, SILBE_SYNTH_VOICE, &x, &n, &err),
             err);
    size_t n_checked = 0;
    for (size_t i = 0; i + 1 < plan.n_segments; i++) {
        const silbe_synth_segment *s = &plan.segments[i];
        bool sibilant = strcmp(s->phone->ipa, "s") == 0 || strcmp(s->phone->ipa, "ʃ") == 0;
        if (!sibilant || plan.segments[i + 1].phone->kind != SILBE_SYNTH_VOWEL ||
            s->end_s - s->start_s < 0.06) {
            continue;
        }
        double onset_s = s->end_s;
        double before = power(x, s->start_s + 0.02, onset_s - 0.015);
        double after = power(x, onset_s + 0.03, onset_s + 0.09);
        double before_hiss = hiss(x, s->start_s + 0.02, onset_s - 0.015) / before;
        double after_hiss = hiss(x, onset_s + 0.03, onset_s + 0.09) / after;
        assert_true(before > 1e-5);
        assert_true(before_hiss > 8.0 * after_hiss);
        assert_true(after > 2.0 * before);
        n_checked++;
    }
    if (item->song.source == silbe_demo_song_at(2)) {
        assert_true(n_checked >= 4); /* "Wasser" */
    }
    free(x);
    silbe_synth_plan_free(&plan);
}

static void test_consonants(void **state)
{
    (void)state;
    for_each_item(check_consonants);
}

/* In the rests there is silence, in the notes there is sound. */
static void check_silence(demo_item *item)
{
    float *x = NULL;
    size_t n = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_synth_record(&item->performance, item->sung, SILBE_SYNTH_VOICE, &x, &n, &err),
             err);
    const silbe_synth_performance *p = &item->performance;
    assert_true(power(x, 0.0, p->notes[0].start_s - 0.4) < 1e-9);
    for (size_t i = 0; i < p->n_voice; i++) {
        double third_s = (p->notes[i].end_s - p->notes[i].start_s) / 3.0;
        assert_true(power(x, p->notes[i].start_s + 0.01, p->notes[i].start_s + third_s) > 1e-5);
    }
    free(x);
}

static void test_silence(void **state)
{
    (void)state;
    for_each_item(check_silence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_pitch),
        cmocka_unit_test(test_consonants),
        cmocka_unit_test(test_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
