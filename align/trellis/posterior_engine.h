/* Inside of posterior.h: not for callers. */
#ifndef SILBE_ALIGN_TRELLIS_POSTERIOR_ENGINE_H
#define SILBE_ALIGN_TRELLIS_POSTERIOR_ENGINE_H

#include "align/base/checkpoints.h"
#include "align/trellis/graph.h"
#include "align/trellis/posterior.h"
#include "align/trellis/rows.h"

enum { SILBE_TRELLIS_SIDE_PAD = 8 };

typedef struct {
    const silbe_trellis *g;
    const silbe_trellis_emissions *emissions;
    const silbe_trellis_wanted *wanted;
    silbe_checkpoints plan;
    silbe_trellis_loops loops;
    size_t width; /* states, rounded up */

    /* Forward: rows and junctions as in viterbi_engine.h. */
    silbe_scaled_row row[2]; /* width, SILBE_TRELLIS_SIDE_PAD on both sides */
    silbe_trellis_range dirty[2];
    size_t now;
    silbe_scaled_row junction;
    silbe_trellis_range open; /* junctions that may be other than zero */
    silbe_scaled_row slow;    /* width; also of the backward pass */
    silbe_scaled_row slots;   /* slots x (width + junctions) */
    silbe_trellis_range *slot_states;
    silbe_trellis_range *slot_open;

    /* Leaf in hand: alpha of the frame before it and of its frames. */
    silbe_scaled_row alpha; /* (leaf_frames + 1) x width */
    silbe_trellis_range before;

    /* Backward: beta of the frame, beta times emission of the frame behind it. */
    silbe_scaled_row beta;     /* width */
    silbe_scaled_row behind;   /* width, SILBE_TRELLIS_SIDE_PAD on both sides */
    silbe_trellis_range ahead; /* states of `behind` that may be other than zero */
    silbe_scaled_row beta_junction;
    silbe_scaled_row one_row;
    double *posterior; /* n_states, rounded up */
    silbe_trellis_range shown;

    double *log_e; /* classes */
    double *order; /* symbols */
    double *mass;  /* classes: sum of posteriors */
    silbe_scaled_row e;
    silbe_scaled total; /* probability of everything */
} silbe_trellis_engine;

/* posterior_sweep.c: the state before the first frame; one frame on; and both with checkpoints, and
 * back again, for silbe_checkpoints_sweep. */
void silbe_trellis_posterior_begin(silbe_trellis_engine *v);
SILBE_MUST_CHECK silbe_status silbe_trellis_posterior_step(silbe_trellis_engine *v, size_t t,
                                                           silbe_err *err);
extern const silbe_checkpoint_ops silbe_trellis_posterior_ops;

/* outputs.c: what the posteriors of frame t add. `before`: states of alpha_before, the frame
 * before; range: states of this frame; chosen: as silbe_trellis_emission_row. */
void silbe_trellis_add_onsets(silbe_trellis_engine *v, size_t t, silbe_scaled_row alpha_before,
                              silbe_trellis_range before, silbe_trellis_range range);
SILBE_MUST_CHECK silbe_status silbe_trellis_add_gradient(silbe_trellis_engine *v, size_t t,
                                                         size_t chosen, silbe_trellis_range range,
                                                         silbe_err *err);

#endif
