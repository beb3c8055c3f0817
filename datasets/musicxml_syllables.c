#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/memory.h"

/* Order of silbe_score.notes; whatever is left equal keeps the order of the parts. */
static int compare_events(const void *left, const void *right)
{
    const silbe_mxml_event *a = left, *b = right;
    if (a->note.onset_q != b->note.onset_q) {
        return a->note.onset_q < b->note.onset_q ? -1 : 1;
    }
    if (a->note.pitch != b->note.pitch) {
        return a->note.pitch < b->note.pitch ? -1 : 1;
    }
    if (a->note.is_voice != b->note.is_voice) {
        return a->note.is_voice ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* A voice note, seen in the order of its melody. */
typedef struct {
    const silbe_mxml_event *event;
    size_t index; /* into score->notes */
} melody_note;

static int compare_melody(const void *left, const void *right)
{
    const melody_note *a = left, *b = right;
    if (a->event->part != b->event->part) {
        return a->event->part < b->event->part ? -1 : 1;
    }
    if (a->event->voice != b->event->voice) {
        return a->event->voice < b->event->voice ? -1 : 1;
    }
    if (a->event->note.onset_q != b->event->note.onset_q) {
        return a->event->note.onset_q < b->event->note.onset_q ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool is_same_melody(const melody_note *a, const melody_note *b)
{
    return a->event->part == b->event->part && a->event->voice == b->event->voice;
}

static double note_end(const melody_note *at)
{
    return at->event->note.onset_q + at->event->note.duration_q;
}

/* End of the melisma of the syllable on melody[i]: notes without lyric follow without a rest. The
 * end never passes the next syllable. */
static double melisma_end(const melody_note *melody, size_t n_melody, size_t i)
{
    double end_q = note_end(&melody[i]);
    double onset_q = melody[i].event->note.onset_q;
    for (size_t k = i + 1; k < n_melody && is_same_melody(&melody[i], &melody[k]); k++) {
        const silbe_mxml_event *event = melody[k].event;
        if (event->note.onset_q == onset_q) {
            continue; /* a chord */
        }
        if (event->n_lyrics > 0 || event->ends_melisma) {
            return fmin(end_q, event->note.onset_q);
        }
        if (event->note.onset_q > end_q + SILBE_MXML_SAME_Q) {
            break;
        }
        end_q = fmax(end_q, note_end(&melody[k]));
    }
    return end_q;
}

/* A chord may carry its syllable on several notes. */
static bool is_repeated_in_chord(const silbe_mxml *mxml, const melody_note *melody, size_t i)
{
    const silbe_mxml_event *here = melody[i].event;
    const silbe_mxml_lyric *lyrics = mxml->parts[here->part].lyrics;
    for (size_t k = i; k-- > 0 && is_same_melody(&melody[k], &melody[i]) &&
                       melody[k].event->note.onset_q == here->note.onset_q;) {
        const silbe_mxml_event *other = melody[k].event;
        if (other->n_lyrics > 0 &&
            strcmp(lyrics[other->lyric - 1].text, lyrics[here->lyric - 1].text) == 0) {
            return true;
        }
    }
    return false;
}

typedef struct {
    silbe_score_syllable syllable;
    size_t order; /* where it was found: part, then place in the melody */
    size_t part;
} found_syllable;

static int compare_syllables(const void *left, const void *right)
{
    const found_syllable *a = left, *b = right;
    if (a->syllable.onset_q != b->syllable.onset_q) {
        return a->syllable.onset_q < b->syllable.onset_q ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Whether an earlier part sings the same syllable at the same moment, as choirs do. */
static bool is_sung_already(const found_syllable *found, size_t i)
{
    for (size_t k = i; k-- > 0 && found[k].syllable.onset_q == found[i].syllable.onset_q;) {
        if (found[k].part != found[i].part &&
            found[k].syllable.syllabic == found[i].syllable.syllabic &&
            strcmp(found[k].syllable.text, found[i].syllable.text) == 0) {
            return true;
        }
    }
    return false;
}

/* The syllables of the melody, sorted, to be freed; their texts are still those of the lyrics. */
static found_syllable *find_syllables(const silbe_mxml *mxml, const melody_note *melody,
                                      size_t n_melody, size_t *n_found, silbe_err *err)
{
    size_t n_max = 0;
    for (size_t i = 0; i < n_melody; i++) {
        n_max += melody[i].event->n_lyrics;
    }
    found_syllable *found = silbe_alloc(n_max, sizeof *found, "lyrics", err);
    for (size_t i = 0; i < n_melody && found != NULL; i++) {
        const silbe_mxml_event *event = melody[i].event;
        if (event->n_lyrics == 0 || is_repeated_in_chord(mxml, melody, i)) {
            continue;
        }
        for (size_t l = 0; l < event->n_lyrics; l++) {
            const silbe_mxml_lyric *lyric = &mxml->parts[event->part].lyrics[event->lyric - 1 + l];
            found[*n_found] =
                (found_syllable){.syllable = {.text = lyric->text,
                                              .syllabic = lyric->syllabic,
                                              .first_note = melody[i].index,
                                              .onset_q = event->note.onset_q,
                                              .end_q = melisma_end(melody, n_melody, i)},
                                 .order = *n_found,
                                 .part = event->part};
            (*n_found)++;
        }
    }
    if (found != NULL) {
        qsort(found, *n_found, sizeof *found, compare_syllables);
    }
    return found;
}

/* Fills score->syllables from the melody. */
static void collect(const silbe_mxml *mxml, const melody_note *melody, size_t n_melody,
                    silbe_score *score, silbe_err *err)
{
    size_t n_found = 0;
    found_syllable *found = find_syllables(mxml, melody, n_melody, &n_found, err);
    score->syllables = silbe_alloc(n_found, sizeof *score->syllables, "lyrics", err);
    for (size_t i = 0; i < n_found && !silbe_failed(err); i++) {
        if (!is_sung_already(found, i)) {
            silbe_score_syllable *syllable = &score->syllables[score->n_syllables++];
            *syllable = found[i].syllable;
            syllable->text = silbe_copy_text(found[i].syllable.text, err);
        }
    }
    free(found);
}

void silbe_mxml_syllables(const silbe_mxml *mxml, silbe_mxml_event *events, size_t n_events,
                          silbe_score *score, silbe_err *err)
{
    size_t n_melody = 0;
    melody_note *melody = silbe_alloc(n_events, sizeof *melody, "notes", err);
    score->notes = silbe_alloc(n_events, sizeof *score->notes, "notes", err);
    if (!silbe_failed(err)) {
        qsort(events, n_events, sizeof *events, compare_events);
        for (size_t i = 0; i < n_events; i++) {
            score->notes[i] = events[i].note;
            if (events[i].note.is_voice) {
                melody[n_melody++] = (melody_note){&events[i], i};
            }
        }
        score->n_notes = n_events;
        qsort(melody, n_melody, sizeof *melody, compare_melody);
    }
    collect(mxml, melody, n_melody, score, err);
    free(melody);
}
