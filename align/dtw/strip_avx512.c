/*
 * The strip kernel with AVX-512F: lanes 0..7 and 8..15 in two registers. What limits it is the
 * chain from one anti-diagonal to the next: shift (3 to 4 cycles), addition (3), two minima (4).
 */
#include "align/dtw/engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))

typedef struct {
    __m512d weight[3];
    __m512d penalty[3];
} constants;

/* One vector of eight cells. *beats: bits 0-7 (1,0) beats (1,1), bits 8-15 (0,1) beats both. */
TARGET static inline __attribute__((always_inline)) __m512d cells(const constants *k, __m512d c,
                                                                  __m512d diag, __m512d up,
                                                                  __m512d left, int has_penalty,
                                                                  int keep, unsigned *beats)
{
    __m512d cost[3];
    for (int i = 0; i < 3; i++) {
        cost[i] = _mm512_mul_pd(k->weight[i], c);
        cost[i] = has_penalty ? _mm512_add_pd(cost[i], k->penalty[i]) : cost[i];
    }
    __m512d by_diagonal = _mm512_add_pd(diag, cost[0]);
    __m512d by_row = _mm512_add_pd(up, cost[1]);
    __m512d by_column = _mm512_add_pd(left, cost[2]);
    if (keep) {
        __m512d best = _mm512_min_pd(by_row, by_diagonal);
        *beats = (unsigned)_mm512_cmp_pd_mask(by_row, by_diagonal, _CMP_LT_OQ) |
                 (unsigned)_mm512_cmp_pd_mask(by_column, best, _CMP_LT_OQ) << 8;
    }
    /* The minimum does not depend on the order; this one keeps the longest chain short. */
    return _mm512_min_pd(by_row, _mm512_min_pd(by_column, by_diagonal));
}

/* Lanes move down by one: out[j] = low[j + 1], out[7] = high[0]. */
TARGET static inline __attribute__((always_inline)) __m512d shift(__m512d low, __m512d high)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(high), _mm512_castpd_si512(low), 1));
}

TARGET static inline __attribute__((always_inline)) void run(silbe_dtw_lanes *lanes,
                                                             const float *cost, size_t n_times,
                                                             double *row, uint16_t *back,
                                                             int has_penalty, int keep)
{
    constants k;
    for (int i = 0; i < 3; i++) {
        k.weight[i] = _mm512_set1_pd(lanes->weight[i]);
        k.penalty[i] = _mm512_set1_pd(lanes->penalty[i]);
    }
    __m512d left0 = _mm512_loadu_pd(lanes->left);
    __m512d left1 = _mm512_loadu_pd(lanes->left + 8);
    __m512d diag0 = _mm512_loadu_pd(lanes->diag);
    __m512d diag1 = _mm512_loadu_pd(lanes->diag + 8);
    for (size_t t = 0; t < n_times; t++) {
        __m512d up0 = shift(left0, left1);
        __m512d up1 = shift(left1, _mm512_set1_pd(row[t]));
        __m512d c0 = _mm512_cvtps_pd(_mm256_load_ps(cost + 16 * t));
        __m512d c1 = _mm512_cvtps_pd(_mm256_load_ps(cost + 16 * t + 8));
        unsigned beats0 = 0;
        unsigned beats1 = 0;
        left0 = cells(&k, c0, diag0, up0, left0, has_penalty, keep, &beats0);
        left1 = cells(&k, c1, diag1, up1, left1, has_penalty, keep, &beats1);
        diag0 = up0;
        diag1 = up1;
        _mm_store_sd(row + t - 15, _mm512_castpd512_pd128(left0));
        if (keep) {
            back[2 * t] = (uint16_t)((beats0 & 0xffU) | (beats1 & 0xffU) << 8);
            back[2 * t + 1] = (uint16_t)(beats0 >> 8 | (beats1 & 0xff00U));
        }
    }
    _mm512_storeu_pd(lanes->left, left0);
    _mm512_storeu_pd(lanes->left + 8, left1);
    _mm512_storeu_pd(lanes->diag, diag0);
    _mm512_storeu_pd(lanes->diag + 8, diag1);
}

TARGET void silbe_dtw_strip_avx512(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
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
typedef int silbe_dtw_strip_avx512_is_empty;
#endif
