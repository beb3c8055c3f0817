#include "align/score/anchors.h"

#include <math.h>

static const double SAME_Q = 1e-4; /* positions in files have four decimals */

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
