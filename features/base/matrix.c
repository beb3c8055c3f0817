#include "features/base/matrix.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

silbe_status silbe_matrix_new(silbe_matrix *matrix, size_t n_rows, size_t n_cols, silbe_err *err)
{
    *matrix = (silbe_matrix)SILBE_MATRIX_INIT;
    if (n_cols != 0 && n_rows > (SIZE_MAX - ALIGNMENT) / sizeof(float) / n_cols) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "matrix of %zu x %zu values overflows size_t",
                          n_rows, n_cols);
    }
    size_t bytes = n_rows * n_cols * sizeof(float);
    if (bytes > 0) {
        size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        matrix->data = aligned_alloc(ALIGNMENT, rounded);
        if (matrix->data == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY,
                              "out of memory for a matrix of %zu x %zu values (%zu bytes)", n_rows,
                              n_cols, bytes);
        }
        memset(matrix->data, 0, rounded);
    }
    matrix->n_rows = n_rows;
    matrix->n_cols = n_cols;
    return SILBE_OK;
}

void silbe_matrix_free(silbe_matrix *matrix)
{
    if (matrix != NULL) {
        free(matrix->data);
        *matrix = (silbe_matrix)SILBE_MATRIX_INIT;
    }
}
