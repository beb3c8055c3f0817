/*
 * The Viterbi kernel with AVX-512F: 32 pairs in eight registers, emissions of up to 63 symbols
 * looked up in four registers' worth of table (vpermi2ps), of more by gathering.
 */
#include "align/ctc/viterbi_engine.h"

#ifdef SILBE_X86
#include "align/base/lanes_avx512.h"

enum { V = 4 }; /* vectors of 8 pairs */

typedef enum { TABLE_32, TABLE_64, TABLE_ANY } table_kind;

SILBE_LANES_INLINE __m512 look_up(const float *e, __m512i index, __mmask16 high, table_kind kind)
{
    if (kind == TABLE_ANY) {
        return _mm512_i32gather_ps(index, e, 4);
    }
    __m512 low = _mm512_permutex2var_ps(_mm512_load_ps(e), index, _mm512_load_ps(e + 16));
    if (kind == TABLE_32) {
        return low;
    }
    __m512 up = _mm512_permutex2var_ps(_mm512_load_ps(e + 32), index, _mm512_load_ps(e + 48));
    return _mm512_mask_blend_ps(high, low, up);
}

SILBE_LANES_INLINE vec half_of(__m512 x, int upper)
{
    vec bits = _mm512_castps_pd(x);
    __m256d half = upper ? _mm512_extractf64x4_pd(bits, 1) : _mm512_castpd512_pd256(bits);
    return _mm512_cvtps_pd(_mm256_castpd_ps(half));
}

SILBE_LANES_INLINE void run(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip,
                            double *label, double *blank, double *edge, uint8_t *back,
                            size_t back_stride, table_kind kind, int keep)
{
    vec l[V];
    vec b[V];
    __m512i index[2];
    __mmask16 high[2];
    for (int i = 0; i < 2; i++) {
        index[i] = _mm512_loadu_si512(symbol + 16 * i);
        high[i] = _mm512_cmpgt_epi32_mask(index[i], _mm512_set1_epi32(31));
    }
    for (int v = 0; v < V; v++) {
        l[v] = vec_load(label + 8 * v);
        b[v] = vec_load(blank + 8 * v);
    }
    for (size_t f = 0; f < tile->n_frames; f++) {
        const float *e = tile->table + f * tile->stride;
        vec e_blank = vec_set(tile->blank[f]);
        vec before = vec_load(edge + f * SILBE_CTC_EDGE);
        __m512 emission[2];
        for (int i = 0; i < 2; i++) {
            emission[i] = look_up(e, index[i], high[i], kind);
        }
        for (int v = 0; v < V; v++) {
            vec_mask may = vec_mask_of(skip >> (8 * v));
            vec from = vec_next_down(before, l[v]);
            before = l[v];
            vec best = vec_max_where(may, from, b[v]);
            if (keep) {
                uint8_t *to = back + f * back_stride;
                to[v] = (uint8_t)vec_bits_of(vec_less(l[v], best));
                to[V + v] = (uint8_t)vec_bits_of(vec_less(b[v], from));
            }
            b[v] = vec_add(vec_max(from, b[v]), e_blank);
            l[v] = vec_add(vec_max(best, l[v]), half_of(emission[v / 2], v % 2));
        }
        vec_store(edge + f * SILBE_CTC_EDGE, before);
    }
    for (int v = 0; v < V; v++) {
        vec_store(label + 8 * v, l[v]);
        vec_store(blank + 8 * v, b[v]);
    }
}

SILBE_LANES_TARGET void silbe_ctc_viterbi_avx512(const silbe_ctc_tile *tile, const int32_t *symbol,
                                                 uint32_t skip, double *label, double *blank,
                                                 double *edge, uint8_t *back, size_t back_stride)
{
    if (back != NULL) {
        run(tile, symbol, skip, label, blank, edge, back, back_stride,
            tile->stride <= 32   ? TABLE_32
            : tile->stride <= 64 ? TABLE_64
                                 : TABLE_ANY,
            1);
    } else if (tile->stride <= 32) {
        run(tile, symbol, skip, label, blank, edge, NULL, 0, TABLE_32, 0);
    } else if (tile->stride <= 64) {
        run(tile, symbol, skip, label, blank, edge, NULL, 0, TABLE_64, 0);
    } else {
        run(tile, symbol, skip, label, blank, edge, NULL, 0, TABLE_ANY, 0);
    }
}
#endif
