#ifndef SILBE_TESTS_SOFTDTW_REFERENCE_H
#define SILBE_TESTS_SOFTDTW_REFERENCE_H

#include "align/softdtw/softdtw.h"

/* The obvious form, for tests: full matrices of D, of every step's share and of visits, in the log
 * domain. Same contract as silbe_softdtw_run; scratch is silbe_softdtw_reference_size bytes. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_reference_size(const silbe_softdtw_problem *problem,
                                                           size_t *bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_softdtw_reference(const silbe_softdtw_problem *problem,
                                                      void *scratch, size_t scratch_bytes,
                                                      const silbe_softdtw_gradient *gradient,
                                                      silbe_softdtw_result *result, silbe_err *err);

#endif
