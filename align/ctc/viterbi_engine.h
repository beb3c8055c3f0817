/* Inside of viterbi.h, not for callers. */
#ifndef SILBE_ALIGN_CTC_VITERBI_ENGINE_H
#define SILBE_ALIGN_CTC_VITERBI_ENGINE_H

#include "align/base/logmath.h"
#include "align/ctc/lanes.h"
#include "align/ctc/viterbi.h"

enum {
    SILBE_CTC_BACK = 8, /* bytes of back-pointers per frame and unit */
};

/* Emissions of a tile. */
typedef struct {
    size_t n_frames;
    size_t stride; /* floats, S + 1 rounded up: to 32, 64, or multiples of 16 above */
    float *table;  /* e(t, k) = table[f * stride + k]; -INFINITY for k >= S */
    double *blank; /* e(t, blank); -INFINITY without blanks */
} silbe_ctc_tile;

/*
 * Advances 32 pairs by the frames of a tile, in place. edge: 8 doubles per frame, handed from unit
 * to unit; all -INFINITY where a path begins anew. back, unless NULL: 8 bytes per frame,
 * back_stride bytes apart; byte i / 8, bit i % 8 of the first four: label i does not stay; of the
 * last four: label i - 1 beats blank i.
 */
typedef void silbe_ctc_viterbi_fn(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip,
                                  double *label, double *blank, double *edge, uint8_t *back,
                                  size_t back_stride);

silbe_ctc_viterbi_fn silbe_ctc_viterbi_portable;
#ifdef SILBE_X86
silbe_ctc_viterbi_fn silbe_ctc_viterbi_avx2;
silbe_ctc_viterbi_fn silbe_ctc_viterbi_avx512;
#endif

/* Frames are cut into blocks, and blocks into tiles. Checkpoint c, 1 <= c < n_blocks, holds the row
 * before block c; block 0 begins with the row that every path begins with. */
typedef struct {
    size_t tile_frames;
    size_t block_frames; /* a multiple of tile_frames, unless there is a single block */
    size_t n_blocks;
    size_t row_pairs;  /* 32 per unit */
    size_t back_units; /* units that a block's back-pointers span */
    size_t stride;     /* of the table of a tile */
} silbe_ctc_viterbi_plan;

typedef struct {
    silbe_ctc_problem problem;
    silbe_ctc_viterbi_plan plan;
    silbe_ctc_viterbi_fn *kernel;
    double beam_logp;
    silbe_ctc_units units;
    silbe_ctc_tile tile;
    double *emission;    /* S */
    double *label;       /* row_pairs */
    double *blank;       /* row_pairs */
    double *edge;        /* tile_frames * SILBE_CTC_EDGE */
    double *checkpoints; /* (n_blocks - 1) * 2 * row_pairs: labels, then blanks */
    double *block_best;  /* n_blocks: sum over the block's frames of the best emission */
    double *block_drop;  /* n_blocks: best score that the beam dropped before the block */
    uint8_t *back;       /* block_frames * back_units * SILBE_CTC_BACK */
    size_t beam_first;   /* units [beam_first, beam_last) held something at the last checkpoint */
    size_t beam_last;
    size_t n_dropped;
} silbe_ctc_viterbi_state;

/* Blocks and their memory: viterbi_plan.c */
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_plan_init(const silbe_ctc_problem *problem,
                                                          const silbe_ctc_viterbi_options *options,
                                                          silbe_ctc_viterbi_state *state,
                                                          size_t *bytes, silbe_err *err);
/* Sets all pointers of *state into scratch; scratch NULL only counts. Returns the bytes, SIZE_MAX
 * on overflow. */
size_t silbe_ctc_viterbi_carve(silbe_ctc_viterbi_state *state, void *scratch);

/* Sweeps: viterbi_sweep.c. Forward over all frames, leaving checkpoints and the last row. */
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_forward(silbe_ctc_viterbi_state *state,
                                                        silbe_err *err);
/* Makes the back-pointers of a block for paths that end in pair j; *first_unit: where they begin.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_block(silbe_ctc_viterbi_state *state, size_t block,
                                                      size_t end_pair, size_t *first_unit,
                                                      silbe_err *err);

#endif
