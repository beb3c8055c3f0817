/*
 * How fast the score goes by: where it rushes, its notes were not played, and their times say
 * nothing.
 */
#ifndef SILBE_ALIGN_SCORE_SPEED_H
#define SILBE_ALIGN_SCORE_SPEED_H

#include <stddef.h>

#include "features/base/status.h"

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
