#include "align/score/events.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

silbe_status silbe_score_events_new(const silbe_score *score, silbe_score_events *events,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *events = (silbe_score_events)SILBE_SCORE_EVENTS_INIT;
    if (score->n_notes == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "the score has no notes");
    }
    size_t n = events->n_notes = score->n_notes;
    events->onset_q = silbe_alloc(n, sizeof(double) + 2 * sizeof(size_t), "notes", err);
    if (silbe_failed(err)) {
        return err->status;
    }
    events->event_of_note = (size_t *)(events->onset_q + n);
    events->end_of_note = events->event_of_note + n;
    for (size_t i = 0; i < score->n_notes; i++) {
        double onset_q = score->notes[i].onset_q, duration_q = score->notes[i].duration_q;
        if (!isfinite(onset_q) || !isfinite(duration_q) || duration_q < 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "note %zu of the score has no usable place: onset %g, duration %g "
                              "quarter notes",
                              i + 1, onset_q, duration_q);
        }
        if (i > 0 && !(onset_q >= score->notes[i - 1].onset_q)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "note %zu of the score starts before the one in front of it", i + 1);
        }
        if (i == 0 || onset_q > events->onset_q[events->n_events - 1] + SILBE_EVENT_TOLERANCE_Q) {
            events->onset_q[events->n_events++] = onset_q;
        }
        events->event_of_note[i] = events->n_events - 1;
    }
    for (size_t i = 0; i < score->n_notes; i++) {
        double end_q = score->notes[i].onset_q + score->notes[i].duration_q;
        size_t k = events->event_of_note[i] + 1;
        /* Notes are short against the score: a walk is cheaper than a search. */
        while (k < events->n_events && events->onset_q[k] < end_q - SILBE_EVENT_TOLERANCE_Q) {
            k++;
        }
        events->end_of_note[i] = k;
    }
    return SILBE_OK;
}

void silbe_score_events_free(silbe_score_events *events)
{
    free(events->onset_q);
    *events = (silbe_score_events)SILBE_SCORE_EVENTS_INIT;
}
