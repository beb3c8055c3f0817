/*
 * Inside of the alignment, not for callers: from a path, and from what is known about when each
 * word begins, to results. The same for the sweeps over any trellis (align.c) and for the kernels
 * of a plain chain (chain.c).
 */
#ifndef SILBE_ALIGN_TRELLIS_RESULTS_H
#define SILBE_ALIGN_TRELLIS_RESULTS_H

#include "align/trellis/alignment.h"
#include "align/trellis/graph.h"

typedef struct {
    const silbe_trellis *g; /* what is read: sizes, blank, and what each state stands for */
    const silbe_trellis_text *text;
    const silbe_trellis_emissions *emissions;
    const silbe_trellis_align_options *options;
    double *llr;   /* T: of the state on the path; 0 in gaps and blanks */
    double *row;   /* classes */
    double *order; /* symbols */
} silbe_trellis_results;

/* Takes the arrays of *r, whose g is set. */
void silbe_trellis_results_carve(silbe_trellis_results *r, silbe_arena *arena);

/* First from a->path: times and llr of the words, everything else of them 0. */
SILBE_MUST_CHECK silbe_status silbe_trellis_results_begin(const silbe_trellis_results *r,
                                                          silbe_trellis_alignment *a,
                                                          silbe_err *err);

/* Last, when the caller has filled what words know of their onsets (p_sung, mass_near, interval,
 * mean and spread): whether they match, and how sure that is; labels and lines. */
void silbe_trellis_results_end(const silbe_trellis_results *r, silbe_trellis_alignment *a);

#endif
