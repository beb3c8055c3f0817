#include "datasets/demo/notation.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

static const char *const staff_names[SILBE_SYNTH_N_STAVES] = {"voice", "right hand", "left hand"};

/* Where the reader stands in one staff. */
typedef struct {
    silbe_synth_song *song;
    int staff;
    const char *text;
    size_t measure;
    long now; /* ticks */
    int beats;
    int beat_type;
    bool new_metre;
    int base; /* the last note value, repeated when a token names none */
    bool dotted;
    bool triplet;
    bool tied; /* the event before was tied on */
    silbe_err *err;
} cursor;

static void wrong(const cursor *at, const char *what)
{
    silbe_try(at->err,
              silbe_fail(at->err, SILBE_ERR_FORMAT, "%s: %s, measure index %zu: %s at \"%.12s\"",
                         at->song->source->work, staff_names[at->staff], at->measure, what,
                         at->text));
}

/* pitch = 'A'..'G' ['#' | 'b'] octave */
static void read_pitch(cursor *at, silbe_synth_pitch *pitch)
{
    static const int semitones[7] = {9, 11, 0, 2, 4, 5, 7}; /* A B C D E F G above C */
    const char *c = at->text;
    if (*c < 'A' || *c > 'G') {
        wrong(at, "expected a pitch");
        return;
    }
    pitch->step = *c++;
    pitch->alter = 0;
    if (*c == '#' || *c == 'b') {
        pitch->alter = *c++ == '#' ? 1 : -1;
    }
    if (*c < '0' || *c > '8') {
        wrong(at, "expected an octave");
        return;
    }
    pitch->octave = *c++ - '0';
    pitch->midi = 12 * (pitch->octave + 1) + semitones[pitch->step - 'A'] + pitch->alter;
    at->text = c;
}

/* ['/' length]: keeps the last note value when there is none. */
static void read_length(cursor *at, silbe_synth_event *event)
{
    if (*at->text == '/') {
        char *end = NULL;
        long base = strtol(at->text + 1, &end, 10);
        if (base != 1 && base != 2 && base != 4 && base != 8 && base != 16) {
            wrong(at, "expected a note value 1, 2, 4, 8 or 16");
            return;
        }
        at->base = (int)base;
        at->dotted = *end == '.';
        at->triplet = *end == 't';
        at->text = end + (at->dotted || at->triplet);
    }
    event->base = at->base;
    event->dotted = at->dotted;
    event->triplet = at->triplet;
    long ticks = 4L * SILBE_SYNTH_TICKS_PER_QUARTER / at->base;
    event->duration = at->dotted ? ticks * 3 / 2 : at->triplet ? ticks * 2 / 3 : ticks;
}

/* note | chord | rest, without length and marks */
static void read_pitches(cursor *at, silbe_synth_event *event)
{
    if (*at->text == 'r') {
        at->text++;
    } else if (*at->text == '[') {
        at->text++;
        while (*at->text != ']' && !silbe_failed(at->err)) {
            if (event->n_pitches == SILBE_SYNTH_MAX_CHORD) {
                wrong(at, "too many notes in a chord");
                return;
            }
            read_pitch(at, &event->pitches[event->n_pitches++]);
            at->text += *at->text == ' ';
        }
        at->text += *at->text == ']';
    } else {
        read_pitch(at, &event->pitches[event->n_pitches++]);
    }
}

static void read_event(cursor *at)
{
    silbe_synth_event *event = &at->song->events[at->song->n_events];
    *event = (silbe_synth_event){.staff = at->staff,
                                 .measure = at->measure,
                                 .onset = at->now,
                                 .syllable = SILBE_SYNTH_NO_SYLLABLE};
    if (strncmp(at->text, "g:", 2) == 0) {
        event->grace = true;
        event->base = 16;
        at->text += 2;
    }
    read_pitches(at, event);
    if (!event->grace) {
        read_length(at, event);
    }
    bool goes_on = false;
    for (; *at->text != '\0' && strchr("~_!", *at->text) != NULL; at->text++) {
        event->tied_on |= *at->text == '~';
        goes_on |= *at->text == '_';
        event->fermata |= *at->text == '!';
    }
    event->tied_back = at->tied;
    at->tied = event->tied_on;
    /* 0 now means "takes a syllable"; the number comes when all notes are known. */
    if (at->staff == 0 && event->n_pitches > 0 && !event->tied_back && !goes_on) {
        event->syllable = 0;
    }
    at->now += event->duration;
    at->song->n_events++;
}

