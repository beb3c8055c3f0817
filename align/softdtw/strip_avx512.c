/* The strip kernels with AVX-512F: sixteen lanes in two registers. */
#include <math.h>

#include "align/softdtw/engine.h"

#ifdef SILBE_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))
#define VEC_LANES 8
#define OP TARGET static inline __attribute__((always_inline))

typedef __m512d vec;

OP vec vec_load(const double *p)
{
    return _mm512_load_pd(p);
}
OP void vec_store(double *p, vec a)
{
    _mm512_store_pd(p, a);
}
OP vec vec_set(double a)
{
    return _mm512_set1_pd(a);
}
OP vec vec_add(vec a, vec b)
{
    return _mm512_add_pd(a, b);
}
OP vec vec_sub(vec a, vec b)
{
    return _mm512_sub_pd(a, b);
}
OP vec vec_mul(vec a, vec b)
{
    return _mm512_mul_pd(a, b);
}
OP vec vec_max(vec a, vec b)
{
    return _mm512_max_pd(a, b);
}
OP vec vec_less(vec a, vec b, vec x, vec y)
{
    return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(a, b, _CMP_LT_OQ), y, x);
}
OP vec vec_or(vec a, vec b)
{
    return _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
}
OP vec vec_and(vec a, vec b)
{
    return _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
}
OP vec vec_bits_up(vec a)
{
    return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(a), 52));
}
OP vec vec_bits_down(vec a)
{
    return _mm512_castsi512_pd(_mm512_srli_epi64(_mm512_castpd_si512(a), 52));
}
OP vec vec_next_down(vec before, vec a)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(a), _mm512_castpd_si512(before), 7));
}
OP vec vec_next_up(vec a, vec after)
{
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(after), _mm512_castpd_si512(a), 1));
}

#include "align/softdtw/strip_kernel.h"

TARGET void silbe_softdtw_forward_avx512(silbe_softdtw_lanes *lanes, const double *cost,
                                         size_t n_times, double *row_m, double *row_e, double *kept)
{
    forward_strip(lanes, cost, n_times, row_m, row_e, kept);
}

TARGET void silbe_softdtw_backward_avx512(silbe_softdtw_lanes *lanes, const double *kept,
                                          size_t n_times, double *row_m, double *row_e,
                                          double *gradient)
{
    backward_strip(lanes, kept, n_times, row_m, row_e, gradient);
}
#else
typedef int silbe_softdtw_strip_avx512_is_empty;
#endif
