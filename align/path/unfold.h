/*
 * Unfolded alignments and targets, and the expanded labels of CTC. All arrays belong to the caller.
 *
 * Unfolded alignment: for every row (frame) n the column (target) a[n] that sounds there; a warping
 * path without its repetitions along columns.
 */
#ifndef SILBE_ALIGN_PATH_UNFOLD_H
#define SILBE_ALIGN_PATH_UNFOLD_H

#include <stddef.h>
#include <stdint.h>

#include "align/path/path.h"
#include "features/base/status.h"

/* Row without a cell on the path (before its start, after its end, or jumped over). */
#define SILBE_UNFOLD_NONE SIZE_MAX

/*
 * columns[n] for n < n_rows: of the cells of row n the last one (largest m), SILBE_UNFOLD_NONE
 * where there is none. With fill, rows without a cell inside the path take that of the row before.
 * SILBE_ERR_DATA if the path decreases or leaves [0, n_rows).
 */
SILBE_MUST_CHECK silbe_status silbe_unfold_path(const silbe_path_point *path, size_t length,
                                                size_t n_rows, bool fill, size_t *columns,
                                                silbe_err *err);

/* The path (n, columns[n]) of all rows that have a cell; n_rows cells are enough. SILBE_ERR_DATA if
 * columns decrease; columns that are jumped over stay without a cell. */
SILBE_MUST_CHECK silbe_status silbe_unfold_to_path(const size_t *columns, size_t n_rows,
                                                   silbe_path_point *path, size_t *length,
                                                   silbe_err *err);

/*
 * Unfolded targets: n_cols targets are repeated to n_unfolded >= n_cols columns; unfolded column j
 * is target floor(j n_cols / n_unfolded), so that each stands floor or ceil of n_unfolded / n_cols
 * times. SILBE_ERR_ARGUMENT for n_cols = 0 or n_unfolded < n_cols.
 */
SILBE_MUST_CHECK silbe_status silbe_unfold_targets(size_t n_cols, size_t n_unfolded,
                                                   size_t *targets, silbe_err *err);

/* Folds E (or any matrix) back: out(n, c) = sum of e(n, j) over targets[j] = c; e: n_rows x
 * n_unfolded, out: n_rows x n_cols. targets must be < n_cols (SILBE_ERR_ARGUMENT). The chain rule
 * of repeating columns. */
SILBE_MUST_CHECK silbe_status silbe_fold_columns(const double *e, size_t n_rows, size_t n_unfolded,
                                                 const size_t *targets, size_t n_cols, double *out,
                                                 silbe_err *err);

/* States of CTC's expanded target: 2 n_labels + 1; SIZE_MAX if that overflows. */
size_t silbe_labels_n_states(size_t n_labels);

/* states[2 i + 1] = labels[i], all others blank. */
void silbe_labels_expand(const int32_t *labels, size_t n_labels, int32_t blank, int32_t *states);

/* CTC's map B (Graves et al. 2006, section 3.1): drops repetitions, then blanks. symbols:
 * n_frames values; labels: up to n_frames values (may be symbols). first_frame[i], unless NULL:
 * the first frame of labels[i]. Returns the number of labels. */
size_t silbe_labels_collapse(const int32_t *symbols, size_t n_frames, int32_t blank,
                             int32_t *labels, size_t *first_frame);

#endif
