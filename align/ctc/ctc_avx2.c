/* The forward-backward kernel with AVX2: vectors of 4 lanes. */
#include "align/ctc/ctc_engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))
#define WIDTH 4
#define GROUP 2
#define KERNEL_NAME silbe_ctc_sweep_avx2
#define OP TARGET static inline __attribute__((always_inline))

typedef __m256d vec;
typedef __m256d vmask;

OP vec v_load(const double *p)
{
    return _mm256_loadu_pd(p);
}

OP void v_store(double *p, vec x)
{
    _mm256_storeu_pd(p, x);
}

OP vec v_set1(double x)
{
    return _mm256_set1_pd(x);
}

OP vec v_add(vec a, vec b)
{
    return _mm256_add_pd(a, b);
}

OP vec v_sub(vec a, vec b)
{
    return _mm256_sub_pd(a, b);
}

OP vec v_mul(vec a, vec b)
{
    return _mm256_mul_pd(a, b);
}

OP vec v_div(vec a, vec b)
{
    return _mm256_div_pd(a, b);
}

OP vec v_max(vec a, vec b)
{
    return _mm256_max_pd(a, b);
}

/* 2^52 + 1023 + d has the bits of 1023 + d in its lowest places; they belong into the exponent. */
OP vec v_pow2(vec d)
{
    vec sum = _mm256_add_pd(_mm256_max_pd(d, _mm256_set1_pd(-1023.0)),
                            _mm256_set1_pd(4503599627370496.0 + 1023.0));
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(sum), 52));
}

OP vec v_scale(vec m, vec d)
{
    return _mm256_mul_pd(m, v_pow2(d));
}

/* Loads of pairs and two unpackings: faster than gathering, and much faster on some processors. */
OP void v_gather(const double *table, const int32_t *at, vec *m, vec *e)
{
    __m256d even = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[0])),
                                        _mm_load_pd(table + 2 * at[2]), 1);
    __m256d odd = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[1])),
                                       _mm_load_pd(table + 2 * at[3]), 1);
    *m = _mm256_unpacklo_pd(even, odd);
    *e = _mm256_unpackhi_pd(even, odd);
}

OP vec v_shift(vec high, vec low)
{
    return _mm256_blend_pd(_mm256_permute4x64_pd(high, 0x93), _mm256_permute4x64_pd(low, 0x93), 1);
}

OP vec v_reverse(vec x)
{
    return _mm256_permute4x64_pd(x, 0x1b);
}

OP vmask v_mask(uint32_t bits)
{
    __m256i each = _mm256_set_epi64x(8, 4, 2, 1);
    __m256i mine = _mm256_and_si256(_mm256_set1_epi64x((long long)bits), each);
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(mine, each));
}

OP vec v_pick(vmask mask, vec on, vec off)
{
    return _mm256_blendv_pd(off, on, mask);
}

#include "align/ctc/ctc_kernel.h"
#endif
