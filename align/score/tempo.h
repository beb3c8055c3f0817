/*
 * Local tempo: how long the distance between two events of the score should take, given where all
 * events are thought to lie; and how fast the score goes by: where it rushes, its notes were not
 * played, and their times say nothing.
 */
#ifndef SILBE_ALIGN_SCORE_TEMPO_H
#define SILBE_ALIGN_SCORE_TEMPO_H

#include <stddef.h>

#include "features/base/status.h"

/*
 * expected_s[k] = slope of a weighted linear regression of event_s on event_q around the middle of
 * events k and k + 1, times event_q[k + 1] - event_q[k]; n_events - 1 values. The weights are
 * Gaussian in time, with a standard deviation of 0.6 s_k, s_k = max(half_window_s, half the time
 * that min_events events before and behind take), cut at 2 s_k. Slopes below 1 ms per quarter note
 * are raised to it. event_q strictly increasing, event_s never decreasing.
 */
void silbe_expected_distances(const double *event_q, const double *event_s, size_t n_events,
                              double half_window_s, size_t min_events, double *expected_s);

/*
 * ratio[k] = quarter notes per second around event k, over the usual. Around: between the first and
 * the last event within half_window_s of it, its neighbours at least. The usual: the median over
 * time, in which a squeezed part counts for as long as it lasts. event_q strictly increasing,
 * event_s never decreasing; n_events values, all 1 for a single event. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_relative_speeds(const double *event_q, const double *event_s,
                                                    size_t n_events, double half_window_s,
                                                    double *ratio, silbe_err *err);

#endif
