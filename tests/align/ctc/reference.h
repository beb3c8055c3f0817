/*
 * The obvious forms of ctc.h and viterbi.h, for tests: full matrices, logarithms, double. Same
 * contract; states are numbered as in problem.h, matrices are row-major with
 * W = 2 L + 1 columns.
 */
#ifndef SILBE_TESTS_CTC_REFERENCE_H
#define SILBE_TESTS_CTC_REFERENCE_H

#include "align/ctc/ctc.h"
#include "align/ctc/viterbi.h"

/* Matrices of the caller's; any may be NULL. */
typedef struct {
    double *alpha;     /* T x W: ln of Graves' alpha(t, s), equations 6 and 7 */
    double *beta;      /* T x W: ln of beta(t, s), equations 9 to 11, which includes e(t, s) */
    double *posterior; /* T x W: P(state s in frame t) */
    double *onset;     /* T x L: P(label j begins in frame t) */
    double *gradient;  /* T x S */
    silbe_ctc_gradient gradient_by;
} silbe_ctc_reference_wanted;

SILBE_MUST_CHECK silbe_status silbe_ctc_reference_size(const silbe_ctc_problem *problem,
                                                       size_t *bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_ctc_reference(const silbe_ctc_problem *problem, void *scratch,
                                                  size_t scratch_bytes,
                                                  const silbe_ctc_reference_wanted *wanted,
                                                  double *loss, silbe_err *err);

SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_reference_size(const silbe_ctc_problem *problem,
                                                               size_t *bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_reference(const silbe_ctc_problem *problem,
                                                          void *scratch, size_t scratch_bytes,
                                                          silbe_ctc_segment *segments,
                                                          uint32_t *states, double *logp,
                                                          silbe_err *err);

#endif
