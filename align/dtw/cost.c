#include "align/dtw/cost.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_X86 1
#endif

silbe_status silbe_dtw_dense_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                  float *cost, silbe_err *err)
{
    const silbe_dtw_dense *dense = context;
    if (dense == NULL || dense->cost == NULL || m_end > dense->n_cols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW costs: matrix missing (NULL) or narrower than %zu columns", m_end);
    }
    memcpy(cost, dense->cost + n * dense->n_cols + m_begin, (m_end - m_begin) * sizeof *cost);
    return SILBE_OK;
}

void silbe_dtw_transpose(const float *in, size_t n_frames, size_t n_dims, float *out)
{
    for (size_t t = 0; t < n_frames; t++) {
        for (size_t d = 0; d < n_dims; d++) {
            out[d * n_frames + t] = in[t * n_dims + d];
        }
    }
}

typedef enum { COSINE, MANHATTAN, SQUARED } distance;

#if defined(__GNUC__)
/* Sixteen columns at a time; the compiler splits this into what the instruction set has. */
typedef float floats __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));

static inline __attribute__((always_inline)) void add_term(distance kind, float x, const float *y,
                                                           floats *sum)
{
    floats v;
    memcpy(&v, y, sizeof v);
    if (kind == COSINE) {
        *sum += x * v;
        return;
    }
    v = x - v;
    *sum += kind == SQUARED ? v * v : (floats)((ints)v & 0x7fffffff);
}

static inline __attribute__((always_inline)) void block(distance kind, const float *x,
                                                        const silbe_dtw_features *f, size_t m,
                                                        int n_vectors, float *cost)
{
    floats sum[4] = {{0}};
    for (size_t d = 0; d < f->n_dims; d++) {
        for (int v = 0; v < n_vectors; v++) {
            add_term(kind, x[d], f->y_t + d * f->n_cols + m + 16 * (size_t)v, &sum[v]);
        }
    }
    for (int v = 0; v < n_vectors; v++) {
        sum[v] = kind == COSINE ? 1.0f - sum[v] : sum[v];
        memcpy(cost + 16 * v, &sum[v], sizeof sum[v]);
    }
}
#endif

static float one(distance kind, const float *x, const silbe_dtw_features *f, size_t m)
{
    float sum = 0.0f;
    for (size_t d = 0; d < f->n_dims; d++) {
        float y = f->y_t[d * f->n_cols + m];
        float difference = x[d] - y;
        sum += kind == COSINE    ? x[d] * y
               : kind == SQUARED ? difference * difference
                                 : fabsf(difference);
    }
    return kind == COSINE ? 1.0f - sum : sum;
}

static inline __attribute__((always_inline)) void fill(distance kind, int n_vectors,
                                                       const silbe_dtw_features *f, size_t n,
                                                       size_t m_begin, size_t m_end, float *cost)
{
    const float *x = f->x + n * f->n_dims;
    size_t m = m_begin;
#if defined(__GNUC__)
    size_t wide = 16 * (size_t)n_vectors;
    for (; m + wide <= m_end; m += wide) {
        block(kind, x, f, m, n_vectors, cost + (m - m_begin));
    }
    for (; m + 16 <= m_end; m += 16) {
        block(kind, x, f, m, 1, cost + (m - m_begin));
    }
#endif
    for (; m < m_end; m++) {
        cost[m - m_begin] = one(kind, x, f, m);
    }
}

typedef void fill_fn(distance kind, const silbe_dtw_features *f, size_t n, size_t m_begin,
                     size_t m_end, float *cost);

static void fill_portable(distance kind, const silbe_dtw_features *f, size_t n, size_t m_begin,
                          size_t m_end, float *cost)
{
    if (kind == COSINE) {
        fill(COSINE, 1, f, n, m_begin, m_end, cost);
    } else if (kind == MANHATTAN) {
        fill(MANHATTAN, 1, f, n, m_begin, m_end, cost);
    } else {
        fill(SQUARED, 1, f, n, m_begin, m_end, cost);
    }
}

#ifdef HAS_X86
__attribute__((target("avx2"))) static void fill_avx2(distance kind, const silbe_dtw_features *f,
                                                      size_t n, size_t m_begin, size_t m_end,
                                                      float *cost)
{
    if (kind == COSINE) {
        fill(COSINE, 4, f, n, m_begin, m_end, cost);
    } else if (kind == MANHATTAN) {
        fill(MANHATTAN, 4, f, n, m_begin, m_end, cost);
    } else {
        fill(SQUARED, 4, f, n, m_begin, m_end, cost);
    }
}

__attribute__((target("avx512f"))) static void fill_avx512(distance kind,
                                                           const silbe_dtw_features *f, size_t n,
                                                           size_t m_begin, size_t m_end,
                                                           float *cost)
{
    if (kind == COSINE) {
        fill(COSINE, 4, f, n, m_begin, m_end, cost);
    } else if (kind == MANHATTAN) {
        fill(MANHATTAN, 4, f, n, m_begin, m_end, cost);
    } else {
        fill(SQUARED, 4, f, n, m_begin, m_end, cost);
    }
}
#endif

static fill_fn *choose(void)
{
#ifdef HAS_X86
    if (__builtin_cpu_supports("avx512f")) {
        return fill_avx512;
    }
    if (__builtin_cpu_supports("avx2")) {
        return fill_avx2;
    }
#endif
    return fill_portable;
}

static silbe_status feature_cost(distance kind, const void *context, size_t n, size_t m_begin,
                                 size_t m_end, float *cost, silbe_err *err)
{
    const silbe_dtw_features *f = context;
    if (f == NULL || f->x == NULL || f->y_t == NULL || m_end > f->n_cols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW costs: features missing (NULL) or fewer than %zu columns", m_end);
    }
    choose()(kind, f, n, m_begin, m_end, cost);
    return SILBE_OK;
}

silbe_status silbe_dtw_cosine_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                   float *cost, silbe_err *err)
{
    return feature_cost(COSINE, context, n, m_begin, m_end, cost, err);
}

silbe_status silbe_dtw_manhattan_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                      float *cost, silbe_err *err)
{
    return feature_cost(MANHATTAN, context, n, m_begin, m_end, cost, err);
}

silbe_status silbe_dtw_squared_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                    float *cost, silbe_err *err)
{
    return feature_cost(SQUARED, context, n, m_begin, m_end, cost, err);
}
