/*
 * A song for voice and piano as it is written: events, measures, syllables, words and lines.
 * Musical time is in ticks, SILBE_SYNTH_TICKS_PER_QUARTER to the quarter note: triplets and dotted
 * sixteenths are whole numbers.
 */
#ifndef SILBE_SYNTHESIS_SONG_H
#define SILBE_SYNTHESIS_SONG_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/score.h"

/* What it is made from; staves and lyrics in the notation of datasets/demo/notation.h. */
typedef struct {
    const char *work;  /* WorkID and file name stem, "Silbe_Demo-01" */
    const char *title; /* UTF-8 */
    const char *poet;
    int fifths; /* key signature, sharps positive */
    bool minor;
    const char *key;  /* the same, as the annotations of the Schubert Winterreise Dataset say it */
    double tempo_qpm; /* quarter notes a minute */
    bool transposed;  /* MusicXML writes the voice an octave higher, in an ordinary treble clef with
                         <transpose>; otherwise as it sounds, in the tenor's treble clef */
    const char *voice;
    const char *right_hand;
    const char *left_hand;
    const char *lyrics;
} silbe_synth_source;

#define SILBE_SYNTH_TICKS_PER_QUARTER 48
#define SILBE_SYNTH_MAX_CHORD 6
#define SILBE_SYNTH_N_STAVES 3 /* 0 voice, 1 right hand, 2 left hand */
#define SILBE_SYNTH_NO_SYLLABLE ((size_t)-1)

typedef struct {
    char step;  /* 'A'..'G' */
    int alter;  /* -1, 0, 1 */
    int octave; /* 4: from middle C up */
    int midi;   /* 60 = C4 */
} silbe_synth_pitch;

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
    silbe_synth_pitch pitches[SILBE_SYNTH_MAX_CHORD]; /* low to high as written */
    int n_pitches;                                    /* 0: rest */
    size_t syllable; /* the syllable that begins here, else SILBE_SYNTH_NO_SYLLABLE */
} silbe_synth_event;

typedef struct {
    long onset;  /* ticks */
    long length; /* ticks; a pick-up is shorter than its metre */
    int beats;   /* time signature */
    int beat_type;
    bool new_metre; /* the time signature stands here */
    int number;     /* 0 for a pick-up, then 1, 2, ... */
} silbe_synth_measure;

typedef struct {
    char *text; /* owned; without hyphens */
    silbe_syllabic syllabic;
    size_t word;
    size_t last_event; /* the last event of the voice that sings it */
} silbe_synth_syllable;

typedef struct {
    char *text; /* owned; spelling and punctuation of the poem */
    size_t first_syllable;
    size_t n_syllables;
    size_t line;
} silbe_synth_word;

typedef struct {
    size_t first_word;
    size_t n_words;
    size_t stanza;
} silbe_synth_line;

typedef struct {
    const silbe_synth_source *source;
    silbe_synth_event *events; /* staff after staff, each in order of time */
    size_t n_events;
    size_t
        first_event[SILBE_SYNTH_N_STAVES + 1]; /* staff s is [first_event[s], first_event[s+1]) */
    silbe_synth_measure *measures;
    size_t n_measures;
    silbe_synth_syllable *syllables;
    size_t n_syllables;
    silbe_synth_word *words;
    size_t n_words;
    silbe_synth_line *lines;
    size_t n_lines;
    long end; /* ticks */
} silbe_synth_song;

#define SILBE_SYNTH_SONG_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

#endif
