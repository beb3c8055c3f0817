/*
 * Bands for DTW: row n may use columns [lo[n], hi[n]). lo and hi are the caller's arrays of n_rows
 * values. All makers give bands whose lo and hi never decrease.
 */
#ifndef SILBE_ALIGN_DTW_BAND_H
#define SILBE_ALIGN_DTW_BAND_H

#include <stddef.h>

#include "align/path/path.h"
#include "features/base/status.h"

/* SILBE_ERR_ARGUMENT, naming the row, unless 0 <= lo[n] < hi[n] <= n_cols for all rows. */
SILBE_MUST_CHECK silbe_status silbe_dtw_band_check(const size_t *lo, const size_t *hi,
                                                   size_t n_rows, size_t n_cols, silbe_err *err);

/* Sakoe-Chiba band: within radius_cols columns of the straight line from corner to corner. For
 * n_cols > n_rows the columns of one row's stretch of the line are always inside, so the band is
 * never cut. */
SILBE_MUST_CHECK silbe_status silbe_dtw_band_sakoe_chiba(size_t n_rows, size_t n_cols,
                                                         size_t radius_cols, size_t *lo, size_t *hi,
                                                         silbe_err *err);

/*
 * Band around a path: every cell (i, j) of the path stands for the box of rows [i factor_n,
 * (i + 1) factor_n) and columns [j factor_m, (j + 1) factor_m) of the finer matrix; gaps between
 * neighbouring cells are bridged by the box that holds both; the whole is widened by margin_rows
 * and margin_cols in the finer frames, on all sides. factor 1 and a path on the same grid give a
 * tube around it. Anchors are a path, too: put cells (0, 0), (n1, m1), ..., and the band holds the
 * boxes between anchors (a cell of one anchor and the next bound a box), which is the classical
 * anchor band. path: non-decreasing, not empty. Rows before its first and after its last box get
 * the window of that box.
 * SILBE_ERR_ARGUMENT if a cell lies outside the finer matrix or the path decreases.
 */
SILBE_MUST_CHECK silbe_status silbe_dtw_band_from_path(const silbe_path_point *path, size_t length,
                                                       size_t factor_n, size_t factor_m,
                                                       size_t margin_rows, size_t margin_cols,
                                                       size_t n_rows, size_t n_cols, size_t *lo,
                                                       size_t *hi, silbe_err *err);

/* Widens a band whose lo and hi never decrease by so many rows and columns on all sides. */
void silbe_dtw_band_widen(size_t margin_rows, size_t margin_cols, size_t n_rows, size_t n_cols,
                          size_t *lo, size_t *hi);

/* Cells inside the band: sum of hi - lo. */
size_t silbe_dtw_band_cells(const size_t *lo, const size_t *hi, size_t n_rows);

#endif
