/*
 * Places every event of a score where the recording has the onset: builds the onset lattice
 * (onset_lattice.h) around a first guess and takes the posterior's centre.
 */
#ifndef SILBE_ALIGN_SCORE_ONSET_REFINE_H
#define SILBE_ALIGN_SCORE_ONSET_REFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "align/score/events.h"
#include "align/score/recording.h"
#include "features/base/matrix.h"
#include "features/base/status.h"

typedef struct {
    double half_window_s;    /* candidates lie this far around the guess on both sides */
    double onset_weight;     /* nats for an onset that fits perfectly */
    double hold_weight_s;    /* nats per second of sound that does not fit at all */
    double tempo_weight;     /* 1: the tempo model is taken at its word */
    double sigma_s;          /* spread of a distance between events: absolute part, seconds */
    double sigma_relative;   /* and the part that grows with the distance */
    double huber;            /* in sigmas: beyond it a distance is an outlier */
    double max_tempo_cost;   /* nats: what a jump costs, see onset_lattice.h; 0: no limit */
    double tempo_window_s;   /* half window of the local tempo */
    size_t tempo_min_events; /* see tempo.h */
    size_t n_iterations;     /* guess -> lattice -> guess */
    const silbe_score_evidence *evidence; /* what else is known; NULL: nothing */
    const double *anchor_s; /* n_events times that are certain, NAN elsewhere (events.h); NULL:
                               none */
} silbe_refine_options;

/* What the posterior says about one event. */
typedef struct {
    double time_s;     /* where the event is */
    double near_mass;  /* posterior mass within 0.1 s of time_s, 0..1 */
    double sharp_mass; /* posterior mass within 0.05 s of time_s, 0..1 */
    double support;    /* <expected, heard onset> at time_s minus its mean over the window */
} silbe_event_estimate;

/*
 * event_onsets: n_events x bands (silbe_event_onsets); event_chroma: n_events x 12. estimates holds
 * n_events values; on entry time_s is the guess (never decreasing, seconds), on return everything
 * is filled, time_s strictly increasing. SILBE_ERR_MISMATCH if shapes do not fit, SILBE_ERR_DATA
 * for a guess or feature that is not finite.
 */
SILBE_MUST_CHECK silbe_status silbe_onset_refine(const silbe_score_events *events,
                                                 const silbe_matrix *event_onsets,
                                                 const silbe_matrix *event_chroma,
                                                 const silbe_recording *recording,
                                                 const silbe_refine_options *options, bool is_final,
                                                 silbe_event_estimate *estimates, silbe_err *err);

/*
 * What one placement costs in the lattice: cost[k] = onset cost of event k, hold cost between k and
 * k + 1 and tempo cost of their distance, nats (the last event: its onset alone). time_s: n_events
 * times, never decreasing; local tempo is their own, times are rounded to frames for onsets and
 * holds. Anchors do not count. Errors as silbe_onset_refine.
 */
SILBE_MUST_CHECK silbe_status silbe_onset_path_costs(
    const silbe_score_events *events, const silbe_matrix *event_onsets,
    const silbe_matrix *event_chroma, const silbe_recording *recording,
    const silbe_refine_options *options, const double *time_s, double *cost, silbe_err *err);

#endif
