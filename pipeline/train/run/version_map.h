/*
 * Two recordings of one work on each other's time axis, from their sound alone: the transposition,
 * then multi-resolution DTW on smoothed chroma and onsets.
 */
#ifndef SILBE_TRAIN_VERSION_MAP_H
#define SILBE_TRAIN_VERSION_MAP_H

#include "features/base/matrix.h"

typedef struct {
    silbe_matrix chroma; /* frames x 12, as the stage features writes them */
    silbe_matrix onset;  /* frames x 12 */
    double hop_s;        /* of both */
} silbe_version_sound;

/*
 * other_s[t], n_times values: the time in `y` of what sounds at time t * step_s in `x`; never
 * decreasing. *cost: mean cost of the path's cells, 0..1. SILBE_ERR_DATA: a recording of less than
 * a second. Errors of silbe_dtw_multires.
 */
SILBE_MUST_CHECK silbe_status silbe_version_map(const silbe_version_sound *x,
                                                const silbe_version_sound *y, double step_s,
                                                size_t n_times, float *other_s, double *cost,
                                                silbe_err *err);

#endif
