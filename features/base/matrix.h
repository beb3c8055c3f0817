/*
 * Dense matrix of float32, row-major: element (r, c) is data[r * n_cols + c]. Features have one row
 * per frame. The owner of the struct owns data and frees it with silbe_matrix_free.
 */
#ifndef SILBE_MATRIX_H
#define SILBE_MATRIX_H

#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    float *data;   /* n_rows * n_cols values, 64-byte aligned, or NULL when empty */
    size_t n_rows; /* frames */
    size_t n_cols; /* values per frame */
} silbe_matrix;

#define SILBE_MATRIX_INIT                                                                          \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/* Allocates n_rows x n_cols zeros. SILBE_ERR_MEMORY if the size overflows or memory is short; an
 * empty matrix (a zero dimension) is legal and has data == NULL. */
SILBE_MUST_CHECK silbe_status silbe_matrix_new(silbe_matrix *matrix, size_t n_rows, size_t n_cols,
                                               silbe_err *err);

/* Frees data and resets to SILBE_MATRIX_INIT. Legal on an empty matrix. */
void silbe_matrix_free(silbe_matrix *matrix);

static inline float *silbe_matrix_row(const silbe_matrix *matrix, size_t row)
{
    return matrix->data + row * matrix->n_cols;
}

#endif
