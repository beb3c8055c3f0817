#include "align/dtw/cost.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "align/base/cpu.h"

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

static float one_cost(distance kind, const float *x, const silbe_dtw_features *f, size_t m)
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

typedef void fill_fn(distance kind, const silbe_dtw_features *f, size_t n, size_t m_begin,
                     size_t m_end, float *cost);

#if defined(__GNUC__)
#define BLOCK_NAME fill_portable /* SSE2, NEON */
#define BLOCK_TARGET
#define BLOCK_WIDTH 4
#define BLOCK_COUNT 8
#include "align/dtw/cost_block.h"
#else
static void fill_portable(distance kind, const silbe_dtw_features *f, size_t n, size_t m_begin,
                          size_t m_end, float *cost)
{
    for (size_t m = m_begin; m < m_end; m++) {
        cost[m - m_begin] = one_cost(kind, f->x + n * f->n_dims, f, m);
    }
}
#endif

#ifdef SILBE_X86
#define BLOCK_NAME fill_avx2
#define BLOCK_TARGET __attribute__((target("avx2")))
#define BLOCK_WIDTH 8
#define BLOCK_COUNT 8
#include "align/dtw/cost_block.h"

#define BLOCK_NAME fill_avx512
#define BLOCK_TARGET __attribute__((target("avx512f")))
#define BLOCK_WIDTH 16
#define BLOCK_COUNT 4
#include "align/dtw/cost_block.h"
#endif

static fill_fn *choose(void)
{
#ifdef SILBE_X86
    switch (silbe_kernel_best()) {
    case SILBE_KERNEL_AVX512:
        return fill_avx512;
    case SILBE_KERNEL_AVX2:
        return fill_avx2;
    default:
        break;
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
