/* Any steps, row by row. */
#include <math.h>
#include <string.h>

#include "align/dtw/engine.h"

/* best[i] = min(best[i], value[i]) with the step that it came by; what was there wins ties. */
static inline __attribute__((always_inline)) void take_less(const double *value, int64_t step,
                                                            size_t n, double *restrict best,
                                                            int64_t *restrict best_step)
{
    for (size_t i = 0; i < n; i++) {
        double kept = best[i];
        int64_t kept_step = best_step[i];
        best_step[i] = value[i] < kept ? step : kept_step;
        best[i] = value[i] < kept ? value[i] : kept;
    }
}

static inline __attribute__((always_inline)) void relax(const double *from, const double *sum,
                                                        double weight, double penalty, int64_t step,
                                                        size_t n, double *restrict best,
                                                        int64_t *restrict best_step)
{
    if (from == NULL) {
        take_less(sum, step, n, best, best_step);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double value = from[i] + (weight * sum[i] + penalty);
        double kept = best[i];
        int64_t kept_step = best_step[i];
        best_step[i] = value < kept ? step : kept_step;
        best[i] = value < kept ? value : kept;
    }
}

void silbe_dtw_relax_portable(const double *from, const double *sum, double weight, double penalty,
                              int64_t step, size_t n, double *best, int64_t *best_step)
{
    relax(from, sum, weight, penalty, step, n, best, best_step);
}

#ifdef SILBE_X86
__attribute__((target("avx2"))) void silbe_dtw_relax_avx2(const double *from, const double *sum,
                                                          double weight, double penalty,
                                                          int64_t step, size_t n, double *best,
                                                          int64_t *best_step)
{
    relax(from, sum, weight, penalty, step, n, best, best_step);
}

__attribute__((target("avx512f"))) void
silbe_dtw_relax_avx512(const double *from, const double *sum, double weight, double penalty,
                       int64_t step, size_t n, double *best, int64_t *best_step)
{
    relax(from, sum, weight, penalty, step, n, best, best_step);
}
#endif

/* sums[i] = S of the step at (n, begin + i): its cell's cost and those of the cells jumped over. */
static void sum_costs(const struct silbe_dtw *dtw, const silbe_path_step *step, size_t n,
                      size_t begin, size_t end, const float *cost, double *sums)
{
    for (size_t i = 0; i < end - begin; i++) {
        sums[i] = (double)cost[i];
    }
    int longest = step->dn > step->dm ? step->dn : step->dm;
    for (int s = 1; s < longest && dtw->problem.steps.add_skipped; s++) {
        size_t back_n = (size_t)(s * step->dn / longest);
        size_t back_m = (size_t)(s * step->dm / longest);
        if (n < back_n) {
            for (size_t i = 0; i < end - begin; i++) {
                sums[i] = INFINITY;
            }
            return;
        }
        const float *skipped = silbe_dtw_cost_row(dtw, n - back_n) + begin - back_m;
        for (size_t i = 0; i < end - begin; i++) {
            sums[i] += (double)skipped[i];
        }
    }
}

/*
 * A step inside the row depends on the cell before: one cell after the other. The chain does
 * nothing but add and take the minimum (written so that it compiles without branches: which value
 * is less cannot be foretold); who has won is found out afterwards, all cells at once.
 */
static void relax_by_column(const struct silbe_dtw *dtw, size_t index, size_t n,
                            double *restrict best, int64_t *restrict best_step)
{
    const silbe_path_step *step = &dtw->problem.steps.steps[index];
    bool is_last = index + 1 == dtw->problem.steps.n_steps;
    double *sums = dtw->sums;

    for (size_t i = 0; i < n; i++) {
        sums[i] = step->weight * sums[i] + step->penalty;
    }
    double left = *(best - 1);
    for (size_t i = 0; i < n; i++) {
        double by_step = left + sums[i];
        sums[i] = by_step;
        left = by_step < best[i] ? by_step : best[i];
    }
    for (size_t i = 0; i < n && !is_last; i++) { /* ties against steps with a higher index */
        bool wins_tie = sums[i] == best[i] && (int64_t)index < best_step[i];
        best_step[i] = wins_tie ? (int64_t)index : best_step[i];
    }
    dtw->relax(NULL, sums, 0.0, 0.0, (int64_t)index, n, best, best_step);
}

/* The same for a single cell and any step. */
static void relax_cell(const silbe_path_step *step, int64_t index, double sum, double *best,
                       int64_t *best_step)
{
    double by_step = *(best - step->dm) + (step->weight * sum + step->penalty);
    if (by_step < *best || (by_step == *best && index < *best_step)) {
        *best = by_step;
        *best_step = index;
    }
}

