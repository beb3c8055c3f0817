/*
 * A performance of a song: when each note sounds. The tempo curve, the small deviations of singer
 * and pianist and the times of measures and words all come from here; sound and annotations are
 * both made from the same numbers, so the annotations are exact.
 */
#ifndef SILBE_DEMO_PERFORMANCE_H
#define SILBE_DEMO_PERFORMANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/demo/notation.h"
#include "features/base/status.h"

/* A singer: what stays the same from note to note. */
typedef struct {
    double formant_scale; /* vocal tract: formants of the phone table times this */
    double singers_hz;    /* where F3, F4, F5 gather */
    double vibrato_hz;
    double vibrato_semitones; /* half of peak to peak */
    double breath;            /* aspiration noise, 0..1 */
    double brightness_hz;     /* corner of the glottal source's second spectral slope */
} silbe_demo_singer;

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
    silbe_demo_singer singer;
} silbe_demo_version;

/* The version of that index, NULL past the last. */
const silbe_demo_version *silbe_demo_version_at(size_t index);

typedef struct {
    double start_s;
    double end_s; /* > start_s: the key is released, the singer stops or goes on to the next note */
    int pitch;    /* MIDI number as it sounds, transposition included */
    bool voice;
    bool grace;
    double velocity; /* 0..1 */
    size_t syllable; /* voice: the syllable sung, also on the notes of its melisma */
} silbe_demo_note;

typedef struct {
    double start_s;
    double end_s;
} silbe_demo_interval;

typedef struct {
    const silbe_demo_song *song;
    const silbe_demo_version *version;
    silbe_demo_note
        *notes; /* the voice's n_voice notes first, in order; then the piano's by start */
    size_t n_notes;
    size_t n_voice;
    double *tick_s;                /* song->end + 1 times: the tempo map */
    silbe_demo_interval *words;    /* song->n_words: first note's start to last note's end */
    silbe_demo_interval *measures; /* song->n_measures, from the tempo map */
    double duration_s;             /* of the recording */
} silbe_demo_performance;

#define SILBE_DEMO_PERFORMANCE_INIT                                                                \
    {                                                                                              \
        0                                                                                          \
    }

SILBE_MUST_CHECK silbe_status silbe_demo_perform(silbe_demo_performance *performance,
                                                 const silbe_demo_song *song,
                                                 const silbe_demo_version *version, silbe_err *err);

void silbe_demo_performance_free(silbe_demo_performance *performance);

/* The recording's frequency of a MIDI pitch (fractional allowed), equal temperament. */
double silbe_demo_frequency_hz(const silbe_demo_version *version, double pitch);

/* Fills tick_s[0 .. song->end] with the time of every tick: the tempo map by itself. */
void silbe_demo_tempo_map(const silbe_demo_song *song, const silbe_demo_version *version,
                          double *tick_s);

#endif
