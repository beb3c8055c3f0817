/*
 * Score to recording: from note events and features to the time of every event.
 *
 *   transposition  DTW on chroma for each of twelve keys
 *   coarse_sync    DTW on chroma and onsets, coarse to fine   -> within a second
 *   onset_refine   semi-Markov chain, wide window             -> the right note
 *   onset_refine   semi-Markov chain, narrow window           -> its onset
 */
#ifndef SILBE_ALIGN_SCORE_SCORE_SYNC_H
#define SILBE_ALIGN_SCORE_SCORE_SYNC_H

#include <stddef.h>

#include "align/score/coarse_sync.h"
#include "align/score/events.h"
#include "align/score/onset_refine.h"
#include "align/score/recording.h"
#include "features/base/score.h"
#include "features/base/status.h"

struct silbe_score_sync;

typedef struct {
    silbe_coarse_options coarse;
    silbe_refine_options wide;
    silbe_refine_options narrow;
    size_t n_partials;      /* of a note's expected onset, see score_features.h */
    double partial_falloff; /* */
    double support_s;       /* spread over which the support of an event is averaged ... */
    double full_support;    /* ... and what counts as full support, see confidence */
    double max_rate_hz;     /* onsets in a second that somebody can play; more: refused */
    double max_speed_ratio; /* against the usual tempo; where the score goes by faster than that,
                               the confidence is less */
    double max_key_ratio;   /* a recording that exceeds this and stays below min_sharpness is not */
    double min_sharpness;   /* of this score */
    const silbe_score_anchor *anchors; /* times that are certain; NULL: none. A recording with
                                          anchors is never refused */
    size_t n_anchors;
    const struct silbe_score_sync *guess; /* NULL, or an earlier result whose transposition and
                                             times stand for the first guess. Never refused */
} silbe_score_sync_options;

silbe_score_sync_options silbe_score_sync_options_default(void);

typedef struct silbe_score_sync {
    silbe_score_events events;       /* owned */
    silbe_event_estimate *estimates; /* events.n_events, owned; time_s strictly increasing */
    double *event_s;                 /* the times again, as one array; owned */
    double *confidence;              /* events.n_events, 0..1; owned: posterior mass within 0.1 s of
                                        the event's time in the wide and in the narrow window,
                                        multiplied, and less where all around no onsets are heard
                                        that the score expects, or where the score goes by
                                        too fast */
    silbe_coarse_result coarse;
    double sharpness; /* mean posterior mass within 0.05 s of the events' times, 0..1 */
} silbe_score_sync;

#define SILBE_SCORE_SYNC_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * SILBE_ERR_INFEASIBLE for anchors that contradict the score. SILBE_ERR_MISMATCH if the sound does
 * not fit the score at all (another song), or is too short for anybody to play the score: the
 * message gives the figure. SILBE_ERR_DATA for a recording that is too short or a score without
 * notes. The caller frees *sync, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_score_sync_run(const silbe_score *score,
                                                   const silbe_recording *recording,
                                                   const silbe_score_sync_options *options,
                                                   silbe_score_sync *sync, silbe_err *err);

void silbe_score_sync_free(silbe_score_sync *sync);

#endif
