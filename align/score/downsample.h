/*
 * Features at a lower frame rate: the coarse levels of a synchronisation.
 */
#ifndef SILBE_ALIGN_SCORE_DOWNSAMPLE_H
#define SILBE_ALIGN_SCORE_DOWNSAMPLE_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"

/*
 * Every factor-th frame of in, smoothed with a Hann window of window_frames (odd; even values are
 * raised by one; 1 = no smoothing) whose weights sum to 1 and which is cut at the edges without
 * being rescaled; then rows are divided by their Euclidean norm (rows of zeros stay). As in CENS
 * features (Müller, Kurth and Clausen 2005). *out: ceil(frames / factor) rows, owned by the caller.
 * SILBE_ERR_ARGUMENT if factor is 0. NaN comes out as NaN.
 */
SILBE_MUST_CHECK silbe_status silbe_downsample_unit_rows(const silbe_matrix *in, size_t factor,
                                                         size_t window_frames, silbe_matrix *out,
                                                         silbe_err *err);

/* Largest value (0 if all are negative) of each group of factor frames centred on every factor-th
 * frame: keeps onsets that last one frame. *out and errors as above. */
SILBE_MUST_CHECK silbe_status silbe_downsample_max(const silbe_matrix *in, size_t factor,
                                                   silbe_matrix *out, silbe_err *err);

#endif
