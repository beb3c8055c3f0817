#include "align/score/events.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

static const double SAME_Q = 1e-4; /* positions in files have four decimals */

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

/* Event at q, or n_events. */
static size_t event_at(const silbe_score_events *events, double q)
{
    size_t low = 0, high = events->n_events;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (events->onset_q[middle] < q - SAME_Q) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < events->n_events && events->onset_q[low] <= q + SAME_Q ? low : events->n_events;
}

silbe_status silbe_anchors_of_events(const silbe_score_events *events,
                                     const silbe_score_anchor *anchors, size_t n_anchors,
                                     double *anchor_s, silbe_err *err)
{
    size_t n = events->n_events, last = n;
    for (size_t k = 0; k < n; k++) {
        anchor_s[k] = NAN;
    }
    for (size_t i = 0; i < n_anchors; i++) {
        size_t k = event_at(events, anchors[i].onset_q);
        if (k < n && isnan(anchor_s[k])) {
            anchor_s[k] = anchors[i].time_s;
        }
    }
    for (size_t k = 0; k < n; k++) {
        if (isnan(anchor_s[k])) {
            continue;
        }
        if (last < n && !(anchor_s[k] - anchor_s[last] > SILBE_EVENT_GAP_S * (double)(k - last))) {
            return silbe_fail(
                err, SILBE_ERR_INFEASIBLE,
                "times set by hand contradict the score: %.4f s at position %.3f, but "
                "%.4f s at the later position %.3f (in quarter notes)",
                anchor_s[last], events->onset_q[last], anchor_s[k], events->onset_q[k]);
        }
        last = k;
    }
    return SILBE_OK;
}

void silbe_anchors_bend(const double *anchor_s, size_t n, double *time_s)
{
    size_t left = n; /* anchor at or before k; n: none yet */
    double left_guess_s = 0;
    for (size_t k = 0; k < n; k++) {
        if (!isnan(anchor_s[k])) {
            left = k;
            left_guess_s = time_s[k];
            time_s[k] = anchor_s[k];
            continue;
        }
        size_t right = k;
        while (right < n && isnan(anchor_s[right])) {
            right++;
        }
        for (; k < right; k++) {
            if (left == n && right < n) {
                time_s[k] = fmin(time_s[k], anchor_s[right]);
            } else if (left < n && right == n) {
                time_s[k] = fmax(time_s[k], anchor_s[left]);
            } else if (left < n) {
                double span_s = time_s[right] - left_guess_s;
                double share = span_s > 0 ? (time_s[k] - left_guess_s) / span_s
                                          : (double)(k - left) / (double)(right - left);
                time_s[k] = anchor_s[left] + share * (anchor_s[right] - anchor_s[left]);
            }
        }
        k--;
    }
}
