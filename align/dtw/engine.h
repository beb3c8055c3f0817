/*
 * Inside of DTW: not for callers. One struct silbe_dtw at the front of the scratch holds the plan
 * and carves the rest. Two engines fill the rows of D:
 *
 *   strips  16 rows at a time, classical steps. Lane 15 - i of a vector is row n0 + i and works on
 *           column t - i at time t, so that the cells of a vector lie on an anti-diagonal and do
 *           not depend on each other. Only the row above the strip is in memory.
 *   rows    one row at a time, any steps. Steps with dn > 0 are vectorised along m; those with
 *           dn = 0 follow serially.
 *
 * Units: a unit is 16 rows (strips, which start at row 1; row 0 has its own function) or one row.
 */
#ifndef SILBE_ALIGN_DTW_ENGINE_H
#define SILBE_ALIGN_DTW_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "align/dtw/dtw.h"

enum {
    SILBE_DTW_LANES = 16,     /* rows of a strip */
    SILBE_DTW_SEGMENT = 512,  /* columns whose costs are made at once */
    SILBE_DTW_PAD = 16,       /* columns of INFINITY on both sides of a row in memory */
    SILBE_DTW_MAX_DEPTH = 12, /* levels of checkpoints */
};

/* How rows are cut: level l has blocks of stride[l] rows, stride[0] is the leaf whose back-pointers
 * are kept, and stride[n_levels] holds all rows. */
typedef struct {
    bool strips;
    size_t first_row;  /* first row that belongs to a unit: 1 for strips, 0 for rows */
    size_t unit_rows;  /* 16 or 1 */
    size_t state_rows; /* rows that the next one looks back to: 1 for strips, max dn for rows */
    size_t width;      /* widest window of a row */
    size_t n_levels;   /* 0: the back-pointers of all rows fit */
    size_t stride[SILBE_DTW_MAX_DEPTH + 1];
    size_t n_slots[SILBE_DTW_MAX_DEPTH]; /* checkpoints of level l: inner block starts */
    size_t leaf_units;
    size_t leaf_bytes;  /* back-pointers of the largest leaf */
    size_t total_bytes; /* checkpoints and back-pointers */
} silbe_dtw_plan;

/* Columns [begin, end) of a row that hold values; INFINITY everywhere else. */
typedef struct {
    size_t begin;
    size_t end;
} silbe_dtw_range;

/* One step of the strip kernels needs these between segments. */
typedef struct {
    double weight[3]; /* (1,1), (1,0), (0,1) */
    double penalty[3];
    bool has_penalty;
    double left[SILBE_DTW_LANES]; /* D of each lane at the time before */
    double diag[SILBE_DTW_LANES]; /* D(n - 1, m) of each lane at the time before */
} silbe_dtw_lanes;

/*
 * Advances n_times anti-diagonals. cost[t * 16 + lane], 64-byte aligned; row[t] is D above lane 15
 * and row[t - (15 - out_lane)] receives D of out_lane. back, unless NULL: 2 words per time, bit
 * `lane` of the first: (1,0) beats (1,1); of the second: (0,1) beats both. The vector kernels take
 * out_lane 0 only.
 */
typedef void silbe_dtw_strip_fn(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
                                double *row, size_t out_lane, uint16_t *back);

silbe_dtw_strip_fn silbe_dtw_strip_portable;
#ifdef SILBE_X86
silbe_dtw_strip_fn silbe_dtw_strip_avx2;
silbe_dtw_strip_fn silbe_dtw_strip_avx512;
#endif

/* best[i] = min(best[i], from[i] + (weight * sum[i] + penalty)), or, with from NULL, min(best[i],
 * sum[i]); best_step[i] = step where that is less, not where it is equal. */
typedef void silbe_dtw_relax_fn(const double *from, const double *sum, double weight,
                                double penalty, int64_t step, size_t n, double *best,
                                int64_t *best_step);

silbe_dtw_relax_fn silbe_dtw_relax_portable;
#ifdef SILBE_X86
silbe_dtw_relax_fn silbe_dtw_relax_avx2;
silbe_dtw_relax_fn silbe_dtw_relax_avx512;
#endif

struct silbe_dtw {
    silbe_dtw_problem problem;
    silbe_dtw_plan plan;
    silbe_dtw_strip_fn *strip; /* for whole strips */
    silbe_dtw_relax_fn *relax;

    /* state: ring of n_ring rows with SILBE_DTW_PAD columns on either side; row n is ring[n %
     * n_ring]. Strips use a single row in place. */
    size_t n_ring;
    size_t row_stride;
    double *ring;
    silbe_dtw_range *ring_range;
    float *cost_ring; /* same shape; only with add_skipped */

    /* working buffers of a segment */
    float *row_costs;   /* strips: 16 rows x (PAD + SEGMENT + PAD); rows: SEGMENT */
    float *skewed;      /* strips: (SEGMENT + PAD) x 16 */
    double *sums;       /* rows: SEGMENT */
    int64_t *best_step; /* rows: SEGMENT */

