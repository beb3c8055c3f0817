/* Classical steps, 16 rows at a time along anti-diagonals: costs into lanes, lanes into the kernel.
 */
#include <math.h>
#include <string.h>

#include "align/dtw/engine.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

enum {
    ROW_STRIDE = SILBE_DTW_SEGMENT + 2 * SILBE_DTW_PAD, /* floats per row of row_costs */
};

/*
 * skewed[t * 16 + 15 - i] = cost of row n0 + i, column (begin + t - i): costs[i * ROW_STRIDE + PAD
 * + t - i], where the PAD columns in front are those of the segment before. May go on to the next
 * multiple of four times.
 */
#if defined(__SSE2__)
static void skew(const float *costs, size_t n_times, float *skewed)
{
    for (size_t t = 0; t < n_times; t += 4) {
        for (size_t lane = 0; lane < SILBE_DTW_LANES; lane += 4) {
            size_t i = SILBE_DTW_LANES - 1 - lane; /* row of the first of four lanes */
            const float *from = costs + i * ROW_STRIDE + SILBE_DTW_PAD + t - i;
            __m128 a = _mm_loadu_ps(from);
            __m128 b = _mm_loadu_ps(from - ROW_STRIDE + 1);
            __m128 c = _mm_loadu_ps(from - 2 * (ROW_STRIDE - 1));
            __m128 d = _mm_loadu_ps(from - 3 * (ROW_STRIDE - 1));
            _MM_TRANSPOSE4_PS(a, b, c, d);
            float *to = skewed + t * SILBE_DTW_LANES + lane;
            _mm_storeu_ps(to, a);
            _mm_storeu_ps(to + SILBE_DTW_LANES, b);
            _mm_storeu_ps(to + 2 * SILBE_DTW_LANES, c);
            _mm_storeu_ps(to + 3 * SILBE_DTW_LANES, d);
        }
    }
}
#else
static void skew(const float *costs, size_t n_times, float *skewed)
{
    for (size_t i = 0; i < SILBE_DTW_LANES; i++) {
        const float *from = costs + i * ROW_STRIDE + SILBE_DTW_PAD - i;
        for (size_t t = 0; t < n_times; t++) {
            skewed[t * SILBE_DTW_LANES + SILBE_DTW_LANES - 1 - i] = from[t];
        }
    }
}
#endif

/* Costs of columns [begin, end) of one row of the strip, INFINITY outside its window. */
static silbe_status fill_row(const struct silbe_dtw *dtw, size_t n, size_t m_last, size_t begin,
                             size_t end, float *out, silbe_err *err)
{
    silbe_dtw_range window = silbe_dtw_window(&dtw->problem, n, m_last);
    size_t from = window.begin > begin ? window.begin : begin;
    size_t to = window.end < end ? window.end : end;
    if (from >= to) {
        from = to = begin;
    }
    for (size_t m = begin; m < from; m++) {
        out[m - begin] = INFINITY;
    }
    for (size_t m = to; m < end; m++) {
        out[m - begin] = INFINITY;
    }
    if (from == to) {
        return SILBE_OK;
    }
    return silbe_dtw_fill(&dtw->problem, n, from, to, out + (from - begin), err);
}

static void start_lanes(const struct silbe_dtw *dtw, double above_left, silbe_dtw_lanes *lanes)
{
    lanes->has_penalty = false;
    for (size_t k = 0; k < 3; k++) {
        lanes->weight[k] = dtw->problem.steps.steps[k].weight;
        lanes->penalty[k] = dtw->problem.steps.steps[k].penalty;
        lanes->has_penalty = lanes->has_penalty || lanes->penalty[k] != 0.0;
    }
    for (size_t i = 0; i < SILBE_DTW_LANES; i++) {
        lanes->left[i] = INFINITY;
        lanes->diag[i] = INFINITY;
    }
    lanes->diag[SILBE_DTW_LANES - 1] = above_left;
}

silbe_status silbe_dtw_strip_unit(struct silbe_dtw *dtw, size_t n0, size_t n1, size_t m_last,
                                  uint8_t *back, silbe_dtw_range *range, silbe_err *err)
{
    silbe_dtw_range all = silbe_dtw_window_union(&dtw->problem, n0, n1, m_last);
    *range = all;
    if (all.begin >= all.end) {
        silbe_dtw_row_commit(dtw, n0, all);
        return SILBE_OK;
    }
    size_t n_rows = n1 - n0;
    size_t out_lane = SILBE_DTW_LANES - n_rows;
    silbe_dtw_strip_fn *kernel = out_lane == 0 ? dtw->strip : silbe_dtw_strip_portable;
    double *row = silbe_dtw_row(dtw, n0);
    float *costs = dtw->row_costs;
    uint16_t *words = (uint16_t *)(void *)back;
    silbe_dtw_lanes lanes;

    start_lanes(dtw, *(row + all.begin - 1), &lanes);
    for (size_t i = 0; i < SILBE_DTW_LANES; i++) {
        size_t n_outside = i < n_rows ? SILBE_DTW_PAD : ROW_STRIDE;
        for (size_t c = 0; c < n_outside; c++) {
            costs[i * ROW_STRIDE + c] = INFINITY;
        }
    }
    /* The last row is n_rows - 1 anti-diagonals behind the first. */
    size_t last = all.end + n_rows - 1;
    for (size_t begin = all.begin; begin < last; begin += SILBE_DTW_SEGMENT) {
        size_t end = begin + SILBE_DTW_SEGMENT < last ? begin + SILBE_DTW_SEGMENT : last;
        size_t n_times = end - begin;
        for (size_t i = 0; i < n_rows; i++) {
            silbe_status status = fill_row(dtw, n0 + i, m_last, begin, end,
                                           costs + i * ROW_STRIDE + SILBE_DTW_PAD, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
        skew(costs, n_times, dtw->skewed);
        kernel(&lanes, dtw->skewed, n_times, row + begin, out_lane, words);
        words = words == NULL ? NULL : words + 2 * n_times;
        for (size_t i = 0; i < n_rows; i++) {
            float *front = costs + i * ROW_STRIDE;
            memmove(front, front + n_times, SILBE_DTW_PAD * sizeof *front);
        }
    }
    silbe_dtw_row_commit(dtw, n0, all);
    return SILBE_OK;
}
