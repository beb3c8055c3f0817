/*
 * The most probable path through a trellis (Viterbi; Rabiner 1989, section III.B):
 *
 *     v(t, s) = e(t, s) + max over arcs r -> s of (v(t - 1, r) + weight of the arc).
 *
 * Exact, in memory that grows with the states and the square root of the frames (or a higher root:
 * max_bytes): rows of v are kept at checkpoints, and back-pointers, one byte a cell, are made again
 * block by block on the way back. Only cells that anchors and the corners of the trellis leave are
 * visited.
 *
 * Precision: e is formed in double and rounded to float, sums are in double in the order of the
 * frames; path and score are the same bits as those of the definition in tests/align/trellis.
 *
 * Ties: among equal predecessors, and among equal ends, the latest in the order of the text, so
 * that a path stays where it is rather than coming from elsewhere.
 *
 * No allocation, no threads, no state outside scratch. Different scratch = different threads.
 */
#ifndef SILBE_ALIGN_TRELLIS_VITERBI_H
#define SILBE_ALIGN_TRELLIS_VITERBI_H

#include "align/trellis/emissions.h"

typedef struct {
    /* Wish for checkpoints and back-pointers; 0: 128 MiB. The least number of levels of checkpoints
     * that fits is taken, or the least memory. Each level costs one more sweep. */
    size_t max_bytes;
    /* 0: exact. > 0: in each frame the states at both ends of the active range that lie more than
     * this many nats below the best of the frame are dropped (the rest of the range stays). */
    double beam_logp;
    bool portable; /* plain C even where the processor can do more; the same bits */
} silbe_trellis_options;

#define SILBE_TRELLIS_OPTIONS_INIT                                                                 \
    {                                                                                              \
        0, 0.0, false                                                                              \
    }

typedef struct {
    double logp;     /* v of the end, nats */
    size_t n_cells;  /* cells that one sweep visited */
    size_t n_levels; /* of checkpoints */
    /* False: this is the best path, proven. True: a path that the beam dropped would be better if
     * it met the best of all emissions in every later frame. Widen the beam and try again. */
    bool maybe_cut;
} silbe_trellis_viterbi_result;

/* Bytes of scratch for silbe_trellis_viterbi. options may be NULL. */
SILBE_MUST_CHECK silbe_status silbe_trellis_viterbi_size(const silbe_trellis *trellis,
                                                         const silbe_trellis_options *options,
                                                         size_t *bytes, silbe_err *err);

/*
 * path: T states, owned by the caller, or NULL for the score alone (one sweep).
 *
 * SILBE_ERR_ARGUMENT, SILBE_ERR_MISMATCH, SILBE_ERR_MEMORY: as silbe_trellis_emissions_check, and
 * scratch too small. SILBE_ERR_DATA: NaN or +INFINITY among the emissions, naming frame and symbol.
 * SILBE_ERR_INFEASIBLE: every path has probability 0, naming the last frame that one reaches and
 * the word it is in; with a beam it says that the beam may be the cause.
 */
SILBE_MUST_CHECK silbe_status
silbe_trellis_viterbi(const silbe_trellis *trellis, const silbe_trellis_emissions *emissions,
                      const silbe_trellis_options *options, void *scratch, size_t scratch_bytes,
                      uint32_t *path, silbe_trellis_viterbi_result *result, silbe_err *err);

#endif
