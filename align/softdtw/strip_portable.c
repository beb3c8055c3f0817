/* The strip kernels in plain C. */
#include "align/base/lanes_portable.h"

#include "align/softdtw/strip_kernel.h"

void silbe_softdtw_forward_portable(silbe_softdtw_lanes *lanes, const double *cost, size_t n_times,
                                    double *row_m, double *row_e, double *kept)
{
    forward_strip(lanes, cost, n_times, row_m, row_e, kept);
}

void silbe_softdtw_backward_portable(silbe_softdtw_lanes *lanes, const double *kept, size_t n_times,
                                     double *row_m, double *row_e, double *gradient)
{
    backward_strip(lanes, kept, n_times, row_m, row_e, gradient);
}
