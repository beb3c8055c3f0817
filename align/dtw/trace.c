/* The way back: block after block from the last, each filled again from its checkpoint. */
#include <math.h>
#include <string.h>

#include "align/dtw/engine.h"

/* The path grows from the end of the caller's array to its front. */
typedef struct {
    struct silbe_dtw *dtw;
    silbe_path_point at; /* the cell in hand, not yet written */
    bool done;           /* the start has been written */
    silbe_path_point *path;
    size_t capacity;
    size_t length;
    silbe_dtw_result *result;
} tracer;

static void touch(tracer *t)
{
    const silbe_dtw_problem *problem = &t->dtw->problem;
    if (problem->lo == NULL) {
        return;
    }
    size_t n = t->at.n;
    if ((t->at.m == problem->lo[n] && problem->lo[n] > 0) ||
        (t->at.m + 1 == problem->hi[n] && problem->hi[n] < problem->n_cols)) {
        t->result->n_edge_cells++;
        t->result->first_edge_row = n; /* the last one written is the first of the path */
    }
}

static silbe_status put(tracer *t, silbe_err *err)
{
    if (t->length == t->capacity) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW: the path needs more than the %zu cells it was given; "
                          "silbe_dtw_path_capacity is always enough",
                          t->capacity);
    }
    touch(t);
    t->length++;
    t->path[t->capacity - t->length] = t->at;
    return SILBE_OK;
}

static size_t step_into(const struct silbe_dtw *dtw, silbe_path_point at)
{
    size_t unit = (at.n - dtw->leaf_row) / dtw->plan.unit_rows;
    const uint8_t *back = dtw->back + dtw->unit_offset[unit];
    size_t column = at.m - dtw->unit_begin[unit];
    if (!dtw->plan.strips) {
        return column % 2 == 0 ? back[column / 2] & 15U : (unsigned)back[column / 2] >> 4;
    }
    size_t i = (at.n - dtw->leaf_row) % SILBE_DTW_LANES;
    const uint16_t *words = (const uint16_t *)(const void *)back + 2 * (column + i);
    unsigned bit = (unsigned)(SILBE_DTW_LANES - 1 - i);
    return words[1] >> bit & 1U ? 2 : words[0] >> bit & 1U;
}

/* Follows back-pointers while the cell lies in row n0 or below. */
static silbe_status walk(tracer *t, size_t n0, silbe_err *err)
{
    const silbe_dtw_problem *problem = &t->dtw->problem;
    while (!t->done && t->at.n >= n0) {
        silbe_status status = put(t, err);
        if (status != SILBE_OK) {
            return status;
        }
        if (t->at.n == 0 && (problem->start_free || t->at.m == 0)) {
            t->done = true;
            break;
        }
        /* Row 0 of the strips has no back-pointers: only (0,1) can have led there. */
        size_t k = t->at.n < t->dtw->plan.first_row ? 2 : step_into(t->dtw, t->at);
        size_t dn = (size_t)problem->steps.steps[k].dn;
        size_t dm = (size_t)problem->steps.steps[k].dm;
        if (dn > t->at.n || dm > t->at.m) {
            return silbe_fail(
                err, SILBE_ERR_DATA,
                "DTW: the cost function gave other values for a cell when asked again "
                "(near row %zu, column %zu); it must not change",
                t->at.n, t->at.m);
        }
        t->at.n -= dn;
        t->at.m -= dm;
    }
    return SILBE_OK;
}

/* Where a block starts from: a checkpoint, or the very beginning. */
typedef struct {
    bool initial;
    size_t level;
    size_t slot;
} origin;

static silbe_status restore(tracer *t, origin from, size_t n0, silbe_err *err)
{
    /* Columns right of the path's are not needed any more. */
    if (from.initial) {
        return silbe_dtw_state_init(t->dtw, t->at.m, err);
    }
    return silbe_dtw_state_restore(t->dtw, from.level, from.slot, n0, t->at.m, err);
}