    /* checkpoints: slot s of level l holds state_rows rows of plan.width values */
    double *slots[SILBE_DTW_MAX_DEPTH];
    silbe_dtw_range *slot_ranges[SILBE_DTW_MAX_DEPTH];

    /* back-pointers of the leaf in hand */
    uint8_t *back;
    size_t *unit_offset; /* leaf_units: where each unit starts in back */
    size_t *unit_begin;  /* leaf_units: its first column */
    size_t leaf_row;     /* first row of the leaf in hand */

    double *last_row; /* n_cols */
};

/* problem.c: arguments, plan and memory */
SILBE_MUST_CHECK silbe_status silbe_dtw_problem_check(const silbe_dtw_problem *problem,
                                                      silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_dtw_plan_init(const silbe_dtw_problem *problem,
                                                  const silbe_dtw_options *options,
                                                  silbe_dtw_plan *plan, silbe_err *err);
/* Sets all pointers of *dtw into scratch, at whose first aligned byte it lies; scratch NULL only
 * counts. Returns the bytes, SIZE_MAX on overflow. */
size_t silbe_dtw_carve(struct silbe_dtw *dtw, void *scratch);
/* Chooses dtw->strip and dtw->relax; SILBE_ERR_ARGUMENT if the wanted kernel cannot run. */
SILBE_MUST_CHECK silbe_status silbe_dtw_choose_kernel(const silbe_dtw_problem *problem,
                                                      silbe_kernel kernel, bool *strips,
                                                      silbe_dtw_strip_fn **strip,
                                                      silbe_dtw_relax_fn **relax, silbe_err *err);

/* Window of row n, cut to columns <= m_last; may be empty (begin >= end). */
silbe_dtw_range silbe_dtw_window(const silbe_dtw_problem *problem, size_t n, size_t m_last);
/* Union of the windows of rows [n0, n1). */
silbe_dtw_range silbe_dtw_window_union(const silbe_dtw_problem *problem, size_t n0, size_t n1,
                                       size_t m_last);
/* Calls the cost function and refuses NaN and -INFINITY. */
SILBE_MUST_CHECK silbe_status silbe_dtw_fill(const silbe_dtw_problem *problem, size_t n,
                                             size_t m_begin, size_t m_end, float *cost,
                                             silbe_err *err);

/* state.c: rows of D in memory. silbe_dtw_row(dtw, n)[m] for -PAD <= m < n_cols + PAD. */
double *silbe_dtw_row(const struct silbe_dtw *dtw, size_t n);
float *silbe_dtw_cost_row(const struct silbe_dtw *dtw, size_t n);
/* Declares that row n now holds values in [begin, end) and makes the rest of what it held before
 * INFINITY. */
void silbe_dtw_row_commit(struct silbe_dtw *dtw, size_t n, silbe_dtw_range range);
/* State before the first unit: all INFINITY, and row 0 for strips. */
SILBE_MUST_CHECK silbe_status silbe_dtw_state_init(struct silbe_dtw *dtw, size_t m_last,
                                                   silbe_err *err);
/* Saves and restores the state before row n. */
void silbe_dtw_state_save(struct silbe_dtw *dtw, size_t level, size_t slot, size_t n);
SILBE_MUST_CHECK silbe_status silbe_dtw_state_restore(struct silbe_dtw *dtw, size_t level,
                                                      size_t slot, size_t n, size_t m_last,
                                                      silbe_err *err);
/* Whether the state before row n has a finite value. */
bool silbe_dtw_state_alive(const struct silbe_dtw *dtw, size_t n);

/* Fills rows [n0, n1), a unit or the last part of one, for columns <= m_last; back-pointers of the
 * unit go to back unless that is NULL. *range: the columns of the unit. */
SILBE_MUST_CHECK silbe_status silbe_dtw_strip_unit(struct silbe_dtw *dtw, size_t n0, size_t n1,
                                                   size_t m_last, uint8_t *back,
                                                   silbe_dtw_range *range, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_dtw_row_unit(struct silbe_dtw *dtw, size_t n, size_t m_last,
                                                 uint8_t *back, silbe_dtw_range *range,
                                                 silbe_err *err);
/* Bytes of back-pointers of a unit over n columns. */
size_t silbe_dtw_unit_bytes(bool strips, size_t n_cols);

/* Fills rows [n0, n1); with keep_back they are the leaf in hand. check_alive: SILBE_ERR_INFEASIBLE
 * where the last path ends. */
SILBE_MUST_CHECK silbe_status silbe_dtw_fill_rows(struct silbe_dtw *dtw, size_t n0, size_t n1,
                                                  size_t m_last, bool keep_back, bool check_alive,
                                                  silbe_err *err);

#endif
