#include <string.h>

#include "datasets/demo/notation.h"
#include "datasets/demo/songs.h"
#include "tests/check.h"

static const silbe_synth_source small = {
    .work = "Small-01",
    .title = "Small",
    .poet = "Nobody",
    .key = "C:maj",
    .tempo_qpm = 60.0,
    .voice = "@3/4 C4/4 | D4/4~ D4/8 E4/8_ F#4/8t Bb3 g:A3 C4_ | @2/4 r/4. G4/8!",
    .right_hand = "@3/4 r/4 | [C4 E4 G4]/2. | @2/4 r/2",
    .left_hand = "@3/4 r/4 | r/2. | @2/4 C2/2",
    .lyrics = "Wo? A-ber\n\nnein, süß!\n",
};

/* Every token of the notation once. */
static void test_small_song(void **state)
{
    (void)state;
    silbe_synth_song song = SILBE_SYNTH_SONG_INIT;
    silbe_err err = SILBE_ERR_INIT;
    silbe_synth_source source = small;
    /* notes: Wo A(~) _ ber(F#) nein(Bb) süß(g:A) _ ; the last G4 is one too many at first */
    assert_int_equal(silbe_demo_song_read(&song, &source, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "Small-01: voice, measure index 2"));
    source.lyrics = "Wo? A-ber\n\nnein, süß!\nJa\n";
    check_ok(silbe_demo_song_read(&song, &source, &err), err);

    assert_int_equal(song.n_measures, 3);
    assert_int_equal(song.measures[0].number, 0); /* a pick-up */
    assert_int_equal(song.measures[0].length, 48);
    assert_int_equal(song.measures[2].onset, 48 + 144);
    assert_int_equal(song.measures[2].beats, 2);
    assert_true(song.measures[2].new_metre);
    assert_int_equal(song.end, 48 + 144 + 96);

    assert_int_equal(song.first_event[1], 10);
    const silbe_synth_event *voice = song.events;
    assert_int_equal(voice[0].pitches[0].midi, 60);
    assert_true(voice[1].tied_on && voice[2].tied_back);
    assert_int_equal(voice[3].syllable, SILBE_SYNTH_NO_SYLLABLE);
    assert_int_equal(voice[4].pitches[0].midi, 66);
    assert_int_equal(voice[4].duration, 16);
    assert_int_equal(voice[5].pitches[0].midi, 58);
    assert_true(voice[6].grace);
    assert_int_equal(voice[6].duration, 0);
    assert_int_equal(voice[8].n_pitches, 0);
    assert_int_equal(voice[8].duration, 72);
    assert_true(voice[9].fermata);
    assert_int_equal(song.events[song.first_event[1] + 1].n_pitches, 3);

    assert_int_equal(song.n_syllables, 6);
    assert_int_equal(song.n_words, 5);
    assert_int_equal(song.n_lines, 3);
    assert_int_equal(song.lines[1].stanza, 1);
    assert_string_equal(song.words[1].text, "Aber");
    assert_string_equal(song.syllables[1].text, "A");
    assert_int_equal(song.syllables[1].syllabic, SILBE_SYLLABIC_BEGIN);
    assert_int_equal(song.syllables[2].syllabic, SILBE_SYLLABIC_END);
    assert_int_equal(song.syllables[1].last_event, 3);
    silbe_demo_song_free(&song);
}

static void expect_refusal(silbe_synth_source source, const char *message)
{
    silbe_synth_song song = SILBE_SYNTH_SONG_INIT;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_demo_song_read(&song, &source, &err), SILBE_ERR_FORMAT);
    if (strstr(err.message, message) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    silbe_synth_source source = small;
    source.lyrics = "Wo? A-ber\n\nnein, süß!\nJa da\n";
    expect_refusal(source, "7 syllables but notes for 6");
    source = small;
    source.voice = "@3/4 C4/4 | D4/4 H4";
    expect_refusal(source, "expected a pitch at \"H4");
    source.voice = "@3/4 C4/4 | D4/4";
    expect_refusal(source, "too short or too long");
    source.voice = "@3/4 C4/3";
    expect_refusal(source, "expected a note value");
    source.voice = "@3/0 C4";
    expect_refusal(source, "expected a metre");
    source.voice = "@3/4 C/4";
    expect_refusal(source, "expected an octave");
    source.voice = "@3/4 C4/2.~";
    expect_refusal(source, "a tie leads nowhere");
    source = small;
    source.lyrics = "Wo? A-ber\nnein, süß! Ja";
    source.right_hand = "@3/4 r/4 | r/2.";
    expect_refusal(source, "measures are missing");
    source.right_hand = "@3/4 r/4 | r/2. | r/2.";
    expect_refusal(source, "differs from the voice");
    source.right_hand = "@3/4 r/4 | [C4 D4 E4 F4 G4 A4 B4]/2. | @2/4 r/2";
    expect_refusal(source, "too many notes in a chord");
}

/* The songs have what a reader of scores must cope with. */
static void test_songs_cover(void **state)
{
    (void)state;
    bool tie_over_bar = false, grace = false, chord = false, triplet = false, fermata = false;
    bool pick_up = false, metre_change = false, melisma = false, piano_grace = false;
    size_t n_songs = 0;
    for (; silbe_demo_song_at(n_songs) != NULL; n_songs++) {
        silbe_synth_song song = SILBE_SYNTH_SONG_INIT;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_demo_song_read(&song, silbe_demo_song_at(n_songs), &err), err);
        for (size_t i = 0; i < song.n_events; i++) {
            const silbe_synth_event *event = &song.events[i];
            bool voice = event->staff == 0;
            tie_over_bar |= voice && event->tied_on && event[1].measure != event->measure;
            grace |= voice && event->grace;
            piano_grace |= !voice && event->grace;
            chord |= event->n_pitches > 2;
            triplet |= voice && event->triplet;
            fermata |= event->fermata;
            melisma |= voice && event->n_pitches > 0 && !event->tied_back &&
                       event->syllable == SILBE_SYNTH_NO_SYLLABLE;
            /* a tie joins equal notes */
            if (event->tied_on) {
                assert_int_equal(event->n_pitches, event[1].n_pitches);
                for (int k = 0; k < event->n_pitches; k++) {
                    assert_int_equal(event->pitches[k].midi, event[1].pitches[k].midi);
                }
            }
        }
        pick_up |= song.measures[0].number == 0;
        for (size_t i = 1; i < song.n_measures; i++) {
            metre_change |= song.measures[i].new_metre;
        }
        assert_true(song.events[0].n_pitches == 0); /* a prelude */
        silbe_demo_song_free(&song);
    }
    assert_true(n_songs >= 3);
    assert_true(tie_over_bar && grace && chord && triplet && fermata && pick_up && metre_change &&
                melisma && piano_grace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_song),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_songs_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
