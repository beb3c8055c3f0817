#include "features/model/vector.h"

SILBE_MODEL_CLONES
void silbe_vector_add_products(float *restrict y, const float *const *a, const float *const *b,
                               size_t n_terms, size_t n)
{
    size_t i = 0;
    for (; i + 3 <= n_terms; i += 3) {
        const float *restrict a0 = a[i], *restrict b0 = b[i];
        const float *restrict a1 = a[i + 1], *restrict b1 = b[i + 1];
        const float *restrict a2 = a[i + 2], *restrict b2 = b[i + 2];
        for (size_t c = 0; c < n; c++) {
            y[c] = ((y[c] + a0[c] * b0[c]) + a1[c] * b1[c]) + a2[c] * b2[c];
        }
    }
    for (; i < n_terms; i++) {
        const float *restrict a0 = a[i], *restrict b0 = b[i];
        for (size_t c = 0; c < n; c++) {
            y[c] += a0[c] * b0[c];
        }
    }
}

SILBE_MODEL_CLONES
void silbe_vector_add_rows(float *restrict y, const float *restrict x, size_t n_rows, size_t n)
{
    size_t t = 0;
    for (; t + 4 <= n_rows; t += 4) {
        const float *x0 = x + t * n;
        const float *x1 = x0 + n;
        const float *x2 = x1 + n;
        const float *x3 = x2 + n;
        for (size_t c = 0; c < n; c++) {
            y[c] = (((y[c] + x0[c]) + x1[c]) + x2[c]) + x3[c];
        }
    }
    for (; t < n_rows; t++) {
        const float *x0 = x + t * n;
        for (size_t c = 0; c < n; c++) {
            y[c] += x0[c];
        }
    }
}
