/* What a DTW is asked to do: arguments checked, rows cut into blocks, scratch carved. */
#include <math.h>
#include <string.h>

#include "align/base/arena.h"
#include "align/dtw/band.h"
#include "align/dtw/engine.h"

silbe_status silbe_dtw_problem_check(const silbe_dtw_problem *problem, silbe_err *err)
{
    if (problem == NULL || problem->cost == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: %s is missing (NULL)",
                          problem == NULL ? "the problem" : "the cost function");
    }
    if (problem->n_rows == 0 || problem->n_cols == 0) {
        return silbe_fail(
            err, SILBE_ERR_ARGUMENT,
            "DTW: both sequences need at least one frame, got %zu rows and %zu columns",
            problem->n_rows, problem->n_cols);
    }
    if (problem->n_rows > SIZE_MAX / 2 || problem->n_cols > SIZE_MAX / 2) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "DTW: %zu rows x %zu columns overflow size_t",
                          problem->n_rows, problem->n_cols);
    }
    if ((problem->lo == NULL) != (problem->hi == NULL)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW: a band needs both lo and hi, only %s is given",
                          problem->lo != NULL ? "lo" : "hi");
    }
    silbe_status status = silbe_path_steps_check(&problem->steps, err);
    if (status != SILBE_OK || problem->lo == NULL) {
        return status;
    }
    return silbe_dtw_band_check(problem->lo, problem->hi, problem->n_rows, problem->n_cols, err);
}

silbe_dtw_range silbe_dtw_window(const silbe_dtw_problem *problem, size_t n, size_t m_last)
{
    silbe_dtw_range range = {0, problem->n_cols};
    if (problem->lo != NULL) {
        range = (silbe_dtw_range){problem->lo[n], problem->hi[n]};
    }
    if (range.end > m_last + 1) {
        range.end = m_last + 1;
    }
    return range;
}

silbe_dtw_range silbe_dtw_window_union(const silbe_dtw_problem *problem, size_t n0, size_t n1,
                                       size_t m_last)
{
    silbe_dtw_range all = silbe_dtw_window(problem, n0, m_last);
    for (size_t n = n0 + 1; n < n1 && problem->lo != NULL; n++) {
        silbe_dtw_range range = silbe_dtw_window(problem, n, m_last);
        all.begin = range.begin < all.begin ? range.begin : all.begin;
        all.end = range.end > all.end ? range.end : all.end;
    }
    return all;
}

silbe_status silbe_dtw_fill(const silbe_dtw_problem *problem, size_t n, size_t m_begin,
                            size_t m_end, float *cost, silbe_err *err)
{
    silbe_status status = problem->cost(problem->context, n, m_begin, m_end, cost, err);
    if (status != SILBE_OK) {
        return status;
    }
    int n_bad = 0;
    for (size_t i = 0; i < m_end - m_begin; i++) {
        n_bad += !(cost[i] > -INFINITY); /* false for NaN, too */
    }
    if (n_bad == 0) {
        return SILBE_OK;
    }
    size_t i = 0;
    while (cost[i] > -INFINITY) {
        i++;
    }
    return silbe_fail(err, SILBE_ERR_DATA,
                      "DTW: cost of cell (%zu, %zu) is %s; it should be finite, or +INFINITY to "
                      "forbid the cell",
                      n, m_begin + i, isnan(cost[i]) ? "NaN" : "-INFINITY");
}

size_t silbe_dtw_unit_bytes(bool strips, size_t n_cols)
{
    return strips ? silbe_size_mul(silbe_size_add(n_cols, SILBE_DTW_LANES), 2 * sizeof(uint16_t))
                  : silbe_size_add(n_cols, 1) / 2;
}

