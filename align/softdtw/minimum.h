/*
 * The three minima of soft-DTW over a handful of candidates; definitions in softdtw.h.
 */
#ifndef SILBE_ALIGN_SOFTDTW_MINIMUM_H
#define SILBE_ALIGN_SOFTDTW_MINIMUM_H

#include <stddef.h>

#include "align/softdtw/softdtw.h"

/*
 * min' of a[0 .. n - 1] (finite or INFINITY, n >= 0) and its gradient q[0 .. n - 1]: on the
 * simplex, 0 where a is INFINITY. INFINITY and q = 0 if nothing is finite. hard: of equal ones the
 * first. q may be a. sparsemin takes O(n * support) steps and no memory.
 */
double silbe_softdtw_min(silbe_softdtw_minimum minimum, double gamma, const double *a, size_t n,
                         double *q);

#endif
