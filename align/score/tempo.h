/*
 * Local tempo: how long the distance between two events of the score should take, given where all
 * events are thought to lie.
 */
#ifndef SILBE_ALIGN_SCORE_TEMPO_H
#define SILBE_ALIGN_SCORE_TEMPO_H

#include <stddef.h>

/*
 * expected_s[k] = slope of a weighted linear regression of event_s on event_q around the middle of
 * events k and k + 1, times event_q[k + 1] - event_q[k]; n_events - 1 values. The weights are
 * Gaussian in time, with a standard deviation of 0.6 s_k, s_k = max(half_window_s, half the time
 * that min_events events before and behind take), cut at 2 s_k. Slopes below 1 ms per quarter note
 * are raised to it. event_q strictly increasing, event_s never decreasing.
 */
void silbe_expected_distances(const double *event_q, const double *event_s, size_t n_events,
                              double half_window_s, size_t min_events, double *expected_s);

#endif
