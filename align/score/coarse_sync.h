/*
 * First guess of a score's times in a recording: transposition from the sound, then DTW on smoothed
 * chroma over the whole piece, then DTW on chroma and onsets in a band around that path.
 */
#ifndef SILBE_ALIGN_SCORE_COARSE_SYNC_H
#define SILBE_ALIGN_SCORE_COARSE_SYNC_H

#include <stddef.h>

#include "align/score/events.h"
#include "align/score/recording.h"
#include "features/base/score.h"
#include "features/base/status.h"

typedef struct {
    double pad_s;             /* rest in front of and behind the score, for what is not music */
    double coarse_hop_s;      /* first level; raised for recordings longer than
                                 max_coarse_frames of it */
    size_t max_coarse_frames; /* */
    double smoothing_s;       /* window of the first level */
    double coarse_weight;     /* of its steps (1,0) and (0,1) against 2 for (1,1) */
    int max_transposition;    /* semitones up and down that are tried, 0..6 */
    double fine_hop_s;        /* second level */
    double fine_weight;       /* of its steps (1,0) and (0,1) against 2 for (1,1) */
    double onset_weight;      /* see sync_cost.h */
    double onset_decay_s;     /* of the score's onset traces: as the recording's */
    double band_s;            /* half width of the second level's band */
} silbe_coarse_options;

typedef struct {
    int transposition_semitones; /* recording minus score */
    double mean_cost;            /* first level's cost per unit of path, 0 = the same chroma */
    double transposition_margin; /* how much dearer per unit the second best transposition is */
} silbe_coarse_result;

/*
 * event_s: n_events values, never decreasing. SILBE_ERR_DATA if the recording is too short to hold
 * the score; failures of DTW as they come. Allocates and frees what it needs; grows linearly with
 * the recording.
 */
SILBE_MUST_CHECK silbe_status silbe_coarse_sync(const silbe_score *score,
                                                const silbe_score_events *events,
                                                const silbe_recording *recording,
                                                const silbe_coarse_options *options,
                                                double *event_s, silbe_coarse_result *result,
                                                silbe_err *err);

#endif
