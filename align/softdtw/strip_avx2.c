/* The strip kernels with AVX2: sixteen lanes in four registers. */
#include "align/softdtw/engine.h"

#ifdef SILBE_X86
#include "align/base/lanes_avx2.h"

#include "align/softdtw/strip_kernel.h"

SILBE_LANES_TARGET void silbe_softdtw_forward_avx2(silbe_softdtw_lanes *lanes, const double *cost,
                                                   size_t n_times, double *row_m, double *row_e,
                                                   double *kept)
{
    forward_strip(lanes, cost, n_times, row_m, row_e, kept);
}

SILBE_LANES_TARGET void silbe_softdtw_backward_avx2(silbe_softdtw_lanes *lanes, const double *kept,
                                                    size_t n_times, double *row_m, double *row_e,
                                                    double *gradient)
{
    backward_strip(lanes, kept, n_times, row_m, row_e, gradient);
}
#endif
