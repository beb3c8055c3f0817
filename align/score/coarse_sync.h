/*
 * First guess of a score's times in a recording: the transposition from the sound, then DTW on
 * smoothed chroma and onsets, from a coarse frame rate to a fine one.
 */
#ifndef SILBE_ALIGN_SCORE_COARSE_SYNC_H
#define SILBE_ALIGN_SCORE_COARSE_SYNC_H

#include <stddef.h>

#include "align/score/events.h"
#include "align/score/recording.h"
#include "features/base/score.h"
#include "features/base/status.h"

typedef struct {
    double pad_s;           /* rest in front of and behind the score, for what is not music */
    double hop_s;           /* of the finest level */
    size_t max_full_frames; /* a level with more frames than this is solved inside a band around
                               the level before, which has half as many */
    double band_s;          /* half width of that band, at least ... */
    double band_frames;     /* ... so many frames of the level before */
    double music_share;    /* where the music lasts less than this share of the recording, the first
                              level is run again with the tempo that it found */
    double smoothing_s;    /* window of the chroma, at least two frames */
    double onset_weight;   /* see sync_cost.h */
    double onset_decay_s;  /* of the score's onset traces: as the recording's */
    int max_transposition; /* semitones up and down that are tried, 0..6 */
    double key_hop_s;      /* of the search for the transposition, at least ... */
    size_t key_frames;     /* ... so that the recording has no more frames than this */
    double key_side_weight;               /* its steps (1,0) and (0,1) against 2 for (1,1) */
    const silbe_score_evidence *evidence; /* what else is known; NULL: nothing */
} silbe_coarse_options;

typedef struct {
    int transposition_semitones; /* recording minus score, -6..6 */
    double key_ratio; /* DTW cost of that transposition over the median cost of all: small when the
                         recording has the score's harmonies in one key only, near 1 when it has
                         them in none; 1 when only one was tried */
} silbe_coarse_result;

/* Finds the transposition. SILBE_ERR_DATA if the recording is too short to be aligned. */
SILBE_MUST_CHECK silbe_status silbe_find_transposition(const silbe_score *score,
                                                       const silbe_recording *recording,
                                                       const silbe_coarse_options *options,
                                                       silbe_coarse_result *result, silbe_err *err);

/*
 * Places the events of the transposed score: event_s holds n_events values, never decreasing.
 * Failures of DTW as they come. Allocates and frees what it needs, which grows linearly with the
 * recording.
 */
SILBE_MUST_CHECK silbe_status silbe_coarse_sync(const silbe_score *score,
                                                const silbe_score_events *events,
                                                const silbe_recording *recording,
                                                const silbe_coarse_options *options,
                                                int transposition_semitones, double *event_s,
                                                silbe_err *err);

#endif