/* Traces through the block [n0, n1) of the given level. */
static silbe_status trace_block(tracer *t, size_t level, size_t n0, size_t n1, origin from,
                                silbe_err *err)
{
    struct silbe_dtw *dtw = t->dtw;
    silbe_status status = restore(t, from, n0, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (level == 0) {
        size_t unit = dtw->plan.unit_rows;
        size_t end = n0 + ((t->at.n - n0) / unit + 1) * unit;
        status = silbe_dtw_fill_rows(dtw, n0, end < n1 ? end : n1, t->at.m, true, false, err);
        return status != SILBE_OK ? status : walk(t, n0, err);
    }
    size_t stride = dtw->plan.stride[level - 1];
    size_t last = (t->at.n - n0) / stride;
    for (size_t b = 0; b < last; b++) {
        size_t end = n0 + (b + 1) * stride;
        status = silbe_dtw_fill_rows(dtw, end - stride, end, t->at.m, false, false, err);
        if (status != SILBE_OK) {
            return status;
        }
        silbe_dtw_state_save(dtw, level - 1, b, end);
    }
    for (size_t b = last + 1; b-- > 0 && !t->done;) {
        size_t begin = n0 + b * stride;
        size_t end = n1 - begin < stride ? n1 : begin + stride;
        if (t->at.n < begin) {
            continue;
        }
        origin start = b == 0 ? from : (origin){false, level - 1, b - 1};
        status = trace_block(t, level - 1, begin, end, start, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status trace_all(tracer *t, silbe_err *err)
{
    struct silbe_dtw *dtw = t->dtw;
    const silbe_dtw_plan *plan = &dtw->plan;
    size_t n_rows = dtw->problem.n_rows;
    silbe_status status = SILBE_OK;

    if (plan->n_levels == 0) {
        status = walk(t, plan->first_row, err); /* the forward pass kept everything */
    } else if (t->at.n >= plan->first_row) {
        size_t top = plan->n_levels - 1;
        size_t stride = plan->stride[top];
        for (size_t b = (t->at.n - plan->first_row) / stride + 1; b-- > 0 && !t->done;) {
            size_t begin = plan->first_row + b * stride;
            size_t end = n_rows - begin < stride ? n_rows : begin + stride;
            if (t->at.n < begin) {
                continue;
            }
            origin start = {b == 0, top, b == 0 ? 0 : b - 1};
            status = trace_block(t, top, begin, end, start, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
    }
    return status != SILBE_OK ? status : walk(t, 0, err); /* row 0 of the strips */
}

silbe_status silbe_dtw_trace(silbe_dtw *dtw, size_t end_m, silbe_path_point *path,
                             size_t path_capacity, silbe_dtw_result *result, silbe_err *err)
{
    if (dtw == NULL || path == NULL || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW trace: missing argument (NULL)");
    }
    if (end_m >= dtw->problem.n_cols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW trace: end column should be below %zu, got %zu", dtw->problem.n_cols,
                          end_m);
    }
    if (!(dtw->last_row[end_m] < INFINITY)) {
        return silbe_fail(
            err, SILBE_ERR_INFEASIBLE,
            "DTW: no path of finite cost ends in cell (%zu, %zu); widen the band, allow "
            "longer steps or forbid fewer cells",
            dtw->problem.n_rows - 1, end_m);
    }
    *result = (silbe_dtw_result){.cost = dtw->last_row[end_m]};
    tracer t = {.dtw = dtw,
                .at = {dtw->problem.n_rows - 1, end_m},
                .path = path,
                .capacity = path_capacity,
                .result = result};
    silbe_status status = trace_all(&t, err);
    if (status != SILBE_OK) {
        return status;
    }
    memmove(path, path + (path_capacity - t.length), t.length * sizeof *path);
    result->path_length = t.length;
    return SILBE_OK;
}
