/*
 * CTC (Graves et al. 2006) as soft-DTW: rows are frames, columns the states of the expanded target
 * (blank, label, blank, label, ..., blank; align/path/unfold.h), C(t, s) = -log p_t(symbol of s),
 * steps (1,0), (1,1), (1,2), gamma = 1. The step of 2 may not land on a blank nor on a label that
 * equals the one before; paths start in the first two states and end in the last two. Then the
 * value is the CTC loss -log p(labels | x), and E holds the posteriors of the states.
 */
#ifndef SILBE_TESTS_SOFTDTW_CTC_STEPS_H
#define SILBE_TESTS_SOFTDTW_CTC_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "align/softdtw/softdtw.h"

/* Arrays of 2 n_labels + 1 values that belong to the caller, filled by setup. */
typedef struct {
    int32_t *states;        /* symbol of each state */
    uint16_t *column_steps; /* see silbe_softdtw_problem */
    unsigned char *starts;
    unsigned char *ends;
    /* the frames, filled by setup as well */
    const float *logp; /* n_frames x n_symbols, borrowed */
    size_t n_symbols;
} silbe_softdtw_ctc;

/*
 * Fills the arrays and *problem, which borrows them and *ctc. logp[t * n_symbols + s]: natural log,
 * -INFINITY allowed. labels: n_labels >= 0 symbols in [0, n_symbols) other than blank. The caller
 * may change minimum and gamma afterwards. SILBE_ERR_ARGUMENT: NULL, no frame, blank or a label out
 * of range, naming its index. SILBE_ERR_INFEASIBLE: more frames are needed (one per label and one
 * per repeated label), naming both counts. SILBE_ERR_MEMORY: sizes overflow.
 */
SILBE_MUST_CHECK silbe_status silbe_softdtw_ctc_setup(silbe_softdtw_ctc *ctc, const float *logp,
                                                      size_t n_frames, size_t n_symbols,
                                                      const int32_t *labels, size_t n_labels,
                                                      int32_t blank, silbe_softdtw_problem *problem,
                                                      silbe_err *err);

/* d loss / d logp[t * n_symbols + s] = -sum of e(t, state) over the states of symbol s. */
void silbe_softdtw_ctc_gradient(const silbe_softdtw_ctc *ctc, const silbe_softdtw_problem *problem,
                                const double *e, double *d_logp);

#endif
