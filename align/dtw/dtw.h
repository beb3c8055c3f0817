/*
 * Dynamic time warping (Müller, Fundamentals of Music Processing, section 3.2): the cheapest path
 * from cell (0, 0) to cell (n_rows - 1, n_cols - 1) that advances by the given steps,
 *
 *     D(n, m) = min over steps k of D(n - dn_k, m - dm_k) + (weight_k * S_k(n, m) + penalty_k),
 *
 * with S_k from steps.h and D = C(0, 0) at the start. Exact in memory that grows with the sides,
 * not with the area: rows are kept at checkpoints, and the back-pointers of one block at a time are
 * made again on the way back. Rows n are the score (x), columns m the recording (y).
 *
 * All arithmetic is in double, one rounding per written operation and no fused multiplications, so
 * that value and path are the same bits as those of the definition in tests/align/dtw on every
 * processor. (In float a song's D of some 10^4 has steps of 0.001, which invents ties.)
 *
 * Ties: lowest step index; among free end cells the lowest m.
 *
 * No allocation, no threads, no state outside scratch. Different scratch = different threads.
 */
#ifndef SILBE_ALIGN_DTW_DTW_H
#define SILBE_ALIGN_DTW_DTW_H

#include <stdbool.h>
#include <stddef.h>

#include "align/base/cpu.h"
#include "align/dtw/cost.h"
#include "align/path/path.h"
#include "align/path/steps.h"
#include "features/base/status.h"

/* What is aligned. All pointers are borrowed and must live as long as the scratch is used. */
typedef struct {
    size_t n_rows;           /* >= 1 */
    size_t n_cols;           /* >= 1 */
    silbe_dtw_cost_fn *cost; /* C(n, m) */
    const void *context;     /* handed to cost */
    silbe_path_steps steps;
    /* Band: row n may use columns [lo[n], hi[n]), 0 <= lo < hi <= n_cols; both NULL for none. See
     * band.h. Memory and time follow the band. */
    const size_t *lo;
    const size_t *hi;
    /* Subsequence DTW (Müller, FMP section 7.2): with start_free every cell (0, m) is a start,
     * D(0, m) = C(0, m), and no step leads along row 0; with end_free the path ends at the
     * cheapest (n_rows - 1, m). */
    bool start_free;
    bool end_free;
} silbe_dtw_problem;

/* ROWS takes any steps, one row after the other; the kernels of instruction sets take strips of 16
 * rows, classical steps only. All give the same bits. */
typedef struct {
    silbe_kernel kernel; /* other than AUTO: SILBE_ERR_ARGUMENT where it cannot run */
    /* Wish for checkpoints plus back-pointers. More memory saves recomputation: each further level
     * of checkpoints costs one more pass inside a band, half a pass without one. 0: 384 bytes per
     * column of the widest window and 64 per row, at least 1 MiB, which is one level up to some
     * 30,000 rows. If nothing fits, the plan with the least memory is taken. */
    size_t max_bytes;
} silbe_dtw_options;

#define SILBE_DTW_OPTIONS_INIT                                                                     \
    {                                                                                              \
        SILBE_KERNEL_AUTO, 0                                                                       \
    }

typedef struct {
    double cost;        /* D of the end cell */
    size_t path_length; /* cells written to path */
    /* Path cells on the first or last column of their row's window where the matrix goes on beyond
     * it. Not 0 means that the band may have cut off the best path: widen it and try again. */
    size_t n_edge_cells;
    size_t first_edge_row; /* row of the first such cell; 0 if there is none */
} silbe_dtw_result;

/* Bytes of scratch for this problem (the whole of what DTW needs beside the path): what
 * options->max_bytes allows, 16 per column (more with long steps: 8 (2 + max dn)) and 100 KiB.
 * options may be NULL. SILBE_ERR_ARGUMENT as silbe_dtw_run; SILBE_ERR_MEMORY if sizes overflow. */
SILBE_MUST_CHECK silbe_status silbe_dtw_scratch_size(const silbe_dtw_problem *problem,
                                                     const silbe_dtw_options *options,
                                                     size_t *bytes, silbe_err *err);

/* Cells that are always enough for a path: n_rows + n_cols - 1. */
size_t silbe_dtw_path_capacity(const silbe_dtw_problem *problem);

/*
 * Value and path. path: path_capacity cells, owned by the caller, filled from start to end; NULL
 * with capacity 0 for the value alone (one pass; result->path_length is then 0). scratch: any
 * alignment, at least silbe_dtw_scratch_size bytes with the same problem and options.
 *
 * SILBE_ERR_ARGUMENT: NULL, empty side, bad steps or band, scratch or path too small.
 * SILBE_ERR_DATA: NaN or -INFINITY cost, naming the cell.
 * SILBE_ERR_INFEASIBLE: no path of finite cost, naming the rows where the last one ends.
 */
SILBE_MUST_CHECK silbe_status silbe_dtw_run(const silbe_dtw_problem *problem,
                                            const silbe_dtw_options *options, void *scratch,
                                            size_t scratch_bytes, silbe_path_point *path,
                                            size_t path_capacity, silbe_dtw_result *result,
                                            silbe_err *err);

/* The same in two parts, for several end cells: forward once, trace as often as wanted. */
typedef struct silbe_dtw silbe_dtw; /* lies inside scratch */

SILBE_MUST_CHECK silbe_status silbe_dtw_forward(const silbe_dtw_problem *problem,
                                                const silbe_dtw_options *options, void *scratch,
                                                size_t scratch_bytes, silbe_dtw **dtw,
                                                silbe_err *err);

/* D(n_rows - 1, m) for all m (INFINITY where no path ends, or outside the band); n_cols values
 * inside scratch. In subsequence DTW this is the matching function Delta (FMP equation 7.12). */
const double *silbe_dtw_last_row(const silbe_dtw *dtw);

/* Path to (n_rows - 1, end_m). */
SILBE_MUST_CHECK silbe_status silbe_dtw_trace(silbe_dtw *dtw, size_t end_m, silbe_path_point *path,
                                              size_t path_capacity, silbe_dtw_result *result,
                                              silbe_err *err);

/*
 * The matches of a matching function, best first (FMP section 7.2.2): takes the smallest value,
 * then drops everything within exclusion_cols columns of it, and so on, until max_ends are found or
 * the rest is above max_cost. Ties: lowest m. ends: max_ends values; returns how many were written.
 */
size_t silbe_dtw_pick_ends(const double *last_row, size_t n_cols, size_t exclusion_cols,
                           double max_cost, size_t *ends, size_t max_ends);

#endif
