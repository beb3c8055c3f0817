#include "datasets/demo/perform.h"

#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/random.h"
#include "features/base/memory.h"

#define GRACE_S 0.11        /* a grace note comes this long before the beat */
#define GAP_S 0.04          /* breath before a rest, release of a repeated key */
#define SINGER_LATE_S 0.012 /* standard deviation of the singer against the beat */

/* Onset of an event on the tempo map; grace notes before their principal note. */
static double onset_s(const silbe_synth_performance *performance, const silbe_synth_event *event)
{
    return performance->tick_s[event->onset] - (event->grace ? GRACE_S : 0.0);
}

/* Ticks to which an event lasts with all that is tied to it (only single notes and whole chords are
 * tied in the notation). */
static long tied_end(const silbe_synth_song *song, size_t i)
{
    while (song->events[i].tied_on) {
        i++;
    }
    return song->events[i].onset + song->events[i].duration;
}

static double clamp(double value, double low, double high)
{
    return fmin(fmax(value, low), high);
}

/* Loudness: arches over each verse, more on the first beat and on high notes. */
static double voice_velocity(const silbe_synth_song *song, const silbe_synth_event *event,
                             int pitch, size_t syllable)
{
    const silbe_synth_word *word = &song->words[song->syllables[syllable].word];
    const silbe_synth_line *line = &song->lines[word->line];
    size_t at = (size_t)(word - song->words) - line->first_word;
    double place = ((double)at + 0.5) / (double)line->n_words;
    bool down_beat = event->onset == song->measures[event->measure].onset;
    double velocity =
        0.62 + 0.14 * sin(3.141592653589793 * place) + 0.06 * down_beat + 0.012 * (pitch - 57);
    return clamp(velocity, 0.35, 1.0);
}

static void sing(silbe_synth_performance *performance)
{
    const silbe_synth_song *song = performance->song;
    const silbe_synth_version *version = performance->version;
    silbe_synth_random random = silbe_synth_random_new(song->source->work, version->name, "singer");
    double late_s = 0.0;
    size_t syllable = 0;
    size_t n = 0;
    for (size_t i = song->first_event[0]; i < song->first_event[1]; i++) {
        const silbe_synth_event *event = &song->events[i];
        if (event->n_pitches == 0 || event->tied_back) {
            continue;
        }
        if (event->syllable != SILBE_SYNTH_NO_SYLLABLE) {
            syllable = event->syllable;
        }
        /* Lateness drifts: neighbouring notes are late or early together. */
        late_s = 0.6 * late_s + 0.8 * SINGER_LATE_S * silbe_synth_gauss(&random);
        silbe_synth_note *note = &performance->notes[n++];
        note->start_s = onset_s(performance, event) + clamp(late_s, -0.04, 0.04);
        note->end_s = performance->tick_s[tied_end(song, i)] + clamp(late_s, -0.04, 0.04);
        note->pitch = event->pitches[0].midi + version->transposition;
        note->voice = true;
        note->grace = event->grace;
        note->velocity = voice_velocity(song, event, event->pitches[0].midi, syllable);
        note->syllable = syllable;
    }
    performance->n_voice = n;
    performance->n_notes = n;
    for (size_t i = 0; i < n; i++) { /* legato up to the next note, a breath before a rest */
        silbe_synth_note *note = &performance->notes[i];
        double next_s = i + 1 < n ? performance->notes[i + 1].start_s : 1e9;
        if (note->grace || next_s - note->end_s < 0.12) {
            note->end_s = fmin(next_s, fmax(note->end_s, next_s));
        } else {
            note->end_s -= GAP_S;
        }
    }
}

