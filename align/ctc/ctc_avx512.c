/* The forward-backward kernel with AVX-512F: vectors of 8 lanes. */
#include "align/ctc/ctc_engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))
#define WIDTH 8
#define GROUP 2
#define KERNEL_NAME silbe_ctc_sweep_avx512
#define OP TARGET static inline __attribute__((always_inline))

typedef __m512d vec;
typedef __mmask8 vmask;

OP vec v_load(const double *p)
{
    return _mm512_loadu_pd(p);
}

OP void v_store(double *p, vec x)
{
    _mm512_storeu_pd(p, x);
}

OP vec v_set1(double x)
{
    return _mm512_set1_pd(x);
}

OP vec v_add(vec a, vec b)
{
    return _mm512_add_pd(a, b);
}

OP vec v_sub(vec a, vec b)
{
    return _mm512_sub_pd(a, b);
}

OP vec v_mul(vec a, vec b)
{
    return _mm512_mul_pd(a, b);
}

OP vec v_div(vec a, vec b)
{
    return _mm512_div_pd(a, b);
}

OP vec v_max(vec a, vec b)
{
    return _mm512_max_pd(a, b);
}

/* As in ctc_avx2.c. */
OP vec v_pow2(vec d)
{
    vec sum = _mm512_add_pd(_mm512_max_pd(d, _mm512_set1_pd(-1023.0)),
                            _mm512_set1_pd(4503599627370496.0 + 1023.0));
    return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(sum), 52));
}

/* One instruction. Where it differs from m * v_pow2(d) the other summand is 2^700 times larger. */
OP vec v_scale(vec m, vec d)
{
    return _mm512_scalef_pd(m, d);
}

/* As in ctc_avx2.c: pairs of lanes i, i + 2, ... beside those of i + 1, i + 3, ... */
OP __m512d four_pairs(const double *table, const int32_t *at)
{
    __m256d low = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[0])),
                                       _mm_load_pd(table + 2 * at[2]), 1);
    __m256d high = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(table + 2 * at[4])),
                                        _mm_load_pd(table + 2 * at[6]), 1);
    return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}

OP void v_gather(const double *table, const int32_t *at, vec *m, vec *e)
{
    __m512d even = four_pairs(table, at);
    __m512d odd = four_pairs(table, at + 1);
    *m = _mm512_unpacklo_pd(even, odd);
    *e = _mm512_unpackhi_pd(even, odd);
}

OP vec v_shift(vec high, vec low)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(high), _mm512_castpd_si512(low), 7));
}

OP vec v_reverse(vec x)
{
    return _mm512_permutexvar_pd(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), x);
}

OP vmask v_mask(uint32_t bits)
{
    return (vmask)bits;
}

OP vec v_pick(vmask mask, vec on, vec off)
{
    return _mm512_mask_blend_pd(mask, off, on);
}

#include "align/ctc/ctc_kernel.h"
#endif
