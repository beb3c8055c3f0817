/*
 * Cost of matching a score frame with a recording's frame, for the DTW engine:
 *
 *   C(n, m) = 1 - <chroma_x(n), chroma_y(m)> + onset_weight |onset_x(n) - onset_y(m)|
 *
 * (Ewert, Müller and Grosche 2009). The recording's features are stored by dimension, so that a row
 * of costs is computed for many frames at once.
 */
#ifndef SILBE_ALIGN_SCORE_SYNC_COST_H
#define SILBE_ALIGN_SCORE_SYNC_COST_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"

typedef struct {
    const silbe_matrix *chroma;      /* score, frames x 12; borrowed */
    const silbe_matrix *onset;       /* score, frames x 12; NULL when onset_weight is 0; borrowed */
    silbe_matrix recording_chroma_t; /* 12 x frames, owned */
    silbe_matrix recording_onset_t;  /* 12 x frames, owned; empty when onset_weight is 0 */
    float onset_weight;
} silbe_sync_cost;

/* onset and recording_onset are not looked at when onset_weight is 0. SILBE_ERR_ARGUMENT if shapes
 * do not fit. The caller frees *cost. */
SILBE_MUST_CHECK silbe_status silbe_sync_cost_new(silbe_sync_cost *cost, const silbe_matrix *chroma,
                                                  const silbe_matrix *onset,
                                                  const silbe_matrix *recording_chroma,
                                                  const silbe_matrix *recording_onset,
                                                  double onset_weight, silbe_err *err);

void silbe_sync_cost_free(silbe_sync_cost *cost);

/* A silbe_dtw_cost_fn with a silbe_sync_cost as context. */
silbe_status silbe_sync_cost_row(const void *context, size_t n, size_t m_begin, size_t m_end,
                                 float *cost, silbe_err *err);

#endif
