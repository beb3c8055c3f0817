/* The inner loops in plain C and with AVX2. (Compilers do not make vectors of the plain form:
 * 64-bit integers compared and shifted, and back-pointers that are bits of masks.) */
#include "align/trellis/rows.h"

#ifdef SILBE_X86
#include <immintrin.h>
#endif

static void best_portable(const silbe_trellis *g, const double *prev, const double *slow,
                          const double *e, size_t begin, size_t end, double *out, uint8_t *back)
{
    for (size_t s = begin; s < end; s += SILBE_TRELLIS_LANES) {
        unsigned byte = 0;
        for (size_t i = 0; i < SILBE_TRELLIS_LANES; i++) {
            const double *p = prev + s + i;
            double best = p[0] + g->stay[s + i];
            double by_next = p[-1] + g->next[s + i];
            double by_jump = p[-2] + g->jump[s + i];
            unsigned code = by_next > best;
            best = by_next > best ? by_next : best;
            code = by_jump > best ? 2 : code;
            best = by_jump > best ? by_jump : best;
            code = slow[s + i] > best ? 3 : code;
            best = slow[s + i] > best ? slow[s + i] : best;
            out[s + i] = best + e[g->class_of[s + i]];
            byte |= (code & 1) << i | (code >> 1) << (i + 4);
        }
        if (back != NULL) {
            back[s / SILBE_TRELLIS_LANES] = (uint8_t)byte;
        }
    }
}

static void mix_portable(const silbe_scaled_row p[3], const silbe_scaled_row w[3],
                         silbe_scaled_row slow, silbe_scaled_row e, const int32_t *class_of,
                         size_t begin, size_t end, silbe_scaled_row out)
{
    const double *p0 = p[0].m, *p1 = p[1].m, *p2 = p[2].m, *p3 = slow.m;
    const int64_t *x0 = p[0].x, *x1 = p[1].x, *x2 = p[2].x, *x3 = slow.x;
    const double *w0 = w[0].m, *w1 = w[1].m, *w2 = w[2].m;
    const int64_t *v0 = w[0].x, *v1 = w[1].x, *v2 = w[2].x;
    double *restrict out_m = out.m;
    int64_t *restrict out_x = out.x;
    bool with_emission = e.m != NULL;
    for (size_t s = begin; s < end; s++) {
        int64_t a = x0[s] + v0[s];
        int64_t b = x1[s] + v1[s];
        int64_t c = x2[s] + v2[s];
        int64_t d = x3[s];
        int64_t ab = a > b ? a : b;
        int64_t cd = c > d ? c : d;
        int64_t x = ab > cd ? ab : cd;
        double sum = p0[s] * w0[s] * silbe_power_of_two(a - x) +
                     p1[s] * w1[s] * silbe_power_of_two(b - x) +
                     p2[s] * w2[s] * silbe_power_of_two(c - x) + p3[s] * silbe_power_of_two(d - x);
        if (with_emission) {
            sum *= e.m[class_of[s]];
            x += e.x[class_of[s]];
        }
        silbe_scaled normal = silbe_scaled_normal(sum, x);
        out_m[s] = normal.m;
        out_x[s] = normal.x;
    }
}

static void meet_portable(silbe_scaled_row alpha, silbe_scaled_row beta, silbe_scaled_row e,
                          const int32_t *class_of, double z_m, int64_t z_x, size_t begin,
                          size_t end, double *restrict posterior, silbe_scaled_row out)
{
    double *restrict out_m = out.m;
    int64_t *restrict out_x = out.x;
    for (size_t s = begin; s < end; s++) {
        int64_t x = alpha.x[s] + beta.x[s] - z_x;
        /* above 2^1 only by rounding; the clamp keeps the power in range whatever happens */
        posterior[s] =
            alpha.m[s] * beta.m[s] / z_m * (2.0 * silbe_power_of_two((x > 1 ? 1 : x) - 1));
        silbe_scaled normal =
            silbe_scaled_normal(beta.m[s] * e.m[class_of[s]], beta.x[s] + e.x[class_of[s]]);
        out_m[s] = normal.m;
        out_x[s] = normal.x;
    }
}

