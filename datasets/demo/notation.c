#include "datasets/demo/notation.h"

#include <stdlib.h>
#include <string.h>

static const char *const staff_names[SILBE_DEMO_N_STAVES] = {"voice", "right hand", "left hand"};

/* Where the reader stands in one staff. */
typedef struct {
    silbe_demo_song *song;
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

static silbe_status wrong(const cursor *at, const char *what)
{
    return silbe_fail(at->err, SILBE_ERR_FORMAT, "%s: %s, measure index %zu: %s at \"%.12s\"",
                      at->song->source->work, staff_names[at->staff], at->measure, what, at->text);
}

/* pitch = 'A'..'G' ['#' | 'b'] octave */
static silbe_status read_pitch(cursor *at, silbe_demo_pitch *pitch)
{
    static const int semitones[7] = {9, 11, 0, 2, 4, 5, 7}; /* A B C D E F G above C */
    const char *c = at->text;
    if (*c < 'A' || *c > 'G') {
        return wrong(at, "expected a pitch");
    }
    pitch->step = *c++;
    pitch->alter = 0;
    if (*c == '#' || *c == 'b') {
        pitch->alter = *c++ == '#' ? 1 : -1;
    }
    if (*c < '0' || *c > '8') {
        return wrong(at, "expected an octave");
    }
    pitch->octave = *c++ - '0';
    pitch->midi = 12 * (pitch->octave + 1) + semitones[pitch->step - 'A'] + pitch->alter;
    at->text = c;
    return SILBE_OK;
}

/* ['/' length]: keeps the last note value when there is none. */
static silbe_status read_length(cursor *at, silbe_demo_event *event)
{
    if (*at->text == '/') {
        char *end = NULL;
        long base = strtol(at->text + 1, &end, 10);
        if (base != 1 && base != 2 && base != 4 && base != 8 && base != 16) {
            return wrong(at, "expected a note value 1, 2, 4, 8 or 16");
        }
        at->base = (int)base;
        at->dotted = *end == '.';
        at->triplet = *end == 't';
        at->text = end + (at->dotted || at->triplet);
    }
    event->base = at->base;
    event->dotted = at->dotted;
    event->triplet = at->triplet;
    long ticks = 4L * SILBE_DEMO_TICKS_PER_QUARTER / at->base;
    event->duration = at->dotted ? ticks * 3 / 2 : at->triplet ? ticks * 2 / 3 : ticks;
    return SILBE_OK;
}

static silbe_status read_event(cursor *at)
{
    silbe_demo_event *event = &at->song->events[at->song->n_events];
    *event = (silbe_demo_event){.staff = at->staff,
                                .measure = at->measure,
                                .onset = at->now,
                                .syllable = SILBE_DEMO_NO_SYLLABLE};
    silbe_status status = SILBE_OK;
    if (strncmp(at->text, "g:", 2) == 0) {
        event->grace = true;
        at->text += 2;
    }
    if (*at->text == 'r') {
        at->text++;
    } else if (*at->text == '[') {
        at->text++;
        while (status == SILBE_OK && *at->text != ']') {
            if (event->n_pitches == SILBE_DEMO_MAX_CHORD) {
                return wrong(at, "too many notes in a chord");
            }
            status = read_pitch(at, &event->pitches[event->n_pitches++]);
            at->text += *at->text == ' ';
        }
        at->text += status == SILBE_OK;
    } else {
        status = read_pitch(at, &event->pitches[event->n_pitches++]);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (event->grace) {
        event->base = 16;
    } else if ((status = read_length(at, event)) != SILBE_OK) {
        return status;
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
    return SILBE_OK;
}

/* At '|' or the end: the measure is complete; the voice defines it, the others must agree. */
static silbe_status close_measure(cursor *at, long onset)
{
    silbe_demo_song *song = at->song;
    long length = at->now - onset;
    long metre = 4L * SILBE_DEMO_TICKS_PER_QUARTER * at->beats / at->beat_type;
    silbe_demo_measure measure = {onset,         length,        at->beats,
                                  at->beat_type, at->new_metre, (int)at->measure};
    if (length <= 0 || length > metre || (at->measure > 0 && length != metre)) {
        return wrong(at, "the measure is too short or too long");
    }
    if (at->staff == 0) {
        song->measures[song->n_measures++] = measure;
    } else if (at->measure >= song->n_measures || song->measures[at->measure].onset != onset ||
               song->measures[at->measure].length != length ||
               song->measures[at->measure].beats != at->beats) {
        return wrong(at, "the measure differs from the voice's");
    }
    at->measure++;
    at->new_metre = false;
    return SILBE_OK;
}

static silbe_status read_metre(cursor *at)
{
    char *end = NULL;
    at->beats = (int)strtol(at->text + 1, &end, 10);
    at->beat_type = *end == '/' ? (int)strtol(end + 1, &end, 10) : 0;
    if (at->beats <= 0 || (at->beat_type != 2 && at->beat_type != 4 && at->beat_type != 8)) {
        return wrong(at, "expected a metre like @3/4");
    }
    at->text = end;
    at->new_metre = true;
    return SILBE_OK;
}

static silbe_status read_staff(silbe_demo_song *song, int staff, const char *text, silbe_err *err)
{
    cursor at = {.song = song, .staff = staff, .text = text, .base = 4, .err = err};
    at.beats = 4;
    at.beat_type = 4;
    long onset = 0;
    song->first_event[staff] = song->n_events;
    for (;;) {
        at.text += strspn(at.text, " ");
        silbe_status status = SILBE_OK;
        if (*at.text == '|' || *at.text == '\0') {
            status = close_measure(&at, onset);
            onset = at.now;
            if (status == SILBE_OK && *at.text == '\0') {
                break;
            }
            at.text++;
        } else if (*at.text == '@') {
            status = read_metre(&at);
        } else {
            status = read_event(&at);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    song->first_event[staff + 1] = song->n_events;
    if (at.tied) {
        return wrong(&at, "a tie leads nowhere");
    }
    if (at.measure != song->n_measures) {
        return wrong(&at, "measures are missing");
    }
    song->end = at.now;
    return SILBE_OK;
}

/* Gives the notes of the voice their syllables. */
static silbe_status place_syllables(silbe_demo_song *song, silbe_err *err)
{
    size_t n = 0;
    for (size_t i = song->first_event[0]; i < song->first_event[1]; i++) {
        silbe_demo_event *event = &song->events[i];
        if (event->n_pitches == 0) {
            continue;
        }
        if (event->syllable != SILBE_DEMO_NO_SYLLABLE) {
            event->syllable = n++;
        }
        if (n == 0 || n > song->n_syllables) {
            return silbe_fail(err, SILBE_ERR_FORMAT,
                              "%s: voice, measure index %zu: a note without a syllable (%zu in the "
                              "lyrics)",
                              song->source->work, event->measure, song->n_syllables);
        }
        song->syllables[n - 1].last_event = i;
    }
    if (n != song->n_syllables) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: %zu syllables but notes for %zu",
                          song->source->work, song->n_syllables, n);
    }
    return SILBE_OK;
}

silbe_status silbe_demo_song_read(silbe_demo_song *song, const silbe_demo_source *source,
                                  silbe_err *err)
{
    *song = (silbe_demo_song){.source = source};
    const char *staves[SILBE_DEMO_N_STAVES] = {source->voice, source->right_hand,
                                               source->left_hand};
    size_t most = 4; /* every event and every measure takes at least one byte */
    for (int s = 0; s < SILBE_DEMO_N_STAVES; s++) {
        most += strlen(staves[s]);
    }
    song->events = calloc(most, sizeof *song->events);
    song->measures = calloc(most, sizeof *song->measures);
    silbe_status status = SILBE_ERR_MEMORY;
    if (song->events == NULL || song->measures == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", source->work);
        goto done;
    }
    for (int s = 0; s < SILBE_DEMO_N_STAVES; s++) {
        status = read_staff(song, s, staves[s], err);
        if (status != SILBE_OK) {
            goto done;
        }
    }
    const silbe_demo_measure *first = &song->measures[0];
    bool pick_up =
        first->length * first->beat_type < 4L * SILBE_DEMO_TICKS_PER_QUARTER * first->beats;
    for (size_t i = 0; i < song->n_measures; i++) {
        song->measures[i].number = (int)i + !pick_up;
    }
    status = silbe_demo_lyrics_read(song, err);
    if (status == SILBE_OK) {
        status = place_syllables(song, err);
    }
done:
    if (status != SILBE_OK) {
        silbe_demo_song_free(song);
    }
    return status;
}

void silbe_demo_song_free(silbe_demo_song *song)
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
    *song = (silbe_demo_song)SILBE_DEMO_SONG_INIT;
}
