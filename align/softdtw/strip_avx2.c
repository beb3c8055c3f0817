/* The strip kernels with AVX2: sixteen lanes in four registers. */
#include <math.h>

#include "align/softdtw/engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))
#define VEC_LANES 4
#define OP TARGET static inline __attribute__((always_inline))

typedef __m256d vec;

OP vec vec_load(const double *p)
{
    return _mm256_load_pd(p);
}
OP void vec_store(double *p, vec a)
{
    _mm256_store_pd(p, a);
}
OP vec vec_set(double a)
{
    return _mm256_set1_pd(a);
}
OP vec vec_add(vec a, vec b)
{
    return _mm256_add_pd(a, b);
}
OP vec vec_sub(vec a, vec b)
{
    return _mm256_sub_pd(a, b);
}
OP vec vec_mul(vec a, vec b)
{
    return _mm256_mul_pd(a, b);
}
OP vec vec_max(vec a, vec b)
{
    return _mm256_max_pd(a, b);
}
OP vec vec_less(vec a, vec b, vec x, vec y)
{
    return _mm256_blendv_pd(y, x, _mm256_cmp_pd(a, b, _CMP_LT_OQ));
}
OP vec vec_or(vec a, vec b)
{
    return _mm256_or_pd(a, b);
}
OP vec vec_and(vec a, vec b)
{
    return _mm256_and_pd(a, b);
}
OP vec vec_bits_up(vec a)
{
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), 52));
}
OP vec vec_bits_down(vec a)
{
    return _mm256_castsi256_pd(_mm256_srli_epi64(_mm256_castpd_si256(a), 52));
}
OP vec vec_next_down(vec before, vec a)
{
    return _mm256_shuffle_pd(_mm256_permute2f128_pd(before, a, 0x21), a, 0x5);
}
OP vec vec_next_up(vec a, vec after)
{
    return _mm256_shuffle_pd(a, _mm256_permute2f128_pd(a, after, 0x21), 0x5);
}

#include "align/softdtw/strip_kernel.h"

TARGET void silbe_softdtw_forward_avx2(silbe_softdtw_lanes *lanes, const double *cost,
                                       size_t n_times, double *row_m, double *row_e, double *kept)
{
    forward_strip(lanes, cost, n_times, row_m, row_e, kept);
}

TARGET void silbe_softdtw_backward_avx2(silbe_softdtw_lanes *lanes, const double *kept,
                                        size_t n_times, double *row_m, double *row_e,
                                        double *gradient)
{
    backward_strip(lanes, kept, n_times, row_m, row_e, gradient);
}
#else
typedef int silbe_softdtw_strip_avx2_is_empty;
#endif
