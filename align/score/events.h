/*
 * The moments at which a score has note onsets: what an alignment with a recording places in time.
 * Anchors are events whose time is known: set by a person, they hold whatever is heard.
 */
#ifndef SILBE_ALIGN_SCORE_EVENTS_H
#define SILBE_ALIGN_SCORE_EVENTS_H

#include <stddef.h>

#include "features/base/score.h"
#include "features/base/status.h"

/* Notes whose onsets are nearer than this belong to one event. */
#define SILBE_EVENT_TOLERANCE_Q 1e-6

typedef struct {
    double *onset_q;       /* n_events positions, strictly increasing; owned, one block with ... */
    size_t n_events;       /* */
    size_t *event_of_note; /* n_notes: the event at which each note starts */
    size_t *end_of_note;   /* n_notes: first event not before the note's end; > event_of_note, at
                              most n_events */
    size_t n_notes;
} silbe_score_events;

#define SILBE_SCORE_EVENTS_INIT                                                                    \
    {                                                                                              \
        0                                                                                          \
    }

/* SILBE_ERR_DATA if the score has no notes, SILBE_ERR_ARGUMENT if they are not sorted by onset or
 * an onset or duration is not finite. The caller frees *events, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_score_events_new(const silbe_score *score,
                                                     silbe_score_events *events, silbe_err *err);

void silbe_score_events_free(silbe_score_events *events);

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
