/*
 * The Viterbi kernel with AVX2: 16 pairs at a time in eight registers, emissions by gathering.
 * Additions and maxima (5 per 4 pairs) share two ports with nothing else; the gather of 8 floats
 * costs about as much as the rest.
 */
#include "align/ctc/viterbi_engine.h"

#ifdef SILBE_X86
#include <immintrin.h>
#include <math.h>

#define TARGET __attribute__((target("avx2")))

enum { V = 4 }; /* vectors of 4 pairs */

TARGET static inline __attribute__((always_inline)) void
run(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip, double *label, double *blank,
    double *edge, uint8_t *back, size_t back_stride, int keep)
{
    __m256d l[V];
    __m256d b[V];
    __m256d may[V]; /* all ones where a label may follow its predecessor */
    __m256i index[2];
    for (int v = 0; v < V; v++) {
        __m256i bits = _mm256_set_epi64x(8, 4, 2, 1);
        __m256i mine = _mm256_and_si256(_mm256_set1_epi64x((long long)(skip >> (4 * v))), bits);
        may[v] = _mm256_castsi256_pd(_mm256_cmpeq_epi64(mine, bits));
        l[v] = _mm256_loadu_pd(label + 4 * v);
        b[v] = _mm256_loadu_pd(blank + 4 * v);
    }
    index[0] = _mm256_loadu_si256((const __m256i *)(const void *)symbol);
    index[1] = _mm256_loadu_si256((const __m256i *)(const void *)(symbol + 8));
    for (size_t f = 0; f < tile->n_frames; f++) {
        const float *e = tile->table + f * tile->stride;
        __m256d e_blank = _mm256_broadcast_sd(tile->blank + f);
        __m256d before = _mm256_loadu_pd(edge + f * SILBE_CTC_EDGE);
        unsigned moves = 0;
        unsigned skips = 0;
        for (int v = 0; v < V; v++) {
            __m128i some = v % 2 == 0 ? _mm256_castsi256_si128(index[v / 2])
                                      : _mm256_extracti128_si256(index[v / 2], 1);
            __m256d emission = _mm256_cvtps_pd(_mm_i32gather_ps(e, some, 4));
            __m256d turned = _mm256_permute4x64_pd(l[v], 0x93); /* 3 0 1 2 */
            __m256d from = _mm256_blend_pd(turned, before, 1);
            before = turned;
            __m256d best = _mm256_max_pd(_mm256_blendv_pd(b[v], from, may[v]), b[v]);
            if (keep) {
                moves |= (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(best, l[v], _CMP_GT_OQ))
                         << (4 * v);
                skips |= (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(from, b[v], _CMP_GT_OQ))
                         << (4 * v);
            }
            b[v] = _mm256_add_pd(_mm256_max_pd(from, b[v]), e_blank);
            l[v] = _mm256_add_pd(_mm256_max_pd(best, l[v]), emission);
        }
        _mm256_storeu_pd(edge + f * SILBE_CTC_EDGE, before);
        if (keep) {
            uint8_t *to = back + f * back_stride;
            to[0] = (uint8_t)moves;
            to[1] = (uint8_t)(moves >> 8);
            to[4] = (uint8_t)skips;
            to[5] = (uint8_t)(skips >> 8);
        }
    }
    for (int v = 0; v < V; v++) {
        _mm256_storeu_pd(label + 4 * v, l[v]);
        _mm256_storeu_pd(blank + 4 * v, b[v]);
    }
}

TARGET void silbe_ctc_viterbi_avx2(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip,
                                   double *label, double *blank, double *edge, uint8_t *back,
                                   size_t back_stride)
{
    for (int half = 0; half < 2; half++) {
        int at = 16 * half;
        if (back != NULL) {
            run(tile, symbol + at, skip >> at, label + at, blank + at, edge, back + 2 * half,
                back_stride, 1);
        } else {
            run(tile, symbol + at, skip >> at, label + at, blank + at, edge, NULL, 0, 0);
        }
    }
}
#endif
