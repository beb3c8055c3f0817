/* The public face of DTW: sizes, the forward pass, and both passes in one call. */
#include "align/dtw/dtw.h"

#include <math.h>
#include <string.h>

#include "align/base/arena.h"
#include "align/dtw/engine.h"

silbe_status silbe_dtw_scratch_size(const silbe_dtw_problem *problem,
                                    const silbe_dtw_options *options, size_t *bytes, silbe_err *err)
{
    struct silbe_dtw dtw = {0};
    if (bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW scratch size: nowhere to put it (NULL)");
    }
    silbe_status status = silbe_dtw_problem_check(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    dtw.problem = *problem;
    status = silbe_dtw_plan_init(problem, options, &dtw.plan, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t used = silbe_dtw_carve(&dtw, NULL);
    if (used == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "DTW: scratch for %zu rows x %zu columns overflows size_t",
                          problem->n_rows, problem->n_cols);
    }
    *bytes = used;
    return SILBE_OK;
}

size_t silbe_dtw_path_capacity(const silbe_dtw_problem *problem)
{
    return problem->n_rows + problem->n_cols - 1;
}

/* Lays out the scratch; *dtw lies at its first aligned byte. */
static silbe_status set_up(const silbe_dtw_problem *problem, const silbe_dtw_options *options,
                           void *scratch, size_t scratch_bytes, silbe_dtw **dtw, silbe_err *err)
{
    size_t bytes = 0;
    silbe_status status = silbe_dtw_scratch_size(problem, options, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: scratch should be %zu bytes, got %zu%s",
                          bytes, scratch_bytes, scratch == NULL ? " (NULL)" : "");
    }
    silbe_arena arena = silbe_arena_at(scratch);
    struct silbe_dtw *d = silbe_arena_take(&arena, 1, sizeof *d);
    memset(d, 0, sizeof *d);
    d->problem = *problem;
    status = silbe_dtw_plan_init(problem, options, &d->plan, err);
    if (status != SILBE_OK) {
        return status;
    }
    bool strips;
    status = silbe_dtw_choose_kernel(problem, options != NULL ? options->kernel : SILBE_KERNEL_AUTO,
                                     &strips, &d->strip, &d->relax, err);
    if (status != SILBE_OK) {
        return status;
    }
    (void)silbe_dtw_carve(d, scratch);
    *dtw = d;
    return SILBE_OK;
}

/* All rows once; with checkpoints, or with back-pointers where all of them fit. */
static silbe_status fill_all(struct silbe_dtw *dtw, bool trace_later, silbe_err *err)
{
    const silbe_dtw_plan *plan = &dtw->plan;
    size_t n_rows = dtw->problem.n_rows;
    size_t m_last = dtw->problem.n_cols - 1;
    silbe_status status = silbe_dtw_state_init(dtw, m_last, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (plan->n_levels == 0 || !trace_later) {
        return silbe_dtw_fill_rows(dtw, plan->first_row, n_rows, m_last, trace_later, true, err);
    }
    size_t top = plan->n_levels - 1;
    size_t stride = plan->stride[top];
    for (size_t n = plan->first_row, b = 0; n < n_rows; n += stride, b++) {
        if (b > 0) {
            silbe_dtw_state_save(dtw, top, b - 1, n);
        }
        size_t end = n_rows - n < stride ? n_rows : n + stride;
        status = silbe_dtw_fill_rows(dtw, n, end, m_last, false, true, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status forward(const silbe_dtw_problem *problem, const silbe_dtw_options *options,
                            void *scratch, size_t scratch_bytes, bool trace_later, silbe_dtw **dtw,
                            silbe_err *err)
{
    silbe_status status = set_up(problem, options, scratch, scratch_bytes, dtw, err);
    if (status != SILBE_OK) {
        return status;
    }
    status = fill_all(*dtw, trace_later, err);
    if (status != SILBE_OK) {
        return status;
    }
    memcpy((*dtw)->last_row, silbe_dtw_row(*dtw, problem->n_rows - 1),
           problem->n_cols * sizeof(double));
    return SILBE_OK;
}

silbe_status silbe_dtw_forward(const silbe_dtw_problem *problem, const silbe_dtw_options *options,
                               void *scratch, size_t scratch_bytes, silbe_dtw **dtw, silbe_err *err)
{
    if (dtw == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW forward: nowhere to put the handle (NULL)");
    }
    return forward(problem, options, scratch, scratch_bytes, true, dtw, err);
}

const double *silbe_dtw_last_row(const silbe_dtw *dtw)
{
    return dtw->last_row;
}

silbe_status silbe_dtw_run(const silbe_dtw_problem *problem, const silbe_dtw_options *options,
                           void *scratch, size_t scratch_bytes, silbe_path_point *path,
                           size_t path_capacity, silbe_dtw_result *result, silbe_err *err)
{
    silbe_dtw *dtw = NULL;
    if (result == NULL || (path == NULL && path_capacity > 0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: %s is missing (NULL)",
                          result == NULL ? "the result" : "the path");
    }
    silbe_status status =
        forward(problem, options, scratch, scratch_bytes, path != NULL, &dtw, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t end_m = problem->n_cols - 1;
    if (problem->end_free) {
        end_m = 0;
        for (size_t m = 1; m < problem->n_cols; m++) {
            end_m = dtw->last_row[m] < dtw->last_row[end_m] ? m : end_m;
        }
    }
    if (path != NULL) {
        return silbe_dtw_trace(dtw, end_m, path, path_capacity, result, err);
    }
    if (!(dtw->last_row[end_m] < INFINITY)) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "DTW: no path of finite cost ends in cell (%zu, %zu)",
                          problem->n_rows - 1, end_m);
    }
    *result = (silbe_dtw_result){.cost = dtw->last_row[end_m]};
    return SILBE_OK;
}

size_t silbe_dtw_pick_ends(const double *last_row, size_t n_cols, size_t exclusion_cols,
                           double max_cost, size_t *ends, size_t max_ends)
{
    size_t n_ends = 0;
    while (n_ends < max_ends) {
        size_t best = n_cols;
        for (size_t m = 0; m < n_cols; m++) {
            bool free = last_row[m] < INFINITY && last_row[m] <= max_cost &&
                        (best == n_cols || last_row[m] < last_row[best]);
            for (size_t e = 0; free && e < n_ends; e++) {
                size_t distance = m > ends[e] ? m - ends[e] : ends[e] - m;
                free = distance > exclusion_cols;
            }
            best = free ? m : best;
        }
        if (best == n_cols) {
            break;
        }
        ends[n_ends++] = best;
    }
    return n_ends;
}