/* Several steps inside the row must see each cell's final value, so the cell is the outer loop. */
static void relax_cell_by_cell(const struct silbe_dtw *dtw, size_t n, size_t begin, size_t end,
                               const float *cost, double *best, int64_t *best_step)
{
    const silbe_path_steps *steps = &dtw->problem.steps;
    for (size_t m = begin; m < end; m++) {
        size_t i = m - begin;
        for (size_t k = 0; k < steps->n_steps; k++) {
            if (steps->steps[k].dn == 0) {
                double sum;
                sum_costs(dtw, &steps->steps[k], n, m, m + 1, cost + i, &sum);
                relax_cell(&steps->steps[k], (int64_t)k, sum, best + i, best_step + i);
            }
        }
    }
}

static void fill_segment(struct silbe_dtw *dtw, size_t n, size_t begin, size_t end,
                         const float *cost, double *best)
{
    const silbe_path_steps *steps = &dtw->problem.steps;
    bool start_free = dtw->problem.start_free;
    size_t n_inside = 0; /* steps with dn = 0, and the last of them */
    size_t inside = 0;

    for (size_t i = 0; i < end - begin; i++) {
        bool is_start = n == 0 && (start_free || begin + i == 0);
        best[i] = is_start ? (double)cost[i] : INFINITY;
        dtw->best_step[i] = 0;
    }
    if (n == 0 && start_free) {
        return;
    }
    /* Without skipped cells S is the same for all steps. */
    sum_costs(dtw, &steps->steps[0], n, begin, end, cost, dtw->sums);
    for (size_t k = 0; k < steps->n_steps; k++) {
        const silbe_path_step *step = &steps->steps[k];
        if (step->dn == 0) {
            n_inside++;
            inside = k;
        } else if ((size_t)step->dn <= n) {
            if (steps->add_skipped) {
                sum_costs(dtw, step, n, begin, end, cost, dtw->sums);
            }
            const double *from = silbe_dtw_row(dtw, n - (size_t)step->dn) + begin - step->dm;
            dtw->relax(from, dtw->sums, step->weight, step->penalty, (int64_t)k, end - begin, best,
                       dtw->best_step);
        }
    }
    if (n_inside == 1 && steps->steps[inside].dm == 1) {
        if (steps->add_skipped) {
            sum_costs(dtw, &steps->steps[inside], n, begin, end, cost, dtw->sums);
        }
        relax_by_column(dtw, inside, end - begin, best, dtw->best_step);
    } else if (n_inside > 0) {
        relax_cell_by_cell(dtw, n, begin, end, cost, best, dtw->best_step);
    }
}

silbe_status silbe_dtw_row_unit(struct silbe_dtw *dtw, size_t n, size_t m_last, uint8_t *back,
                                silbe_dtw_range *range, silbe_err *err)
{
    silbe_dtw_range window = silbe_dtw_window(&dtw->problem, n, m_last);
    bool add_skipped = dtw->problem.steps.add_skipped;
    *range = window;
    if (add_skipped) {
        silbe_dtw_range held = dtw->ring_range[n % dtw->n_ring];
        float *costs = silbe_dtw_cost_row(dtw, n);
        for (size_t m = held.begin; m < held.end; m++) {
            costs[m] = INFINITY;
        }
    }
    silbe_dtw_row_commit(dtw, n, window);
    for (size_t begin = window.begin; begin < window.end; begin += SILBE_DTW_SEGMENT) {
        size_t end =
            begin + SILBE_DTW_SEGMENT < window.end ? begin + SILBE_DTW_SEGMENT : window.end;
        float *cost = add_skipped ? silbe_dtw_cost_row(dtw, n) + begin : dtw->row_costs;
        silbe_status status = silbe_dtw_fill(&dtw->problem, n, begin, end, cost, err);
        if (status != SILBE_OK) {
            return status;
        }
        fill_segment(dtw, n, begin, end, cost, silbe_dtw_row(dtw, n) + begin);
        if (back != NULL) { /* two cells a byte; segments are even, so no byte is shared */
            uint8_t *out = back + (begin - window.begin) / 2;
            for (size_t i = 0; i < end - begin; i += 2) {
                unsigned low = (unsigned)dtw->best_step[i];
                unsigned high = i + 1 < end - begin ? (unsigned)dtw->best_step[i + 1] : 0;
                out[i / 2] = (uint8_t)(low | high << 4);
            }
        }
    }
    return SILBE_OK;
}