/* At '|' or the end: the measure is complete; the voice defines it, the others must agree. */
static void close_measure(cursor *at, long onset)
{
    silbe_synth_song *song = at->song;
    long length = at->now - onset;
    long metre = 4L * SILBE_SYNTH_TICKS_PER_QUARTER * at->beats / at->beat_type;
    silbe_synth_measure measure = {onset,         length,        at->beats,
                                   at->beat_type, at->new_metre, (int)at->measure};
    if (length <= 0 || length > metre || (at->measure > 0 && length != metre)) {
        wrong(at, "the measure is too short or too long");
    }
    if (at->staff == 0) {
        song->measures[song->n_measures++] = measure;
    } else if (at->measure >= song->n_measures || song->measures[at->measure].onset != onset ||
               song->measures[at->measure].length != length ||
               song->measures[at->measure].beats != at->beats) {
        wrong(at, "the measure differs from the voice's");
    }
    at->measure++;
    at->new_metre = false;
}

static void read_metre(cursor *at)
{
    char *end = NULL;
    at->beats = (int)strtol(at->text + 1, &end, 10);
    at->beat_type = *end == '/' ? (int)strtol(end + 1, &end, 10) : 0;
    if (at->beats <= 0 || (at->beat_type != 2 && at->beat_type != 4 && at->beat_type != 8)) {
        wrong(at, "expected a metre like @3/4");
    }
    at->text = end;
    at->new_metre = true;
}

static void read_staff(silbe_synth_song *song, int staff, const char *text, silbe_err *err)
{
    cursor at = {.song = song, .staff = staff, .text = text, .base = 4, .err = err};
    at.beats = 4;
    at.beat_type = 4;
    long onset = 0;
    song->first_event[staff] = song->n_events;
    for (bool is_end = false; !is_end && !silbe_failed(err);) {
        at.text += strspn(at.text, " ");
        if (*at.text == '|' || *at.text == '\0') {
            close_measure(&at, onset);
            onset = at.now;
            is_end = *at.text == '\0';
            at.text += !is_end;
        } else if (*at.text == '@') {
            read_metre(&at);
        } else {
            read_event(&at);
        }
    }
    song->first_event[staff + 1] = song->n_events;
    if (at.tied) {
        wrong(&at, "a tie leads nowhere");
    }
    if (at.measure != song->n_measures) {
        wrong(&at, "measures are missing");
    }
    song->end = at.now;
}

/* Gives the notes of the voice their syllables. */
static void place_syllables(silbe_synth_song *song, silbe_err *err)
{
    size_t n = 0;
    for (size_t i = song->first_event[0]; i < song->first_event[1] && !silbe_failed(err); i++) {
        silbe_synth_event *event = &song->events[i];
        if (event->n_pitches == 0) {
            continue;
        }
        if (event->syllable != SILBE_SYNTH_NO_SYLLABLE) {
            event->syllable = n++;
        }
        if (n == 0 || n > song->n_syllables) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT,
                             "%s: voice, measure index %zu: a note without a syllable (%zu in the "
                             "lyrics)",
                             song->source->work, event->measure, song->n_syllables);
            return;
        }
        song->syllables[n - 1].last_event = i;
    }
    if (n != song->n_syllables) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT, "%s: %zu syllables but notes for %zu",
                                  song->source->work, song->n_syllables, n));
    }
}

/* A first measure that is shorter than its metre is a pick-up, and numbered 0. */
static void number_measures(silbe_synth_song *song)
{
    const silbe_synth_measure *first = &song->measures[0];
    bool pick_up =
        first->length * first->beat_type < 4L * SILBE_SYNTH_TICKS_PER_QUARTER * first->beats;
    for (size_t i = 0; i < song->n_measures; i++) {
        song->measures[i].number = (int)i + !pick_up;
    }
}

silbe_status silbe_demo_song_read(silbe_synth_song *song, const silbe_synth_source *source,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *song = (silbe_synth_song){.source = source};
    const char *staves[SILBE_SYNTH_N_STAVES] = {source->voice, source->right_hand,
                                                source->left_hand};
    size_t most = 4; /* every event and every measure takes at least one byte */
    for (int s = 0; s < SILBE_SYNTH_N_STAVES; s++) {
        most += strlen(staves[s]);
    }
    song->events = silbe_alloc(most, sizeof *song->events, "events", err);
    song->measures = silbe_alloc(most, sizeof *song->measures, "measures", err);
    for (int s = 0; s < SILBE_SYNTH_N_STAVES && !silbe_failed(err); s++) {
        read_staff(song, s, staves[s], err);
    }
    silbe_demo_lyrics_read(song, err);
    place_syllables(song, err);
    if (silbe_failed(err)) {
        silbe_demo_song_free(song);
    } else {
        number_measures(song);
    }
    return err->status;
}

void silbe_demo_song_free(silbe_synth_song *song)
{
    for (size_t i = 0; i < song->n_syllables; i++) {
        free(song->syllables[i].text);
    }
    for (size_t i = 0; i < song->n_words; i++) {
        free(song->words[i].text);
    }
    free(song->syllables);
    free(song->words);
    free(song->lines);
    free(song->events);
    free(song->measures);
    *song = (silbe_synth_song)SILBE_SYNTH_SONG_INIT;
}
