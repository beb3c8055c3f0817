/*
 * Costs of a row of cells with vectors of one size. cost.c includes this once for each instruction
 * set, with
 *     BLOCK_NAME   name of the function
 *     BLOCK_TARGET attribute that allows the instructions, may be empty
 *     BLOCK_WIDTH  floats per vector: what one register holds (wider vectors compile to very slow
 *                  code)
 *     BLOCK_COUNT  vectors at a time: as many sums as stay in registers
 * The same operations in the same order for each cell in all of them, so the same bits.
 */
#define BLOCK_PASTE(a, b) a##b
#define BLOCK_JOIN(a, b) BLOCK_PASTE(a, b)
#define BLOCK_FLOATS BLOCK_JOIN(BLOCK_NAME, _floats)
#define BLOCK_INTS BLOCK_JOIN(BLOCK_NAME, _ints)
#define BLOCK_OF_KIND BLOCK_JOIN(BLOCK_NAME, _of_kind)
#define BLOCK_SPAN BLOCK_JOIN(BLOCK_NAME, _span)

typedef float BLOCK_FLOATS __attribute__((vector_size(4 * BLOCK_WIDTH)));
typedef int32_t BLOCK_INTS __attribute__((vector_size(4 * BLOCK_WIDTH)));

/* n_vectors (a constant) vectors of costs of the columns from m on. */
BLOCK_TARGET static inline __attribute__((always_inline)) void
BLOCK_SPAN(distance kind, const silbe_dtw_features *f, const float *x, size_t m, size_t n_vectors,
           float *cost)
{
    BLOCK_FLOATS sum[BLOCK_COUNT] = {{0}};
    for (size_t d = 0; d < f->n_dims; d++) {
        const float *y = f->y_t + d * f->n_cols + m;
#pragma GCC unroll 8
        for (size_t v = 0; v < n_vectors; v++) {
            BLOCK_FLOATS value;
            memcpy(&value, y + v * BLOCK_WIDTH, sizeof value);
            BLOCK_FLOATS difference = x[d] - value;
            sum[v] += kind == COSINE    ? x[d] * value
                      : kind == SQUARED ? difference * difference
                                        : (BLOCK_FLOATS)((BLOCK_INTS)difference & 0x7fffffff);
        }
    }
#pragma GCC unroll 8
    for (size_t v = 0; v < n_vectors; v++) {
        BLOCK_FLOATS value = kind == COSINE ? 1.0f - sum[v] : sum[v];
        memcpy(cost + v * BLOCK_WIDTH, &value, sizeof value);
    }
}

BLOCK_TARGET static inline __attribute__((always_inline)) void
BLOCK_OF_KIND(distance kind, const silbe_dtw_features *f, size_t n, size_t m_begin, size_t m_end,
              float *cost)
{
    const size_t at_once = (size_t)BLOCK_WIDTH * BLOCK_COUNT;
    const float *x = f->x + n * f->n_dims;
    size_t m = m_begin;
    for (; m + at_once <= m_end; m += at_once) {
        BLOCK_SPAN(kind, f, x, m, BLOCK_COUNT, cost + (m - m_begin));
    }
    for (; m + BLOCK_WIDTH <= m_end; m += BLOCK_WIDTH) {
        BLOCK_SPAN(kind, f, x, m, 1, cost + (m - m_begin));
    }
    if (m < m_end &&
        m_end - m_begin >= BLOCK_WIDTH) { /* the last vector, partly for a second time */
        m = m_end - BLOCK_WIDTH;
        BLOCK_SPAN(kind, f, x, m, 1, cost + (m - m_begin));
        m = m_end;
    }
    for (; m < m_end; m++) {
        cost[m - m_begin] = one_cost(kind, x, f, m);
    }
}

BLOCK_TARGET static void BLOCK_NAME(distance kind, const silbe_dtw_features *f, size_t n,
                                    size_t m_begin, size_t m_end, float *cost)
{
    if (kind == COSINE) {
        BLOCK_OF_KIND(COSINE, f, n, m_begin, m_end, cost);
    } else if (kind == MANHATTAN) {
        BLOCK_OF_KIND(MANHATTAN, f, n, m_begin, m_end, cost);
    } else {
        BLOCK_OF_KIND(SQUARED, f, n, m_begin, m_end, cost);
    }
}

#undef BLOCK_PASTE
#undef BLOCK_JOIN
#undef BLOCK_FLOATS
#undef BLOCK_INTS
#undef BLOCK_OF_KIND
#undef BLOCK_SPAN
#undef BLOCK_NAME
#undef BLOCK_TARGET
#undef BLOCK_WIDTH
#undef BLOCK_COUNT
