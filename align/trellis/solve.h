/*
 * A text and its emissions to words, labels and lines (alignment.h), in memory of its own: the
 * entrance for those who align once. It chooses the kernels: a plain chain goes to those of
 * align/ctc, several times as fast and in far less memory, all else to the sweeps over the compiled
 * trellis. Both find the same path and the same posteriors, up to rounding.
 *
 * Two things of a plain chain are better known: p_sung is 1, and the interval does not depend on
 * the window. Emissions above 1e8 are SILBE_ERR_DATA there, as in align/ctc/problem.h.
 */
#ifndef SILBE_ALIGN_TRELLIS_SOLVE_H
#define SILBE_ALIGN_TRELLIS_SOLVE_H

#include "align/trellis/alignment.h"

/* How it went. */
typedef struct {
    bool is_chain; /* silbe_trellis_is_chain, chain.h: the kernels of align/ctc did it */
    size_t n_states;
    size_t n_bytes; /* memory that was taken; of SILBE_ERR_MEMORY: that would have been */
} silbe_trellis_solution;

/*
 * Fills *alignment as silbe_trellis_align does. most_bytes: limit of n_bytes; SIZE_MAX: none.
 *
 * Errors as silbe_trellis_init and silbe_trellis_align. SILBE_ERR_MEMORY: also if most_bytes is
 * too little, with both sizes; *solution is filled then, too.
 */
SILBE_MUST_CHECK silbe_status silbe_trellis_solve(const silbe_trellis_text *text,
                                                  const silbe_trellis_emissions *emissions,
                                                  const silbe_trellis_align_options *options,
                                                  size_t most_bytes,
                                                  silbe_trellis_alignment *alignment,
                                                  silbe_trellis_solution *solution, silbe_err *err);

#endif