static void play_hand(silbe_synth_performance *performance, int staff)
{
    const silbe_synth_song *song = performance->song;
    const silbe_synth_version *version = performance->version;
    silbe_synth_random random = silbe_synth_random_new(song->source->work, version->name,
                                                       staff == 1 ? "right hand" : "left hand");
    for (size_t i = song->first_event[staff]; i < song->first_event[staff + 1]; i++) {
        const silbe_synth_event *event = &song->events[i];
        if (event->n_pitches == 0 || event->tied_back) {
            continue;
        }
        /* The bass tends to come first (Goebl 2001, melody lead and its like). */
        double late_s = 0.005 * silbe_synth_gauss(&random) - (staff == 2 ? 0.006 : 0.0);
        double velocity = 0.55 + 0.05 * silbe_synth_gauss(&random) +
                          (event->onset == song->measures[event->measure].onset ? 0.08 : 0.0);
        double end_s = performance->tick_s[tied_end(song, i)] - GAP_S;
        for (int k = 0; k < event->n_pitches; k++) {
            silbe_synth_note *note = &performance->notes[performance->n_notes++];
            bool top = staff == 1 && k + 1 == event->n_pitches;
            note->start_s =
                onset_s(performance, event) + late_s + silbe_synth_between(&random, 0.0, 0.006);
            note->end_s = event->grace ? note->start_s + GRACE_S : end_s;
            note->pitch = event->pitches[k].midi + version->transposition;
            note->grace = event->grace;
            note->velocity = clamp(velocity + (top ? 0.1 : -0.04), 0.2, 1.0);
            note->syllable = SILBE_SYNTH_NO_SYLLABLE;
        }
    }
}

static int by_start(const void *left, const void *right)
{
    const silbe_synth_note *a = left;
    const silbe_synth_note *b = right;
    if (a->start_s < b->start_s || a->start_s > b->start_s) {
        return a->start_s < b->start_s ? -1 : 1;
    }
    return a->pitch - b->pitch;
}

static void mark_words(silbe_synth_performance *performance)
{
    const silbe_synth_song *song = performance->song;
    for (size_t i = performance->n_voice; i-- > 0;) { /* backwards: the first note wins as start */
        const silbe_synth_note *note = &performance->notes[i];
        silbe_synth_interval *word = &performance->words[song->syllables[note->syllable].word];
        word->start_s = note->start_s;
        word->end_s = fmax(word->end_s, note->end_s);
    }
    for (size_t i = 0; i < song->n_measures; i++) {
        const silbe_synth_measure *measure = &song->measures[i];
        performance->measures[i].start_s = performance->tick_s[measure->onset];
        performance->measures[i].end_s = performance->tick_s[measure->onset + measure->length];
    }
}

silbe_status silbe_demo_perform(silbe_synth_performance *performance, const silbe_synth_song *song,
                                const silbe_synth_version *version, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *performance = (silbe_synth_performance){.song = song, .version = version};
    size_t most = song->n_events * SILBE_SYNTH_MAX_CHORD, n_ticks = (size_t)song->end + 1;
    performance->notes = silbe_alloc(most, sizeof *performance->notes, "notes", err);
    performance->tick_s = silbe_alloc(n_ticks, sizeof *performance->tick_s, "ticks", err);
    performance->words = silbe_alloc(song->n_words, sizeof *performance->words, "words", err);
    performance->measures =
        silbe_alloc(song->n_measures, sizeof *performance->measures, "measures", err);
    if (silbe_failed(err)) {
        silbe_demo_performance_free(performance);
        return err->status;
    }
    silbe_demo_tempo_map(song, version, performance->tick_s);
    sing(performance);
    play_hand(performance, 1);
    play_hand(performance, 2);
    qsort(performance->notes + performance->n_voice, performance->n_notes - performance->n_voice,
          sizeof *performance->notes, by_start);
    mark_words(performance);
    performance->duration_s = performance->tick_s[song->end] + version->tail_s;
    return SILBE_OK;
}

void silbe_demo_performance_free(silbe_synth_performance *performance)
{
    free(performance->notes);
    free(performance->tick_s);
    free(performance->words);
    free(performance->measures);
    *performance = (silbe_synth_performance)SILBE_SYNTH_PERFORMANCE_INIT;
}
