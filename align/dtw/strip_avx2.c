/* The strip kernel with AVX2: sixteen lanes in four registers. */
#include "align/dtw/engine.h"

#ifdef SILBE_X86
#include "align/base/lanes_avx2.h"

#include "align/dtw/strip_kernel.h"

SILBE_LANES_TARGET void silbe_dtw_strip_avx2(silbe_dtw_lanes *lanes, const float *cost,
                                             size_t n_times, double *row, size_t out_lane,
                                             uint16_t *back)
{
    (void)out_lane; /* always 0 here */
    run_strip(lanes, cost, n_times, row, back);
}
#endif
