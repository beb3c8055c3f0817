/* The strip kernel with AVX2: sixteen lanes in four registers. */
#include "align/dtw/engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

typedef struct {
    __m256d weight[3];
    __m256d penalty[3];
} constants;

/* One vector of four cells. *rows and *columns: its four bits of the two words of back-pointers. */
TARGET static inline __attribute__((always_inline)) __m256d
cells(const constants *k, __m256d c, __m256d diag, __m256d up, __m256d left, int has_penalty,
      int keep, unsigned *rows, unsigned *columns)
{
    __m256d cost[3];
    for (int i = 0; i < 3; i++) {
        cost[i] = _mm256_mul_pd(k->weight[i], c);
        cost[i] = has_penalty ? _mm256_add_pd(cost[i], k->penalty[i]) : cost[i];
    }
    __m256d by_diagonal = _mm256_add_pd(diag, cost[0]);
    __m256d by_row = _mm256_add_pd(up, cost[1]);
    __m256d by_column = _mm256_add_pd(left, cost[2]);
    if (keep) {
        __m256d best = _mm256_min_pd(by_row, by_diagonal);
        *rows = (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(by_row, by_diagonal, _CMP_LT_OQ));
        *columns = (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(by_column, best, _CMP_LT_OQ));
    }
    return _mm256_min_pd(by_row, _mm256_min_pd(by_column, by_diagonal));
}

/* Lanes move down by one: out[j] = low[j + 1], out[3] = high[0]. */
TARGET static inline __attribute__((always_inline)) __m256d shift(__m256d low, __m256d high)
{
    return _mm256_permute4x64_pd(_mm256_blend_pd(low, high, 1), 0x39);
}

TARGET static inline __attribute__((always_inline)) void run(silbe_dtw_lanes *lanes,
                                                             const float *cost, size_t n_times,
                                                             double *row, uint16_t *back,
                                                             int has_penalty, int keep)
{
    constants k;
    __m256d left[5];
    __m256d diag[4];
    for (int i = 0; i < 3; i++) {
        k.weight[i] = _mm256_set1_pd(lanes->weight[i]);
        k.penalty[i] = _mm256_set1_pd(lanes->penalty[i]);
    }
    for (int v = 0; v < 4; v++) {
        left[v] = _mm256_loadu_pd(lanes->left + 4 * v);
        diag[v] = _mm256_loadu_pd(lanes->diag + 4 * v);
    }
    for (size_t t = 0; t < n_times; t++) {
        unsigned all_rows = 0;
        unsigned all_columns = 0;
        left[4] = _mm256_set1_pd(row[t]);
        for (int v = 0; v < 4; v++) { /* left[v + 1] is still that of the time before */
            unsigned rows = 0;
            unsigned columns = 0;
            __m256d up = shift(left[v], left[v + 1]);
            __m256d c = _mm256_cvtps_pd(_mm_load_ps(cost + 16 * t + 4 * v));
            left[v] = cells(&k, c, diag[v], up, left[v], has_penalty, keep, &rows, &columns);
            diag[v] = up;
            all_rows |= rows << (4 * v);
            all_columns |= columns << (4 * v);
        }
        _mm_store_sd(row + t - 15, _mm256_castpd256_pd128(left[0]));
        if (keep) {
            back[2 * t] = (uint16_t)all_rows;
            back[2 * t + 1] = (uint16_t)all_columns;
        }
    }
    for (int v = 0; v < 4; v++) {
        _mm256_storeu_pd(lanes->left + 4 * v, left[v]);
        _mm256_storeu_pd(lanes->diag + 4 * v, diag[v]);
    }
}

TARGET void silbe_dtw_strip_avx2(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
                                 double *row, size_t out_lane, uint16_t *back)
{
    (void)out_lane; /* always 0 here */
    if (lanes->has_penalty) {
        if (back != NULL) {
            run(lanes, cost, n_times, row, back, 1, 1);
        } else {
            run(lanes, cost, n_times, row, back, 1, 0);
        }
    } else if (back != NULL) {
        run(lanes, cost, n_times, row, back, 0, 1);
    } else {
        run(lanes, cost, n_times, row, back, 0, 0);
    }
}
#else
typedef int silbe_dtw_strip_avx2_is_empty;
#endif
