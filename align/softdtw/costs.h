/*
 * Features to cost matrices, and the gradient of a loss on the matrix back to the features.
 *
 * x: n_rows x n_dims, x[n * n_dims + d]; y: n_cols x n_dims; cost and e: n_rows x n_cols. float
 * features, sums in double in order of d.
 */
#ifndef SILBE_ALIGN_SOFTDTW_COSTS_H
#define SILBE_ALIGN_SOFTDTW_COSTS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

typedef enum {
    /* C = sum_d (x_d - y_d)^2 */
    SILBE_SOFTDTW_SQUARED_EUCLIDEAN = 0,
    /* C = 1 - <x, y> / (|x| |y|); 1, with gradient 0, where x or y is 0 */
    SILBE_SOFTDTW_COSINE,
    /* C = -sum_d y_d x_d: x are log-probabilities (<= 0, -INFINITY allowed), y probabilities of the
     * target (one-hot, multi-hot or soft, >= 0). 0 * -INFINITY counts as 0. */
    SILBE_SOFTDTW_CROSS_ENTROPY,
    SILBE_SOFTDTW_N_COSTS
} silbe_softdtw_cost_kind;

typedef struct {
    silbe_softdtw_cost_kind kind;
    const float *x; /* n_rows x n_dims, borrowed */
    const float *y; /* n_cols x n_dims, borrowed */
    size_t n_rows;
    size_t n_cols;
    size_t n_dims;
} silbe_softdtw_features;

/* Fills cost. SILBE_ERR_ARGUMENT: NULL, empty, unknown kind; SILBE_ERR_DATA: a feature is NaN or
 * infinite (or out of the range above), naming frame and dimension. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_cost_matrix(const silbe_softdtw_features *features,
                                                        double *cost, silbe_err *err);

/*
 * Chain rule: dx[n * n_dims + d] = sum_m e(n, m) * d C(n, m) / d x_d of frame n, and dy likewise;
 * either may be NULL. e is the gradient of the loss with respect to C (for the soft-DTW value: E).
 * Same errors.
 */
SILBE_MUST_CHECK silbe_status silbe_softdtw_feature_gradient(const silbe_softdtw_features *features,
                                                             const double *e, double *dx,
                                                             double *dy, silbe_err *err);

#endif
