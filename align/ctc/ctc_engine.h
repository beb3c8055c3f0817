/*
 * Inside of ctc.h, not for callers.
 *
 * A probability is m * 2^e: m a double, 0 or about 1, e an integer held as a double (|e| < 2^53).
 * Zero is m = 0 with e = SILBE_ZERO_EXPONENT or below, so that it never sets the scale of a
 * sum. Within a tile of frames m is not normalised: a frame multiplies it by 0.7 to 4.3, which is
 * 2^-17 to 2^68 in all and harmless. Sum of two: bring both to the higher e, add the m.
 *
 * beta is alpha of the labels and frames read backwards, so one kernel serves both.
 */
#ifndef SILBE_ALIGN_CTC_CTC_ENGINE_H
#define SILBE_ALIGN_CTC_CTC_ENGINE_H

#include "align/base/checkpoints.h"
#include "align/base/scaled.h"
#include "align/ctc/ctc.h"
#include "align/ctc/lanes.h"

enum {
    SILBE_CTC_SWEEP_TILE = 32, /* frames, at most */
};

/* Emissions of a tile, in the order in which the sweep meets the frames. */
typedef struct {
    size_t n_frames;
    size_t stride;   /* 2 (S + 1) */
    double *table;   /* exp(e(t, k)) = m * 2^e, m = table[f * stride + 2 k], e the one after; 0 for
                        k = S */
    double *blank_m; /* of the blank: one per frame; 0 without blanks */
    double *blank_e;
} silbe_ctc_sweep_tile;

/* A row of the trellis, or 32 pairs of it. */
typedef struct {
    double *label_m;
    double *label_e;
    double *blank_m;
    double *blank_e;
} silbe_ctc_row;

typedef enum {
    SILBE_CTC_ADVANCE, /* the row alone */
    SILBE_CTC_STORE,   /* and every frame's row goes to out, with the share that entered */
    SILBE_CTC_COMBINE, /* backwards: out holds alpha; its m become posteriors */
} silbe_ctc_mode;

/* Where a unit's 32 pairs lie in the first frame of the tile. Backwards they lie in the opposite
 * order, and the pointers name the lowest address. */
typedef struct {
    silbe_ctc_row row;
    double *share; /* of label j in frame t: the part that was not there in frame t - 1; or NULL */
    ptrdiff_t stride; /* doubles from one frame to the next, negative backwards */
} silbe_ctc_out;

/* Advances 32 pairs by the frames of a tile. edge: 16 doubles per frame, 8 for m and 8 for e. */
typedef void silbe_ctc_sweep_fn(const silbe_ctc_sweep_tile *tile, const int32_t *symbol,
                                uint32_t skip, const silbe_ctc_row *row, double *edge,
                                silbe_ctc_mode mode, const silbe_ctc_out *out);

silbe_ctc_sweep_fn silbe_ctc_sweep_portable;
#ifdef SILBE_X86
silbe_ctc_sweep_fn silbe_ctc_sweep_avx2;
silbe_ctc_sweep_fn silbe_ctc_sweep_avx512;
#endif

typedef struct {
    size_t tile_frames;
    size_t row_pairs;      /* 32 per unit */
    size_t leaf_pairs;     /* row_pairs and 32 on either side */
    silbe_checkpoints cut; /* a leaf is one tile */
    bool leaves;           /* false: only the loss is wanted */
    bool shares;           /* onsets are wanted */
} silbe_ctc_plan;

typedef struct {
    silbe_ctc_problem problem;
    silbe_ctc_wanted wanted;
    silbe_ctc_plan plan;
    silbe_ctc_sweep_fn *kernel;
    silbe_ctc_units forward;
    silbe_ctc_units backward;
    silbe_ctc_sweep_tile tile;
    double *emission;   /* S */
    double *edge;       /* tile_frames * 16 */
    double *alpha;      /* 4 * row_pairs: label m, label e, blank m, blank e */
    double *beta;       /* the same, of the reversed trellis, divided by P(labels | emissions) */
    double *slots;      /* rows like alpha */
    double *leaf[5];    /* label m, label e, blank m, blank e, share: stride[0] * leaf_pairs each */
    uint8_t *active;    /* n_units: whether the leaf has posteriors there that a double holds */
    double *unit_alpha; /* n_units: highest exponents */
    double *unit_beta;
    double *by_symbol;        /* S */
    double *onset_cumulative; /* L: P(onset >= t) */
    double *onset_mean;       /* L */
    double *onset_square;     /* L: sum of squared deviations */
    double total_m;           /* P(labels | emissions); 0 until known */
    double total_e;
} silbe_ctc_state;

/* ctc_plan.c */
SILBE_MUST_CHECK silbe_status silbe_ctc_plan_init(const silbe_ctc_problem *problem,
                                                  const silbe_ctc_wanted *wanted,
                                                  const silbe_ctc_options *options,
                                                  silbe_ctc_state *state, size_t *bytes,
                                                  silbe_err *err);
/* Sets all pointers of *state into scratch; scratch NULL only counts. Returns the bytes, SIZE_MAX
 * on overflow. */
size_t silbe_ctc_carve(silbe_ctc_state *state, void *scratch);

/* ctc_sweep.c. The row before the first frame. */
void silbe_ctc_sweep_begin(silbe_ctc_state *state);
/* ctc_active.c. Units that a leaf of n_frames needs, from alpha before it, beta after it and the
 * tile, which holds its emissions. All units if beta is not known yet. */
void silbe_ctc_find_active(silbe_ctc_state *state, size_t n_frames);
/* Whether pairs [first, last] touch an active unit. */
bool silbe_ctc_touches_active(const silbe_ctc_state *state, ptrdiff_t first, ptrdiff_t last);
/* Advances alpha from before frame t0 to before frame t1; with keep, [t0, t1) is the leaf. */
SILBE_MUST_CHECK silbe_status silbe_ctc_sweep_forward(silbe_ctc_state *state, size_t t0, size_t t1,
                                                      bool keep, silbe_err *err);
/* Advances beta from after frame t1 - 1 to after frame t0 - 1 and turns the leaf into posteriors.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_sweep_backward(silbe_ctc_state *state, size_t t0, size_t t1,
                                                       silbe_err *err);
/* Equation 8, from alpha after the last frame; begins beta. */
SILBE_MUST_CHECK silbe_status silbe_ctc_sweep_total(silbe_ctc_state *state, silbe_err *err);

/* ctc_outputs.c: what is wanted, from the posteriors of the leaf [t0, t1). */
void silbe_ctc_outputs_begin(silbe_ctc_state *state);
SILBE_MUST_CHECK silbe_status silbe_ctc_outputs_leaf(silbe_ctc_state *state, size_t t0, size_t t1,
                                                     silbe_err *err);
void silbe_ctc_outputs_end(silbe_ctc_state *state);

#endif
