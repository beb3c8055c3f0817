/*
 * One level of the coarse synchronisation: score and recording as chroma and onsets at one frame
 * rate, and DTW between them. The score is laid out at a constant tempo, as long as the recording
 * if nothing else is known, with a rest on both sides.
 */
#ifndef SILBE_ALIGN_SCORE_SYNC_LEVEL_H
#define SILBE_ALIGN_SCORE_SYNC_LEVEL_H

#include <stddef.h>

#include "align/score/events.h"
#include "align/score/recording.h"
#include "features/base/score.h"
#include "features/base/status.h"

typedef struct {
    double pad_s;
    double hop_s; /* raised to a multiple of the recording's */
    double smoothing_s;
    double onset_weight;  /* 0: chroma alone */
    double onset_decay_s; /* */
    double side_weight;   /* steps (1,0) and (0,1), against 2 for (1,1) */
    double band_s;        /* half width of a band around the guess; 0: none */
    double seconds_per_q; /* of the score as it is laid out; 0: as long as the recording */
    int transposition_semitones;
    const silbe_score_evidence *evidence; /* what else is known; NULL: nothing */
} silbe_sync_level;

/* DTW cost alone; level->band_s must be 0. */
SILBE_MUST_CHECK silbe_status silbe_sync_level_cost(const silbe_score *score,
                                                    const silbe_recording *recording,
                                                    const silbe_sync_level *level, double *cost,
                                                    silbe_err *err);

/* Places the events; event_s (n_events, never decreasing) is also the guess when there is a band.
 * SILBE_ERR_DATA if the recording is too short to be aligned. */
SILBE_MUST_CHECK silbe_status silbe_sync_level_run(const silbe_score *score,
                                                   const silbe_score_events *events,
                                                   const silbe_recording *recording,
                                                   const silbe_sync_level *level, double *event_s,
                                                   silbe_err *err);

#endif
