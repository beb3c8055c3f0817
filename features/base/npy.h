/*
 * NumPy .npy files (format 1.0, C order, little endian): how arrays travel between stages.
 * Specification: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef SILBE_NPY_H
#define SILBE_NPY_H

#include <stdio.h>

#include "features/base/matrix.h"
#include "features/base/status.h"

/* Writes a float32 matrix of shape (n_rows, n_cols), atomically. */
SILBE_MUST_CHECK silbe_status silbe_npy_write_matrix(const char *path, const silbe_matrix *matrix,
                                                     silbe_err *err);

/* Writes a float64 array of shape (n_rows, n_cols), atomically. */
SILBE_MUST_CHECK silbe_status silbe_npy_write_doubles(const char *path, const double *data,
                                                      size_t n_rows, size_t n_cols, silbe_err *err);

/*
 * Reads a two-dimensional (or one-dimensional, then n_cols = 1) little-endian float32 or float64
 * array in C order into *matrix, which the caller frees. Every field of the header is verified; a
 * file that is shorter or longer than its header says is SILBE_ERR_FORMAT. expected_cols == 0
 * accepts any width. NaN and infinities are accepted: their meaning is the caller's.
 */
SILBE_MUST_CHECK silbe_status silbe_npy_read_matrix(const char *path, size_t expected_cols,
                                                    silbe_matrix *matrix, silbe_err *err);

/* The same into float64: *data holds *n_rows * expected_cols values (expected_cols > 0), row-major,
 * and is freed by the caller; NULL after a failure. */
SILBE_MUST_CHECK silbe_status silbe_npy_read_doubles(const char *path, size_t expected_cols,
                                                     double **data, size_t *n_rows, silbe_err *err);

/* A file read some rows at a time: for arrays that are not to be in memory as a whole. */
typedef struct {
    FILE *stream;
    const char *path; /* borrowed */
    size_t n_rows;
    size_t n_cols;
    size_t item_size; /* 4 or 8, in the file */
    size_t next_row;
    long start; /* of the first row in the file */
} silbe_npy_rows;

#define SILBE_NPY_ROWS_INIT                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

/* Errors as silbe_npy_read_matrix; path must live as long as *rows, which the caller closes, also
 * after a failure. */
SILBE_MUST_CHECK silbe_status silbe_npy_rows_open(const char *path, size_t expected_cols,
                                                  silbe_npy_rows *rows, silbe_err *err);

/* The next n rows, or those that are left, to values; *n_read of them. */
SILBE_MUST_CHECK silbe_status silbe_npy_rows_read(silbe_npy_rows *rows, size_t n, float *values,
                                                  size_t *n_read, silbe_err *err);

/* Back to the first row. */
SILBE_MUST_CHECK silbe_status silbe_npy_rows_rewind(silbe_npy_rows *rows, silbe_err *err);

void silbe_npy_rows_close(silbe_npy_rows *rows);

/* What stands in front of n_rows x n_cols float32, and some of their values, for writing
 * some rows at a time. Errors show in ferror(stream). */
void silbe_npy_put_header(FILE *stream, size_t n_rows, size_t n_cols);
void silbe_npy_put_floats(FILE *stream, const float *values, size_t n);

#endif