#ifdef SILBE_X86

#define TARGET __attribute__((target("avx2")))

TARGET static inline __m256d pick(__m256d a, __m256d b, __m256d *is_b)
{
    *is_b = _mm256_cmp_pd(b, a, _CMP_GT_OQ);
    return _mm256_max_pd(a, b);
}

TARGET static void best_avx2(const silbe_trellis *g, const double *prev, const double *slow,
                             const double *e, size_t begin, size_t end, double *out, uint8_t *back)
{
    for (size_t s = begin; s < end; s += SILBE_TRELLIS_LANES) {
        __m256d by_next;
        __m256d by_jump;
        __m256d by_slow;
        __m256d best = _mm256_add_pd(_mm256_loadu_pd(prev + s), _mm256_loadu_pd(g->stay + s));
        __m256d next = _mm256_add_pd(_mm256_loadu_pd(prev + s - 1), _mm256_loadu_pd(g->next + s));
        __m256d jump = _mm256_add_pd(_mm256_loadu_pd(prev + s - 2), _mm256_loadu_pd(g->jump + s));
        best = pick(best, next, &by_next);
        best = pick(best, jump, &by_jump);
        best = pick(best, _mm256_loadu_pd(slow + s), &by_slow);
        const int32_t *k = g->class_of + s;
        __m256d emission = _mm256_set_pd(e[k[3]], e[k[2]], e[k[1]], e[k[0]]);
        _mm256_storeu_pd(out + s, _mm256_add_pd(best, emission));
        if (back != NULL) {
            unsigned low = (unsigned)_mm256_movemask_pd(
                _mm256_or_pd(_mm256_andnot_pd(by_jump, by_next), by_slow));
            unsigned high = (unsigned)_mm256_movemask_pd(_mm256_or_pd(by_jump, by_slow));
            back[s / SILBE_TRELLIS_LANES] = (uint8_t)(low | high << 4);
        }
    }
}

