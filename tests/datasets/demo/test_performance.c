#include "tests/check.h"
#include "tests/datasets/demo/demo_item.h"

/* For every item: fn(item). */
static void for_each_item(void (*fn)(const demo_item *item))
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

static void check_times(const demo_item *item)
{
    const silbe_synth_performance *p = &item->performance;
    assert_true(p->duration_s >= 25.0 && p->duration_s <= 55.0);
    for (long tick = 0; tick < item->song.end; tick++) {
        double step_s = p->tick_s[tick + 1] - p->tick_s[tick];
        assert_true(step_s > 0.0);
        /* smooth: neighbouring ticks differ by a few per cent at most */
        if (tick > 0) {
            double before_s = p->tick_s[tick] - p->tick_s[tick - 1];
            assert_true(fabs(step_s / before_s - 1.0) < 0.06);
        }
    }
    for (size_t i = 0; i < p->n_notes; i++) {
        assert_true(p->notes[i].start_s >= 0.0);
        assert_true(p->notes[i].end_s > p->notes[i].start_s);
        assert_true(p->notes[i].end_s <= p->duration_s);
        assert_int_equal(p->notes[i].voice, i < p->n_voice);
    }
    for (size_t i = 1; i < p->n_voice; i++) { /* one singer: notes do not overlap */
        assert_true(p->notes[i].start_s >= p->notes[i - 1].end_s);
        assert_true(p->notes[i].syllable == p->notes[i - 1].syllable ||
                    p->notes[i].syllable == p->notes[i - 1].syllable + 1);
    }
}

static void test_times(void **state)
{
    (void)state;
    for_each_item(check_times);
}

/* Words are what their notes are: the truth and the notes cannot disagree. */
static void check_words(const demo_item *item)
{
    const silbe_synth_performance *p = &item->performance;
    size_t note = 0;
    for (size_t w = 0; w < item->song.n_words; w++) {
        assert_true(note < p->n_voice);
        check_close(p->words[w].start_s, p->notes[note].start_s, 0.0);
        while (note < p->n_voice && item->song.syllables[p->notes[note].syllable].word == w) {
            note++;
        }
        check_close(p->words[w].end_s, p->notes[note - 1].end_s, 0.0);
    }
    assert_int_equal(note, p->n_voice);
    assert_int_equal(p->notes[p->n_voice - 1].syllable, item->song.n_syllables - 1);
}

static void test_words(void **state)
{
    (void)state;
    for_each_item(check_words);
}

/* Singer and pianist keep together within what listeners accept; grace notes come before. */
static void check_asynchrony(const demo_item *item)
{
    const silbe_synth_performance *p = &item->performance;
    size_t note = 0;
    double sum_s = 0.0;
    for (size_t i = 0; i < item->song.first_event[1]; i++) {
        const silbe_synth_event *event = &item->song.events[i];
        if (event->n_pitches == 0 || event->tied_back) {
            continue;
        }
        double late_s = p->notes[note].start_s - p->tick_s[event->onset];
        if (event->grace) {
            assert_true(late_s < -0.05 && late_s > -0.17);
        } else {
            assert_true(fabs(late_s) <= 0.0401);
            sum_s += fabs(late_s);
        }
        assert_int_equal(p->notes[note].pitch, event->pitches[0].midi + p->version->transposition);
        note++;
    }
    assert_int_equal(note, p->n_voice);
    double mean_s = sum_s / (double)note;
    assert_true(mean_s > 0.003 && mean_s < 0.025); /* human, not a machine */
}

static void test_asynchrony(void **state)
{
    (void)state;
    for_each_item(check_asynchrony);
}

/* Without rubato, mid-phrase, far from any slowing, a quarter takes 60 / tempo seconds; a fermata
 * takes longer than written. */
static void test_tempo(void **state)
{
    (void)state;
    demo_item item;
    demo_item_open(&item, 1, 0);
    silbe_synth_version steady = *silbe_demo_version_at(0);
    steady.rubato = 0.0;
    double *tick_s = calloc((size_t)item.song.end + 1, sizeof *tick_s);
    assert_non_null(tick_s);
    silbe_demo_tempo_map(&item.song, &steady, tick_s);
    double quarter_s = 60.0 / item.song.source->tempo_qpm;
    check_close(tick_s[0], steady.lead_s, 0.0);
    check_close(tick_s[4 * 48] - tick_s[0], 4.0 * quarter_s, 1e-9); /* the prelude */
    bool found = false;
    for (size_t i = 0; i < item.song.first_event[1]; i++) {
        const silbe_synth_event *event = &item.song.events[i];
        if (event->fermata) {
            double written_s = quarter_s * (double)event->duration / 48.0;
            double held_s = tick_s[event->onset + event->duration] - tick_s[event->onset];
            assert_true(held_s > 1.4 * written_s && held_s < 2.6 * written_s);
            found = true;
        }
    }
    assert_true(found);
    free(tick_s);
    demo_item_close(&item);
}

/* Versions differ, and by much, in what an aligner must bridge. */
static void test_versions_differ(void **state)
{
    (void)state;
    demo_item first;
    demo_item_open(&first, 0, 0);
    for (size_t v = 1; silbe_demo_version_at(v) != NULL; v++) {
        demo_item other;
        demo_item_open(&other, 0, v);
        double apart_s = 0.0;
        for (size_t w = 0; w < first.song.n_words; w++) {
            double shift_s =
                other.performance.words[w].start_s - first.performance.words[w].start_s;
            apart_s = fmax(
                apart_s, fabs(shift_s - other.performance.tick_s[0] + first.performance.tick_s[0]));
        }
        assert_true(apart_s > 1.0);
        assert_int_not_equal(other.performance.notes[0].pitch, first.performance.notes[0].pitch);
        demo_item_close(&other);
    }
    demo_item_close(&first);
}

static void test_frequency(void **state)
{
    (void)state;
    const silbe_synth_version *version = silbe_demo_version_at(1);
    check_close(silbe_synth_frequency_hz(version, 69.0), version->tuning_hz, 1e-9);
    check_close(silbe_synth_frequency_hz(version, 57.0), version->tuning_hz / 2.0, 1e-9);
    check_close(silbe_synth_frequency_hz(version, 70.0), version->tuning_hz * 1.0594630943592953,
                1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),           cmocka_unit_test(test_words),
        cmocka_unit_test(test_asynchrony),      cmocka_unit_test(test_tempo),
        cmocka_unit_test(test_versions_differ), cmocka_unit_test(test_frequency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
