#include "align/dtw/band.h"

#include <stdint.h>

silbe_status silbe_dtw_band_check(const size_t *lo, const size_t *hi, size_t n_rows, size_t n_cols,
                                  silbe_err *err)
{
    if (lo == NULL || hi == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW band: lo or hi is missing (NULL)");
    }
    for (size_t n = 0; n < n_rows; n++) {
        if (lo[n] >= hi[n] || hi[n] > n_cols) {
            return silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "DTW band, row %zu: [%zu, %zu) should be a non-empty part of [0, %zu)", n, lo[n],
                hi[n], n_cols);
        }
    }
    return SILBE_OK;
}

/* Differences and sums that stop at 0 and at `most`. */
static size_t less(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

static size_t more(size_t a, size_t b, size_t most)
{
    return a >= most || b > most - a ? most : a + b;
}

/* a * b, but at most `most`. */
static size_t times(size_t a, size_t b, size_t most)
{
    return b != 0 && a > most / b ? most : a * b;
}

silbe_status silbe_dtw_band_sakoe_chiba(size_t n_rows, size_t n_cols, size_t radius_cols,
                                        size_t *lo, size_t *hi, silbe_err *err)
{
    if (lo == NULL || hi == NULL || n_rows == 0 || n_cols == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "Sakoe-Chiba band: needs lo, hi and a matrix that is not empty, got %zu "
                          "rows x %zu columns",
                          n_rows, n_cols);
    }
    if (n_rows > SIZE_MAX / n_cols) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "Sakoe-Chiba band: %zu rows x %zu columns overflow size_t", n_rows,
                          n_cols);
    }
    for (size_t n = 0; n < n_rows; n++) {
        size_t begin = n * n_cols / n_rows;
        size_t end = ((n + 1) * n_cols - 1) / n_rows + 1;
        lo[n] = less(begin, radius_cols);
        hi[n] = more(end, radius_cols, n_cols);
    }
    return SILBE_OK;
}

void silbe_dtw_band_widen(size_t margin_rows, size_t margin_cols, size_t n_rows, size_t n_cols,
                          size_t *lo, size_t *hi)
{
    /* lo and hi never decrease, so the extreme of a stretch of rows is at its end; each sweep reads
     * only rows that it has not changed yet. */
    for (size_t n = n_rows; n-- > 0;) {
        lo[n] = less(lo[less(n, margin_rows)], margin_cols);
    }
    for (size_t n = 0; n < n_rows; n++) {
        hi[n] = more(hi[more(n, margin_rows, n_rows - 1)], margin_cols, n_cols);
    }
}

silbe_status silbe_dtw_band_from_path(const silbe_path_point *path, size_t length, size_t factor_n,
                                      size_t factor_m, size_t margin_rows, size_t margin_cols,
                                      size_t n_rows, size_t n_cols, size_t *lo, size_t *hi,
                                      silbe_err *err)
{
    if (path == NULL || length == 0 || lo == NULL || hi == NULL || factor_n == 0 || factor_m == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW band from a path: needs a path, lo, hi and factors of at least 1");
    }
    for (size_t n = 0; n < n_rows; n++) {
        lo[n] = n_cols;
        hi[n] = 0;
    }
    for (size_t i = 0; i < length; i++) {
        silbe_path_point a = path[i];
        silbe_path_point b = i + 1 < length ? path[i + 1] : a;
        size_t row = times(a.n, factor_n, n_rows);
        size_t row_end = times(b.n + 1, factor_n, n_rows);
        size_t col = times(a.m, factor_m, n_cols);
        size_t col_end = times(b.m + 1, factor_m, n_cols);
        if (row >= n_rows || col >= n_cols || b.n < a.n || b.m < a.m) {
            return silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "DTW band from a path: cell %zu (%zu, %zu) lies outside the %zu x %zu "
                "matrix with factors %zu and %zu, or the next is smaller",
                i, a.n, a.m, n_rows, n_cols, factor_n, factor_m);
        }
        for (size_t n = row; n < row_end; n++) {
            lo[n] = col < lo[n] ? col : lo[n];
            hi[n] = col_end > hi[n] ? col_end : hi[n];
        }
    }
    size_t first = times(path[0].n, factor_n, n_rows);
    for (size_t n = 0; n < n_rows; n++) { /* rows that no box covers */
        if (lo[n] >= hi[n]) {
            size_t from = n < first ? first : n - 1;
            lo[n] = lo[from];
            hi[n] = hi[from];
        }
    }
    silbe_dtw_band_widen(margin_rows, margin_cols, n_rows, n_cols, lo, hi);
    return SILBE_OK;
}

size_t silbe_dtw_band_cells(const size_t *lo, const size_t *hi, size_t n_rows)
{
    size_t cells = 0;
    for (size_t n = 0; n < n_rows; n++) {
        cells += hi[n] - lo[n];
    }
    return cells;
}
