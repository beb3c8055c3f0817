/*
 * A performance of a song, as numbers: when each note sounds, and by whom. Sound and annotations
 * are both made from it, so the annotations are exact.
 */
#ifndef SILBE_SYNTHESIS_PERFORMANCE_H
#define SILBE_SYNTHESIS_PERFORMANCE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "datasets/synthesis/song.h"

/* A singer: what stays the same from note to note. */
typedef struct {
    double formant_scale; /* vocal tract: formants of the phone table times this */
    double singers_hz;    /* where F3, F4, F5 gather */
    double vibrato_hz;
    double vibrato_semitones; /* half of peak to peak */
    double breath;            /* aspiration noise, 0..1 */
    double brightness_hz;     /* corner of the glottal source's second spectral slope */
} silbe_synth_singer;

/* One of the performances that every song gets. */
typedef struct {
    const char *name;  /* PerformanceID */
    const char *about; /* for the README */
    int transposition; /* semitones against the score */
    double tuning_hz;  /* of A4 */
    double tempo;      /* factor on the song's tempo */
    double rubato;     /* standard deviation of the logarithm of the tempo */
    double lead_s;     /* before the first beat */
    double tail_s;     /* after the last note */
    double peak;       /* of the finished recording, 0..1 */
    double noise_db;   /* background noise against full scale, root mean square */
    double voice_db;   /* voice against piano */
    bool disc;         /* sounds like a disc of the 1930s */
    silbe_synth_singer singer;
} silbe_synth_version;

typedef struct {
    double start_s;
    double end_s; /* > start_s: the key is released, the singer stops or goes on to the next note */
    int pitch;    /* MIDI number as it sounds, transposition included */
    bool voice;
    bool grace;
    double velocity; /* 0..1 */
    size_t syllable; /* voice: the syllable sung, also on the notes of its melisma */
} silbe_synth_note;

typedef struct {
    double start_s;
    double end_s;
} silbe_synth_interval;

typedef struct {
    const silbe_synth_song *song;
    const silbe_synth_version *version;
    silbe_synth_note
        *notes; /* the voice's n_voice notes first, in order; then the piano's by start */
    size_t n_notes;
    size_t n_voice;
    double *tick_s;                 /* song->end + 1 times: the tempo map */
    silbe_synth_interval *words;    /* song->n_words: first note's start to last note's end */
    silbe_synth_interval *measures; /* song->n_measures, from the tempo map */
    double duration_s;              /* of the recording */
} silbe_synth_performance;

#define SILBE_SYNTH_PERFORMANCE_INIT                                                               \
    {                                                                                              \
        0                                                                                          \
    }

/* The recording's frequency of a MIDI pitch (fractional allowed), equal temperament. */
static inline double silbe_synth_frequency_hz(const silbe_synth_version *version, double pitch)
{
    return version->tuning_hz * exp2((pitch - 69.0) / 12.0);
}

#endif
