/* Inside of viterbi.h: not for callers. */
#ifndef SILBE_ALIGN_TRELLIS_VITERBI_ENGINE_H
#define SILBE_ALIGN_TRELLIS_VITERBI_ENGINE_H

#include "align/base/checkpoints.h"
#include "align/base/logmath.h"
#include "align/trellis/graph.h"
#include "align/trellis/rows.h"
#include "align/trellis/viterbi.h"

enum { SILBE_TRELLIS_LEFT_PAD = 4 };

/* What belongs to a row beside its values. */
typedef struct {
    silbe_trellis_range states; /* that may be finite; multiples of SILBE_TRELLIS_LANES */
    silbe_trellis_range junctions;
    double best_sum; /* sum over frames of the best emission: for the beam's proof */
    double cut;      /* largest v - best_sum that the beam dropped */
} silbe_trellis_row_info;

typedef struct {
    const silbe_trellis *g;
    const silbe_trellis_emissions *emissions;
    silbe_checkpoints plan;
    silbe_trellis_loops loops;
    double beam;
    size_t n_cells;
    size_t width; /* states, rounded up */

    double *row[2]; /* width values each, SILBE_TRELLIS_LEFT_PAD before and SILBE_TRELLIS_PAD behind
                       them */
    silbe_trellis_range dirty[2];
    size_t now; /* which of them is the row in hand */
    silbe_trellis_row_info info;
    double *junction; /* crossed before the next frame */
    double *slow;     /* width: best by arcs in lists */
    double *e;        /* classes, rounded to float */
    double *order;
    double *slot_values; /* slots x (width + junctions) */
    silbe_trellis_row_info *slot_infos;

    /* the leaf in hand */
    uint8_t *back;       /* leaf_frames x width / LANES */
    uint32_t *slow_back; /* leaf_frames x (slow states + junctions): arc taken, in g->in */

    uint32_t *path;
    uint32_t node; /* of the path, the latest one known */
    silbe_trellis_viterbi_result result;
} silbe_trellis_viterbi_engine;

/* Values of a row of slow_back. */
static inline size_t silbe_trellis_slow_width(const silbe_trellis *g)
{
    return g->n_slow_states + g->n_junctions;
}

/* viterbi_sweep.c: the state before the first frame; one frame on (back-pointers may be NULL); and
 * both with checkpoints, for silbe_checkpoints_sweep. */
void silbe_trellis_viterbi_begin(silbe_trellis_viterbi_engine *v);
SILBE_MUST_CHECK silbe_status silbe_trellis_viterbi_step(silbe_trellis_viterbi_engine *v, size_t t,
                                                         uint8_t *back, uint32_t *slow_back,
                                                         silbe_err *err);
extern const silbe_checkpoint_ops silbe_trellis_viterbi_ops;

#endif
