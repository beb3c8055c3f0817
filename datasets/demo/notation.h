/*
 * Reader of the notation of song.h: text in, events, measures, syllables, words and lines out.
 * Musical time is in ticks, SILBE_DEMO_TICKS_PER_QUARTER to the quarter note: triplets and dotted
 * sixteenths are whole numbers.
 */
#ifndef SILBE_DEMO_NOTATION_H
#define SILBE_DEMO_NOTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/demo/song.h"
#include "features/base/score.h"
#include "features/base/status.h"

#define SILBE_DEMO_TICKS_PER_QUARTER 48
#define SILBE_DEMO_MAX_CHORD 6
#define SILBE_DEMO_N_STAVES 3 /* 0 voice, 1 right hand, 2 left hand */
#define SILBE_DEMO_NO_SYLLABLE ((size_t)-1)

typedef struct {
    char step;  /* 'A'..'G' */
    int alter;  /* -1, 0, 1 */
    int octave; /* 4: from middle C up */
    int midi;   /* 60 = C4 */
} silbe_demo_pitch;

/* One note, chord or rest as written. */
typedef struct {
    int staff;
    size_t measure;
    long onset;    /* ticks from the beginning of the song */
    long duration; /* ticks; 0 for a grace note */
    int base;      /* 1, 2, 4, 8, 16: the note value without dot and triplet */
    bool dotted;
    bool triplet;
    bool grace;
    bool tied_on;   /* tied to the next event of the staff */
    bool tied_back; /* tied to the previous one */
    bool fermata;
    silbe_demo_pitch pitches[SILBE_DEMO_MAX_CHORD]; /* low to high as written */
    int n_pitches;                                  /* 0: rest */
    size_t syllable; /* the syllable that begins here, else SILBE_DEMO_NO_SYLLABLE */
} silbe_demo_event;

typedef struct {
    long onset;  /* ticks */
    long length; /* ticks; a pick-up is shorter than its metre */
    int beats;   /* time signature */
    int beat_type;
    bool new_metre; /* the time signature stands here */
    int number;     /* 0 for a pick-up, then 1, 2, ... */
} silbe_demo_measure;

typedef struct {
    char *text; /* owned; without hyphens */
    silbe_syllabic syllabic;
    size_t word;
    size_t last_event; /* the last event of the voice that sings it */
} silbe_demo_syllable;

typedef struct {
    char *text; /* owned; spelling and punctuation of the poem */
    size_t first_syllable;
    size_t n_syllables;
    size_t line;
} silbe_demo_word;

typedef struct {
    size_t first_word;
    size_t n_words;
    size_t stanza;
} silbe_demo_line;

typedef struct {
    const silbe_demo_source *source;
    silbe_demo_event *events; /* staff after staff, each in order of time */
    size_t n_events;
    size_t first_event[SILBE_DEMO_N_STAVES + 1]; /* staff s is [first_event[s], first_event[s+1]) */
    silbe_demo_measure *measures;
    size_t n_measures;
    silbe_demo_syllable *syllables;
    size_t n_syllables;
    silbe_demo_word *words;
    size_t n_words;
    silbe_demo_line *lines;
    size_t n_lines;
    long end; /* ticks */
} silbe_demo_song;

#define SILBE_DEMO_SONG_INIT                                                                       \
    {                                                                                              \
        0                                                                                          \
    }

/* Reads the song. SILBE_ERR_FORMAT with work, staff and measure if the notation is wrong, if a
 * measure has another length than in the voice or than its metre (the first excepted), or if notes
 * and syllables do not come out even. */
SILBE_MUST_CHECK silbe_status silbe_demo_song_read(silbe_demo_song *song,
                                                   const silbe_demo_source *source, silbe_err *err);

void silbe_demo_song_free(silbe_demo_song *song);

/* The lyrics read by notation_lyrics.c; called by silbe_demo_song_read. */
SILBE_MUST_CHECK silbe_status silbe_demo_lyrics_read(silbe_demo_song *song, silbe_err *err);

#endif
