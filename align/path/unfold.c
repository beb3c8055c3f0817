/* Paths as one column per row, repeated targets, CTC's labels. */
#include "align/path/unfold.h"

#include <string.h>

silbe_status silbe_unfold_path(const silbe_path_point *path, size_t length, size_t n_rows,
                               bool fill, size_t *columns, silbe_err *err)
{
    for (size_t n = 0; n < n_rows; n++) {
        columns[n] = SILBE_UNFOLD_NONE;
    }
    for (size_t i = 0; i < length; i++) {
        size_t n = path[i].n;
        bool falls = i > 0 && (n < path[i - 1].n || path[i].m < path[i - 1].m);
        if (n >= n_rows || path[i].m == SILBE_UNFOLD_NONE || falls) {
            return silbe_fail(
                err, SILBE_ERR_DATA, "unfolded alignment: cell %zu of the path, (%zu, %zu), %s", i,
                n, path[i].m, falls ? "lies before its predecessor" : "lies outside the matrix");
        }
        for (size_t row = i > 0 ? path[i - 1].n + 1 : n; fill && row < n; row++) {
            columns[row] = path[i - 1].m;
        }
        columns[n] = path[i].m;
    }
    return SILBE_OK;
}

silbe_status silbe_unfold_to_path(const size_t *columns, size_t n_rows, silbe_path_point *path,
                                  size_t *length, silbe_err *err)
{
    size_t n_cells = 0;
    for (size_t n = 0; n < n_rows; n++) {
        if (columns[n] == SILBE_UNFOLD_NONE) {
            continue;
        }
        if (n_cells > 0 && columns[n] < path[n_cells - 1].m) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "unfolded alignment: row %zu has column %zu, after column %zu", n,
                              columns[n], path[n_cells - 1].m);
        }
        path[n_cells++] = (silbe_path_point){n, columns[n]};
    }
    *length = n_cells;
    return SILBE_OK;
}

silbe_status silbe_unfold_targets(size_t n_cols, size_t n_unfolded, size_t *targets, silbe_err *err)
{
    if (n_cols == 0 || n_unfolded < n_cols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "unfolded targets: %zu targets cannot become %zu columns", n_cols,
                          n_unfolded);
    }
    /* floor(j n_cols / n_unfolded) by its remainder, as the product could overflow. */
    size_t target = 0;
    size_t rest = 0;
    for (size_t j = 0; j < n_unfolded; j++) {
        targets[j] = target;
        if (rest >= n_unfolded - n_cols) {
            rest -= n_unfolded - n_cols;
            target++;
        } else {
            rest += n_cols;
        }
    }
    return SILBE_OK;
}

silbe_status silbe_fold_columns(const double *e, size_t n_rows, size_t n_unfolded,
                                const size_t *targets, size_t n_cols, double *out, silbe_err *err)
{
    for (size_t j = 0; j < n_unfolded; j++) {
        if (targets[j] >= n_cols) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "unfolded targets: column %zu is target %zu of %zu", j, targets[j],
                              n_cols);
        }
    }
    for (size_t n = 0; n < n_rows; n++) {
        double *row = out + n * n_cols;
        for (size_t c = 0; c < n_cols; c++) {
            row[c] = 0.0;
        }
        for (size_t j = 0; j < n_unfolded; j++) {
            row[targets[j]] += e[n * n_unfolded + j];
        }
    }
    return SILBE_OK;
}

size_t silbe_labels_n_states(size_t n_labels)
{
    return n_labels > (SIZE_MAX - 1) / 2 ? SIZE_MAX : 2 * n_labels + 1;
}

void silbe_labels_expand(const int32_t *labels, size_t n_labels, int32_t blank, int32_t *states)
{
    for (size_t i = 0; i < n_labels; i++) {
        states[2 * i] = blank;
        states[2 * i + 1] = labels[i];
    }
    states[2 * n_labels] = blank;
}

size_t silbe_labels_collapse(const int32_t *symbols, size_t n_frames, int32_t blank,
                             int32_t *labels, size_t *first_frame)
{
    size_t n_labels = 0;
    int32_t before = blank;
    for (size_t t = 0; t < n_frames; t++) {
        int32_t symbol = symbols[t];
        if (symbol != blank && symbol != before) {
            if (first_frame != NULL) {
                first_frame[n_labels] = t;
            }
            labels[n_labels++] = symbol;
        }
        before = symbol;
    }
    return n_labels;
}
