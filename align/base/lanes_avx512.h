/* Eight doubles with AVX-512F: see lanes_portable.h. */
#ifndef SILBE_ALIGN_BASE_LANES_H
#define SILBE_ALIGN_BASE_LANES_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define SILBE_LANES 8
#define SILBE_LANES_TARGET __attribute__((target("avx512f")))
#define SILBE_LANES_INLINE SILBE_LANES_TARGET static inline __attribute__((always_inline))

typedef __m512d vec;
typedef __mmask8 vec_mask;

SILBE_LANES_INLINE vec vec_load(const double *p)
{
    return _mm512_loadu_pd(p);
}

SILBE_LANES_INLINE void vec_store(double *p, vec a)
{
    _mm512_storeu_pd(p, a);
}

SILBE_LANES_INLINE vec vec_load_floats(const float *p)
{
    return _mm512_cvtps_pd(_mm256_load_ps(p));
}

SILBE_LANES_INLINE vec vec_set(double a)
{
    return _mm512_set1_pd(a);
}

SILBE_LANES_INLINE double vec_first(vec a)
{
    return _mm512_cvtsd_f64(a);
}

SILBE_LANES_INLINE vec vec_add(vec a, vec b)
{
    return _mm512_add_pd(a, b);
}

SILBE_LANES_INLINE vec vec_sub(vec a, vec b)
{
    return _mm512_sub_pd(a, b);
}

SILBE_LANES_INLINE vec vec_mul(vec a, vec b)
{
    return _mm512_mul_pd(a, b);
}

SILBE_LANES_INLINE vec vec_div(vec a, vec b)
{
    return _mm512_div_pd(a, b);
}

SILBE_LANES_INLINE vec vec_max(vec a, vec b)
{
    return _mm512_max_pd(a, b);
}

SILBE_LANES_INLINE vec vec_min(vec a, vec b)
{
    return _mm512_min_pd(a, b);
}

SILBE_LANES_INLINE vec_mask vec_less(vec a, vec b)
{
    return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
}

SILBE_LANES_INLINE vec vec_pick(vec_mask mask, vec on, vec off)
{
    return _mm512_mask_blend_pd(mask, off, on);
}

SILBE_LANES_INLINE unsigned vec_bits_of(vec_mask mask)
{
    return (unsigned)mask;
}

SILBE_LANES_INLINE vec_mask vec_mask_of(uint32_t bits)
{
    return (vec_mask)bits;
}

SILBE_LANES_INLINE vec vec_max_where(vec_mask mask, vec a, vec b)
{
    return _mm512_mask_max_pd(b, mask, a, b);
}

SILBE_LANES_INLINE vec vec_or(vec a, vec b)
{
    return _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
}

SILBE_LANES_INLINE vec vec_and(vec a, vec b)
{
    return _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
}

SILBE_LANES_INLINE vec vec_bits_up(vec a)
{
    return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(a), 52));
}

SILBE_LANES_INLINE vec vec_bits_down(vec a)
{
    return _mm512_castsi512_pd(_mm512_srli_epi64(_mm512_castpd_si512(a), 52));
}

SILBE_LANES_INLINE vec vec_pow2(vec d, double least)
{
    return vec_bits_up(vec_add(vec_max(d, vec_set(least)), vec_set(0x1p52 + 1023.0)));
}

/* One instruction. Where it differs from m * vec_pow2(d, -1023) the result is below 2^-700 m. */
SILBE_LANES_INLINE vec vec_scale(vec m, vec d)
{
    return _mm512_scalef_pd(m, d);
}

SILBE_LANES_INLINE vec vec_next_down(vec before, vec a)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(a), _mm512_castpd_si512(before), 7));
}

SILBE_LANES_INLINE vec vec_next_up(vec a, vec after)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(after), _mm512_castpd_si512(a), 1));
}

SILBE_LANES_INLINE vec vec_reverse(vec a)
{
    return _mm512_permutexvar_pd(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), a);
}

/* As in lanes_avx2.h: pairs of lanes i, i + 2, ... beside those of i + 1, i + 3, ... */
SILBE_LANES_INLINE vec vec_four_pairs(const double *table, const int32_t *at)
{
    __m256d low = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[0])),
                                       _mm_load_pd(table + 2 * at[2]), 1);
    __m256d high = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[4])),
                                        _mm_load_pd(table + 2 * at[6]), 1);
    return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}

SILBE_LANES_INLINE void vec_look_up(const double *table, const int32_t *at, vec *first, vec *second)
{
    vec even = vec_four_pairs(table, at);
    vec odd = vec_four_pairs(table, at + 1);
    *first = _mm512_unpacklo_pd(even, odd);
    *second = _mm512_unpackhi_pd(even, odd);
}

#endif
