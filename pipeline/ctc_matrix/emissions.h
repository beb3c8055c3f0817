/*
 * A model's output, frames x symbols, as natural log-probabilities.
 */
#ifndef SILBE_CTC_MATRIX_EMISSIONS_H
#define SILBE_CTC_MATRIX_EMISSIONS_H

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "pipeline/settings/config.h"

/*
 * Reads a .npy file of shape (T, n_symbols), float32 or float64, into *logp (SILBE_MATRIX_INIT; the
 * caller frees it): logp->data[t * n_symbols + k] is ln P(symbol k | frame t), <= 0 up to rounding,
 * -INFINITY allowed.
 *
 * kind (SILBE_KIND_*) says what the numbers are. SILBE_KIND_AUTO finds out, with a tolerance of
 * 0.02 for what was computed in half precision:
 *
 *     prob    no number < 0, and every frame sums to 1
 *     logp    every frame's exponentials sum to 1
 *     logits  neither, and there are numbers < 0 and numbers > 0
 *
 * All else is refused, as it cannot be told. *found: the kind. Log-probabilities that were declared
 * so need not sum to 1. Logits become logarithms of their softmax.
 *
 * SILBE_ERR_IO, SILBE_ERR_FORMAT, SILBE_ERR_MEMORY: as silbe_npy_read_matrix. SILBE_ERR_MISMATCH:
 * another width, with both numbers. SILBE_ERR_DATA: no frames, NaN, +INFINITY, a frame in which all
 * symbols are impossible, numbers that contradict their kind; with frame and symbol.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_matrix_read(const char *path, size_t n_symbols, int kind,
                                                    silbe_matrix *logp, int *found, silbe_err *err);

/* "log-probabilities", "logits" or "probabilities". */
const char *silbe_ctc_matrix_kind_name(int kind);

#endif
