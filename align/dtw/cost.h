/*
 * Where the costs of DTW cells come from: a function that fills a piece of one row, so that nobody
 * needs n_rows * n_cols values at once; and ready-made ones for a dense matrix and for features.
 *
 * Costs are finite; INFINITY forbids a cell; NaN and -INFINITY are SILBE_ERR_DATA.
 */
#ifndef SILBE_ALIGN_DTW_COST_H
#define SILBE_ALIGN_DTW_COST_H

#include <stddef.h>

#include "features/base/status.h"

/*
 * Writes C(n, m) to cost[m - m_begin] for m_begin <= m < m_end: never empty, inside the row's
 * window, most often up to 512 columns. Asked again for a cell (once per pass, see
 * silbe_dtw_options; rows and pieces in any order) it must give the same value. A failure ends the
 * alignment with its status.
 */
typedef silbe_status silbe_dtw_cost_fn(const void *context, size_t n, size_t m_begin, size_t m_end,
                                       float *cost, silbe_err *err);

/* Dense matrix, row-major: C(n, m) = cost[n * n_cols + m]. Borrowed. */
typedef struct {
    const float *cost;
    size_t n_cols;
} silbe_dtw_dense;

/* silbe_dtw_cost_fn with a silbe_dtw_dense as context. */
silbe_status silbe_dtw_dense_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                  float *cost, silbe_err *err);

/*
 * Two feature sequences. Rows of x are frames; y is stored by feature, so that a row of costs is
 * computed with vector instructions: use silbe_dtw_transpose. Borrowed. The sums run over d in
 * increasing order in float, the same on every processor.
 */
typedef struct {
    const float *x;   /* n_rows x n_dims: x[n * n_dims + d] */
    const float *y_t; /* n_dims x n_cols: y_t[d * n_cols + m] */
    size_t n_dims;
    size_t n_cols;
} silbe_dtw_features;

/* out[d * n_frames + t] = in[t * n_dims + d]; they must not overlap. */
void silbe_dtw_transpose(const float *in, size_t n_frames, size_t n_dims, float *out);

/* C = 1 - <x, y>: the cosine distance if all frames have Euclidean length 1 (Müller, FMP 3.1.2.1;
 * not checked). */
silbe_status silbe_dtw_cosine_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                   float *cost, silbe_err *err);

/* C = sum_d |x_d - y_d|. */
silbe_status silbe_dtw_manhattan_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                      float *cost, silbe_err *err);

/* C = sum_d (x_d - y_d)^2. */
silbe_status silbe_dtw_squared_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                    float *cost, silbe_err *err);

#endif
