/*
 * The obvious forms of viterbi.h and posterior.h, for tests: full matrices, logarithms, double,
 * every arc of the graph one by one. Same contract.
 */
#ifndef SILBE_TESTS_TRELLIS_REFERENCE_H
#define SILBE_TESTS_TRELLIS_REFERENCE_H

#include "align/trellis/posterior.h"

/* Matrices of the caller's; any may be NULL. */
typedef struct {
    double *alpha;     /* T x n_states */
    double *beta;      /* T x n_states, without e(t, s) */
    double *posterior; /* T x n_states */
    double *onset;     /* T x n_words: P(word begins in frame t) */
    double *gradient;  /* T x S */
} silbe_trellis_reference_wanted;

SILBE_MUST_CHECK silbe_status silbe_trellis_reference_size(const silbe_trellis *trellis,
                                                           size_t *bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_trellis_viterbi_reference(
    const silbe_trellis *trellis, const silbe_trellis_emissions *emissions, void *scratch,
    size_t scratch_bytes, uint32_t *path, double *logp, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_trellis_posterior_reference(
    const silbe_trellis *trellis, const silbe_trellis_emissions *emissions, void *scratch,
    size_t scratch_bytes, const silbe_trellis_reference_wanted *wanted, double *loss,
    silbe_err *err);

#endif
