/*
 * The moments at which a score has note onsets: what an alignment with a recording places in time.
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

#endif
