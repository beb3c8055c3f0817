#ifndef SILBE_TESTS_DTW_REFERENCE_H
#define SILBE_TESTS_DTW_REFERENCE_H

#include "align/dtw/dtw.h"

/* The obvious form, for tests: the full matrices D (doubles) and of steps (bytes). Same contract
 * as silbe_dtw_run; scratch is silbe_dtw_reference_size bytes. */
SILBE_MUST_CHECK silbe_status silbe_dtw_reference_size(const silbe_dtw_problem *problem,
                                                       size_t *bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_dtw_reference(const silbe_dtw_problem *problem, void *scratch,
                                                  size_t scratch_bytes, silbe_path_point *path,
                                                  size_t path_capacity, silbe_dtw_result *result,
                                                  silbe_err *err);

#endif
