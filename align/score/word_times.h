/*
 * Event times to word times: a word starts with the first note of its first syllable and ends with
 * the last note of its last syllable's melisma.
 */
#ifndef SILBE_ALIGN_SCORE_WORD_TIMES_H
#define SILBE_ALIGN_SCORE_WORD_TIMES_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

/* The score's time axis in the recording. All arrays borrowed, n_events long. */
typedef struct {
    const double *event_q;    /* strictly increasing */
    const double *event_s;    /* strictly increasing */
    const double *confidence; /* 0..1 of each event */
    size_t n_events;          /* >= 1 */
    double duration_s;        /* of the recording */
} silbe_score_times;

/* Seconds at a position: linear between events, beyond them at the tempo of the whole piece
 * (with one event only, at a second for each quarter note), cut to [0, duration_s]. */
double silbe_score_time(const silbe_score_times *times, double q);

/*
 * Spans of all syllables and words; a syllable that starts between two events (two words on one
 * note) has the lower confidence of the two. Ends are cut to the next start; every span lasts at
 * least 1 ms. Words must be in singing order. SILBE_ERR_ARGUMENT if a syllable has no position,
 * SILBE_ERR_DATA if event times do not increase. The caller frees *words.
 */
SILBE_MUST_CHECK silbe_status silbe_score_word_times(const silbe_lyrics *lyrics,
                                                     const silbe_score_times *times,
                                                     silbe_word_times *words, silbe_err *err);

#endif
