/*
 * The Viterbi kernel with AVX2: 16 pairs at a time in eight registers, emissions by gathering.
 * Additions and maxima (5 per 4 pairs) share two ports with nothing else; the gather of 8 floats
 * costs about as much as the rest.
 */
#include "align/ctc/viterbi_engine.h"

#ifdef SILBE_X86
#include "align/base/lanes_avx2.h"

enum { V = 4 }; /* vectors of 4 pairs */

SILBE_LANES_INLINE void run(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip,
                            double *label, double *blank, double *edge, uint8_t *back,
                            size_t back_stride, int keep)
{
    vec l[V];
    vec b[V];
    vec_mask may[V]; /* all ones where a label may follow its predecessor */
    __m256i index[2];
    for (int v = 0; v < V; v++) {
        may[v] = vec_mask_of(skip >> (4 * v));
        l[v] = vec_load(label + 4 * v);
        b[v] = vec_load(blank + 4 * v);
    }
    index[0] = _mm256_loadu_si256((const __m256i *)(const void *)symbol);
    index[1] = _mm256_loadu_si256((const __m256i *)(const void *)(symbol + 8));
    for (size_t f = 0; f < tile->n_frames; f++) {
        const float *e = tile->table + f * tile->stride;
        vec e_blank = vec_set(tile->blank[f]);
        vec before = vec_load(edge + f * SILBE_CTC_EDGE);
        unsigned moves = 0;
        unsigned skips = 0;
        for (int v = 0; v < V; v++) {
            __m128i some = v % 2 == 0 ? _mm256_castsi256_si128(index[v / 2])
                                      : _mm256_extracti128_si256(index[v / 2], 1);
            vec emission = _mm256_cvtps_pd(_mm_i32gather_ps(e, some, 4));
            vec turned = _mm256_permute4x64_pd(l[v], 0x93); /* 3 0 1 2 */
            vec from = _mm256_blend_pd(turned, before, 1);
            before = turned;
            vec best = vec_max_where(may[v], from, b[v]);
            if (keep) {
                moves |= vec_bits_of(vec_less(l[v], best)) << (4 * v);
                skips |= vec_bits_of(vec_less(b[v], from)) << (4 * v);
            }
            b[v] = vec_add(vec_max(from, b[v]), e_blank);
            l[v] = vec_add(vec_max(best, l[v]), emission);
        }
        vec_store(edge + f * SILBE_CTC_EDGE, before);
        if (keep) {
            uint8_t *to = back + f * back_stride;
            to[0] = (uint8_t)moves;
            to[1] = (uint8_t)(moves >> 8);
            to[4] = (uint8_t)skips;
            to[5] = (uint8_t)(skips >> 8);
        }
    }
    for (int v = 0; v < V; v++) {
        vec_store(label + 4 * v, l[v]);
        vec_store(blank + 4 * v, b[v]);
    }
}

SILBE_LANES_TARGET void silbe_ctc_viterbi_avx2(const silbe_ctc_tile *tile, const int32_t *symbol,
                                               uint32_t skip, double *label, double *blank,
                                               double *edge, uint8_t *back, size_t back_stride)
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
