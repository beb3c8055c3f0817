/*
 * Warping paths as lists of cells, and as a start cell with a list of step indices ("arrows").
 * Rows n are the score or x, columns m the recording or y. All arrays belong to the caller.
 */
#ifndef SILBE_ALIGN_PATH_PATH_H
#define SILBE_ALIGN_PATH_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "align/path/steps.h"
#include "features/base/status.h"

typedef struct {
    size_t n; /* row */
    size_t m; /* column */
} silbe_path_point;

/* What silbe_path_check asks for beside "inside the matrix, never decreasing, never standing". */
typedef struct {
    const silbe_path_steps *steps; /* every step must be one of these; NULL: any */
    bool starts_at_corner;         /* first cell is (0, 0) */
    bool ends_at_corner;           /* last cell is (n_rows - 1, n_cols - 1) */
} silbe_path_rules;

/* SILBE_ERR_DATA, naming index and cells, unless all rules hold. An empty path fails. */
SILBE_MUST_CHECK silbe_status silbe_path_check(const silbe_path_point *path, size_t length,
                                               size_t n_rows, size_t n_cols,
                                               const silbe_path_rules *rules, silbe_err *err);

/* Exchanges rows and columns in place: a path x -> y becomes y -> x. */
void silbe_path_invert(silbe_path_point *path, size_t length);

/* arrows[i] = lowest index of the step that leads from path[i] to path[i + 1]; length - 1 values.
 * SILBE_ERR_DATA if there is no such step. */
SILBE_MUST_CHECK silbe_status silbe_path_to_arrows(const silbe_path_point *path, size_t length,
                                                   const silbe_path_steps *steps, uint8_t *arrows,
                                                   silbe_err *err);

/* The inverse: n_arrows + 1 cells from start on. SILBE_ERR_DATA for an arrow >= n_steps or cells
 * beyond SIZE_MAX. */
SILBE_MUST_CHECK silbe_status silbe_path_from_arrows(silbe_path_point start, const uint8_t *arrows,
                                                     size_t n_arrows, const silbe_path_steps *steps,
                                                     silbe_path_point *path, silbe_err *err);

/*
 * Corner points of a strictly monotonic piecewise-linear map (rule of libfmp and Sync Toolbox,
 * Müller et al. 2021): keeps the first cell; every cell that is larger than its predecessor in the
 * path in both n and m; drops of these what lies in the last row or column of the path; keeps the
 * last cell. So of each run along a row or column the first cell remains. in and out may be the
 * same array. Returns the number of cells kept (>= 1 for length >= 1; exactly 1 when the path spans
 * a single row or column).
 */
size_t silbe_path_strictly_monotonic(const silbe_path_point *path, size_t length,
                                     silbe_path_point *out);

/*
 * The path on another pair of frame rates: cell (n, m) moves to (round(n factor_n), round(m
 * factor_m)), cut to the new size, halves upwards; repeated cells are dropped and gaps filled with
 * silbe_path_fill's rule. SILBE_ERR_ARGUMENT for factors that are not finite and positive, or when
 * capacity (new_n_rows + new_n_cols - 1 is always enough) is too small.
 */
SILBE_MUST_CHECK silbe_status silbe_path_resample(const silbe_path_point *path, size_t length,
                                                  double factor_n, double factor_m,
                                                  size_t new_n_rows, size_t new_n_cols,
                                                  silbe_path_point *out, size_t capacity,
                                                  size_t *out_length, silbe_err *err);

/*
 * Makes any non-decreasing list of cells contiguous under the classical steps: between neighbours
 * (a, b) and (c, d), k = max(c - a, d - b), the cells (a + floor(i (c - a) / k), b + floor(i (d -
 * b) / k)), i = 1 .. k. Repeated cells are dropped.
 */
SILBE_MUST_CHECK silbe_status silbe_path_fill(const silbe_path_point *path, size_t length,
                                              silbe_path_point *out, size_t capacity,
                                              size_t *out_length, silbe_err *err);

/*
 * Composition of xy (rows x, columns y) and yz (rows y, columns z): for each y that both visit, the
 * x's paired with it run from x_a to x_b and the z's from z_a to z_b; these corners are joined by
 * silbe_path_fill's rule. Both paths must be contiguous in y (steps of at most 1) and share at
 * least one y: SILBE_ERR_MISMATCH otherwise. The result covers the y's that both have.
 */
SILBE_MUST_CHECK silbe_status silbe_path_compose(const silbe_path_point *xy, size_t xy_length,
                                                 const silbe_path_point *yz, size_t yz_length,
                                                 silbe_path_point *xz, size_t capacity,
                                                 size_t *xz_length, silbe_err *err);

#endif