TARGET static inline __m256i load_int(const int64_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

TARGET static inline void store_int(int64_t *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

TARGET static inline __m256i blend(__m256i a, __m256i b, __m256i is_b)
{
    return _mm256_blendv_epi8(a, b, is_b);
}

TARGET static inline __m256i larger(__m256i a, __m256i b)
{
    return blend(a, b, _mm256_cmpgt_epi64(b, a));
}

TARGET static inline __m256d power(__m256i d)
{
    d = larger(d, _mm256_set1_epi64x(-1000));
    d = _mm256_slli_epi64(_mm256_add_epi64(d, _mm256_set1_epi64x(1023)), 52);
    return _mm256_castsi256_pd(d);
}

/* silbe_scaled_normal, stored. */
TARGET static inline void store_normal(__m256d m, __m256i x, double *out_m, int64_t *out_x)
{
    __m256i bits = _mm256_castpd_si256(m);
    __m256i exponent = _mm256_sub_epi64(_mm256_srli_epi64(bits, 52), _mm256_set1_epi64x(1023));
    __m256i zero = _mm256_castpd_si256(_mm256_cmp_pd(m, _mm256_setzero_pd(), _CMP_EQ_OQ));
    bits = _mm256_and_si256(bits, _mm256_set1_epi64x(0xfffffffffffffLL));
    bits = _mm256_or_si256(bits, _mm256_set1_epi64x(0x3ff0000000000000LL));
    bits = _mm256_andnot_si256(zero, bits);
    x = blend(_mm256_add_epi64(x, exponent), _mm256_set1_epi64x(SILBE_SCALED_ZERO), zero);
    _mm256_storeu_pd(out_m, _mm256_castsi256_pd(bits));
    store_int(out_x, x);
}

TARGET static inline __m256d gather_m(silbe_scaled_row e, const int32_t *k)
{
    return _mm256_set_pd(e.m[k[3]], e.m[k[2]], e.m[k[1]], e.m[k[0]]);
}

TARGET static inline __m256i gather_x(silbe_scaled_row e, const int32_t *k)
{
    return _mm256_set_epi64x(e.x[k[3]], e.x[k[2]], e.x[k[1]], e.x[k[0]]);
}

TARGET static void mix_avx2(const silbe_scaled_row p[3], const silbe_scaled_row w[3],
                            silbe_scaled_row slow, silbe_scaled_row e, const int32_t *class_of,
                            size_t begin, size_t end, silbe_scaled_row out)
{
    silbe_scaled_row p0 = p[0], p1 = p[1], p2 = p[2], w0 = w[0], w1 = w[1], w2 = w[2];
    for (size_t s = begin; s < end; s += SILBE_TRELLIS_LANES) {
        __m256i a = _mm256_add_epi64(load_int(p0.x + s), load_int(w0.x + s));
        __m256i b = _mm256_add_epi64(load_int(p1.x + s), load_int(w1.x + s));
        __m256i c = _mm256_add_epi64(load_int(p2.x + s), load_int(w2.x + s));
        __m256i d = load_int(slow.x + s);
        __m256i x = larger(larger(a, b), larger(c, d));
        __m256d term_a = _mm256_mul_pd(_mm256_loadu_pd(p0.m + s), _mm256_loadu_pd(w0.m + s));
        __m256d term_b = _mm256_mul_pd(_mm256_loadu_pd(p1.m + s), _mm256_loadu_pd(w1.m + s));
        __m256d term_c = _mm256_mul_pd(_mm256_loadu_pd(p2.m + s), _mm256_loadu_pd(w2.m + s));
        __m256d term_d = _mm256_loadu_pd(slow.m + s);
        __m256d sum = _mm256_mul_pd(term_a, power(_mm256_sub_epi64(a, x)));
        sum = _mm256_add_pd(sum, _mm256_mul_pd(term_b, power(_mm256_sub_epi64(b, x))));
        sum = _mm256_add_pd(sum, _mm256_mul_pd(term_c, power(_mm256_sub_epi64(c, x))));
        sum = _mm256_add_pd(sum, _mm256_mul_pd(term_d, power(_mm256_sub_epi64(d, x))));
        if (e.m != NULL) {
            sum = _mm256_mul_pd(sum, gather_m(e, class_of + s));
            x = _mm256_add_epi64(x, gather_x(e, class_of + s));
        }
        store_normal(sum, x, out.m + s, out.x + s);
    }
}

TARGET static void meet_avx2(silbe_scaled_row alpha, silbe_scaled_row beta, silbe_scaled_row e,
                             const int32_t *class_of, double z_m, int64_t z_x, size_t begin,
                             size_t end, double *posterior, silbe_scaled_row out)
{
    __m256i one = _mm256_set1_epi64x(1);
    for (size_t s = begin; s < end; s += SILBE_TRELLIS_LANES) {
        __m256d b = _mm256_loadu_pd(beta.m + s);
        __m256i b_x = load_int(beta.x + s);
        __m256i x = _mm256_add_epi64(load_int(alpha.x + s), b_x);
        x = _mm256_sub_epi64(x, _mm256_set1_epi64x(z_x));
        x = blend(x, one, _mm256_cmpgt_epi64(x, one));
        __m256d p = _mm256_mul_pd(_mm256_loadu_pd(alpha.m + s), b);
        p = _mm256_div_pd(p, _mm256_set1_pd(z_m));
        __m256d by = _mm256_mul_pd(_mm256_set1_pd(2.0), power(_mm256_sub_epi64(x, one)));
        _mm256_storeu_pd(posterior + s, _mm256_mul_pd(p, by));
        store_normal(_mm256_mul_pd(b, gather_m(e, class_of + s)),
                     _mm256_add_epi64(b_x, gather_x(e, class_of + s)), out.m + s, out.x + s);
    }
}

#endif

silbe_trellis_loops silbe_trellis_choose_loops(bool portable)
{
    silbe_trellis_loops loops = {best_portable, mix_portable, meet_portable};
#ifdef SILBE_X86
    if (!portable && silbe_kernel_best() >= SILBE_KERNEL_AVX2) {
        loops = (silbe_trellis_loops){best_avx2, mix_avx2, meet_avx2};
    }
#else
    (void)portable;
#endif
    return loops;
}