/* Back-pointers of the largest block of `rows` rows. */
static size_t leaf_bytes(const silbe_dtw_problem *problem, const silbe_dtw_plan *plan, size_t rows)
{
    size_t unit = plan->unit_rows;
    if (problem->lo == NULL) {
        return silbe_size_mul(silbe_size_add(rows, unit - 1) / unit,
                              silbe_dtw_unit_bytes(plan->strips, problem->n_cols));
    }
    size_t most = 0;
    size_t bytes = 0;
    for (size_t n = plan->first_row; n < problem->n_rows; n += unit) {
        if ((n - plan->first_row) % rows == 0) {
            bytes = 0;
        }
        size_t end = n + unit < problem->n_rows ? n + unit : problem->n_rows;
        silbe_dtw_range range = silbe_dtw_window_union(problem, n, end, problem->n_cols - 1);
        bytes = silbe_size_add(bytes, silbe_dtw_unit_bytes(plan->strips, range.end - range.begin));
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* Fills strides and sizes for n_levels levels with about equal weight of checkpoints and leaf. */
static void cut_rows(const silbe_dtw_problem *problem, size_t n_levels, silbe_dtw_plan *plan)
{
    size_t rows = problem->n_rows - plan->first_row;
    size_t unit = plan->unit_rows;
    double back_bytes = plan->strips ? 0.25 : 0.5; /* per cell */
    double state_bytes = 8.0 * (double)plan->state_rows;
    double fan = ceil(pow((double)rows * back_bytes / state_bytes, 1.0 / (double)(n_levels + 1)));
    size_t fan_out = fan < 2.0 ? 2 : (size_t)fan;

    plan->n_levels = n_levels;
    size_t leaf = rows;
    for (size_t l = 0; l < n_levels; l++) {
        leaf = leaf / fan_out + (leaf % fan_out != 0);
    }
    leaf = leaf == 0 ? 1 : leaf;
    plan->stride[0] = n_levels == 0 ? leaf : (leaf + unit - 1) / unit * unit;
    plan->total_bytes = 0;
    size_t slot_bytes =
        silbe_size_mul(plan->state_rows, silbe_size_add(silbe_size_mul(plan->width, sizeof(double)),
                                                        sizeof(silbe_dtw_range)));
    for (size_t l = 0; l < n_levels; l++) {
        plan->stride[l + 1] =
            l + 1 == n_levels && rows > 0 ? rows : silbe_size_mul(plan->stride[l], fan_out);
        size_t blocks =
            plan->stride[l + 1] / plan->stride[l] + (plan->stride[l + 1] % plan->stride[l] != 0);
        plan->n_slots[l] = blocks > 0 ? blocks - 1 : 0;
        plan->total_bytes =
            silbe_size_add(plan->total_bytes, silbe_size_mul(plan->n_slots[l], slot_bytes));
    }
    plan->leaf_units = (plan->stride[0] + unit - 1) / unit;
    plan->leaf_bytes = leaf_bytes(problem, plan, plan->stride[0]);
    plan->total_bytes = silbe_size_add(plan->total_bytes, plan->leaf_bytes);
    plan->total_bytes =
        silbe_size_add(plan->total_bytes, silbe_size_mul(plan->leaf_units, 2 * sizeof(size_t)));
}

silbe_status silbe_dtw_plan_init(const silbe_dtw_problem *problem, const silbe_dtw_options *options,
                                 silbe_dtw_plan *plan, silbe_err *err)
{
    const size_t mib = 1024 * 1024;
    silbe_dtw_strip_fn *strip;
    silbe_dtw_relax_fn *relax;

    memset(plan, 0, sizeof *plan);
    silbe_status status =
        silbe_dtw_choose_kernel(problem, options != NULL ? options->kernel : SILBE_KERNEL_AUTO,
                                &plan->strips, &strip, &relax, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t max_dn = silbe_path_steps_max_dn(&problem->steps);
    plan->first_row = plan->strips ? 1 : 0;
    plan->unit_rows = plan->strips ? SILBE_DTW_LANES : 1;
    plan->state_rows = plan->strips || max_dn == 0 ? 1 : max_dn;
    plan->width = problem->lo == NULL ? problem->n_cols : 0;
    for (size_t n = 0; problem->lo != NULL && n < problem->n_rows; n++) {
        size_t width = problem->hi[n] - problem->lo[n];
        plan->width = width > plan->width ? width : plan->width;
    }

    size_t budget = options != NULL ? options->max_bytes : 0;
    if (budget == 0) {
        budget =
            silbe_size_add(silbe_size_mul(384, plan->width), silbe_size_mul(64, problem->n_rows));
        budget = budget < mib ? mib : budget;
    }
    silbe_dtw_plan best;
    for (size_t levels = 0; levels <= SILBE_DTW_MAX_DEPTH; levels++) {
        cut_rows(problem, levels, plan);
        if (levels == 0 || plan->total_bytes < best.total_bytes) {
            best = *plan;
        }
        if (best.total_bytes <= budget) {
            break;
        }
    }
    *plan = best;
    return SILBE_OK;
}

size_t silbe_dtw_carve(struct silbe_dtw *dtw, void *scratch)
{
    const silbe_dtw_plan *plan = &dtw->plan;
    size_t n_cols = dtw->problem.n_cols;
    silbe_arena arena = silbe_arena_at(scratch);

    (void)silbe_arena_take(&arena, 1, sizeof *dtw); /* dtw itself is at its front */
    dtw->n_ring = plan->strips ? 1 : plan->state_rows + 1;
    dtw->row_stride = silbe_size_add(n_cols, 2 * SILBE_DTW_PAD);
    size_t ring_size = silbe_size_mul(dtw->n_ring, dtw->row_stride);
    dtw->ring = silbe_arena_take(&arena, ring_size, sizeof(double));
    dtw->ring_range = silbe_arena_take(&arena, dtw->n_ring, sizeof(silbe_dtw_range));
    dtw->cost_ring =
        silbe_arena_take(&arena, dtw->problem.steps.add_skipped ? ring_size : 0, sizeof(float));
    dtw->last_row = silbe_arena_take(&arena, n_cols, sizeof(double));

    size_t padded = SILBE_DTW_SEGMENT + 2 * SILBE_DTW_PAD;
    dtw->row_costs =
        silbe_arena_take(&arena, plan->strips ? SILBE_DTW_LANES * padded : padded, sizeof(float));
    dtw->skewed =
        silbe_arena_take(&arena, plan->strips ? padded * SILBE_DTW_LANES : 0, sizeof(float));
    dtw->sums = silbe_arena_take(&arena, plan->strips ? 0 : SILBE_DTW_SEGMENT, sizeof(double));
    dtw->best_step =
        silbe_arena_take(&arena, plan->strips ? 0 : SILBE_DTW_SEGMENT, sizeof(int64_t));

    for (size_t l = 0; l < plan->n_levels; l++) {
        size_t n = silbe_size_mul(plan->n_slots[l], plan->state_rows);
        dtw->slots[l] = silbe_arena_take(&arena, silbe_size_mul(n, plan->width), sizeof(double));
        dtw->slot_ranges[l] = silbe_arena_take(&arena, n, sizeof(silbe_dtw_range));
    }
    dtw->back = silbe_arena_take(&arena, plan->leaf_bytes, 1);
    dtw->unit_offset = silbe_arena_take(&arena, plan->leaf_units, sizeof(size_t));
    dtw->unit_begin = silbe_arena_take(&arena, plan->leaf_units, sizeof(size_t));
    return arena.used;
}
