/* Four doubles with AVX2: see lanes_portable.h. */
#ifndef SILBE_ALIGN_BASE_LANES_H
#define SILBE_ALIGN_BASE_LANES_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define SILBE_LANES 4
#define SILBE_LANES_TARGET __attribute__((target("avx2")))
#define SILBE_LANES_INLINE SILBE_LANES_TARGET static inline __attribute__((always_inline))

typedef __m256d vec;
typedef __m256d vec_mask; /* all bits of a lane */

SILBE_LANES_INLINE vec vec_load(const double *p)
{
    return _mm256_loadu_pd(p);
}

SILBE_LANES_INLINE void vec_store(double *p, vec a)
{
    _mm256_storeu_pd(p, a);
}

SILBE_LANES_INLINE vec vec_load_floats(const float *p)
{
    return _mm256_cvtps_pd(_mm_load_ps(p));
}

SILBE_LANES_INLINE vec vec_set(double a)
{
    return _mm256_set1_pd(a);
}

SILBE_LANES_INLINE double vec_first(vec a)
{
    return _mm256_cvtsd_f64(a);
}

SILBE_LANES_INLINE vec vec_add(vec a, vec b)
{
    return _mm256_add_pd(a, b);
}

SILBE_LANES_INLINE vec vec_sub(vec a, vec b)
{
    return _mm256_sub_pd(a, b);
}

SILBE_LANES_INLINE vec vec_mul(vec a, vec b)
{
    return _mm256_mul_pd(a, b);
}

SILBE_LANES_INLINE vec vec_div(vec a, vec b)
{
    return _mm256_div_pd(a, b);
}

SILBE_LANES_INLINE vec vec_max(vec a, vec b)
{
    return _mm256_max_pd(a, b);
}

SILBE_LANES_INLINE vec vec_min(vec a, vec b)
{
    return _mm256_min_pd(a, b);
}

SILBE_LANES_INLINE vec_mask vec_less(vec a, vec b)
{
    return _mm256_cmp_pd(a, b, _CMP_LT_OQ);
}

SILBE_LANES_INLINE vec vec_pick(vec_mask mask, vec on, vec off)
{
    return _mm256_blendv_pd(off, on, mask);
}

SILBE_LANES_INLINE unsigned vec_bits_of(vec_mask mask)
{
    return (unsigned)_mm256_movemask_pd(mask);
}

SILBE_LANES_INLINE vec_mask vec_mask_of(uint32_t bits)
{
    __m256i each = _mm256_set_epi64x(8, 4, 2, 1);
    __m256i mine = _mm256_and_si256(_mm256_set1_epi64x((long long)bits), each);
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(mine, each));
}

SILBE_LANES_INLINE vec vec_max_where(vec_mask mask, vec a, vec b)
{
    return _mm256_max_pd(_mm256_blendv_pd(b, a, mask), b);
}

SILBE_LANES_INLINE vec vec_or(vec a, vec b)
{
    return _mm256_or_pd(a, b);
}

SILBE_LANES_INLINE vec vec_and(vec a, vec b)
{
    return _mm256_and_pd(a, b);
}

SILBE_LANES_INLINE vec vec_bits_up(vec a)
{
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), 52));
}

SILBE_LANES_INLINE vec vec_bits_down(vec a)
{
    return _mm256_castsi256_pd(_mm256_srli_epi64(_mm256_castpd_si256(a), 52));
}

SILBE_LANES_INLINE vec vec_pow2(vec d, double least)
{
    return vec_bits_up(vec_add(vec_max(d, vec_set(least)), vec_set(0x1p52 + 1023.0)));
}

SILBE_LANES_INLINE vec vec_scale(vec m, vec d)
{
    return vec_mul(m, vec_pow2(d, -1023.0));
}

SILBE_LANES_INLINE vec vec_next_down(vec before, vec a)
{
    return _mm256_blend_pd(_mm256_permute4x64_pd(a, 0x93), _mm256_permute4x64_pd(before, 0x93), 1);
}

SILBE_LANES_INLINE vec vec_next_up(vec a, vec after)
{
    return _mm256_permute4x64_pd(_mm256_blend_pd(a, after, 1), 0x39);
}

SILBE_LANES_INLINE vec vec_reverse(vec a)
{
    return _mm256_permute4x64_pd(a, 0x1b);
}

/* Loads of pairs and two unpackings: faster than gathering, and much faster on some processors. */
SILBE_LANES_INLINE void vec_look_up(const double *table, const int32_t *at, vec *first, vec *second)
{
    __m256d even = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[0])),
                                        _mm_load_pd(table + 2 * at[2]), 1);
    __m256d odd = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[1])),
                                       _mm_load_pd(table + 2 * at[3]), 1);
    *first = _mm256_unpacklo_pd(even, odd);
    *second = _mm256_unpackhi_pd(even, odd);
}

#endif
