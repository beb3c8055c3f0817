/*
 * Events of a score whose time in the recording is known: set by a person, they hold whatever is
 * heard.
 */
#ifndef SILBE_ALIGN_SCORE_ANCHORS_H
#define SILBE_ALIGN_SCORE_ANCHORS_H

#include <stddef.h>

#include "align/score/events.h"
#include "features/base/status.h"

/* The least distance of two events, in seconds. */
#define SILBE_EVENT_GAP_S 1e-4

typedef struct {
    double onset_q; /* score position of an event */
    double time_s;  /* when it happens */
} silbe_score_anchor;

/*
 * anchor_s[k]: time of event k, NAN where no anchor says it (n_events values). Anchors that lie on
 * no event are left out; of several on one event the first holds. SILBE_ERR_INFEASIBLE if times do
 * not increase with score position, with room for the events between, naming both anchors.
 */
SILBE_MUST_CHECK silbe_status silbe_anchors_of_events(const silbe_score_events *events,
                                                      const silbe_score_anchor *anchors,
                                                      size_t n_anchors, double *anchor_s,
                                                      silbe_err *err);

/* Bends a first guess (n times, never decreasing) so that it meets the anchors: stretched between
 * two of them, cut before the first and after the last. */
void silbe_anchors_bend(const double *anchor_s, size_t n, double *time_s);

#endif
