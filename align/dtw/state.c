/* The rows of D that the next rows look back to, and their checkpoints. */
#include <math.h>
#include <string.h>

#include "align/dtw/engine.h"

double *silbe_dtw_row(const struct silbe_dtw *dtw, size_t n)
{
    return dtw->ring + n % dtw->n_ring * dtw->row_stride + SILBE_DTW_PAD;
}

float *silbe_dtw_cost_row(const struct silbe_dtw *dtw, size_t n)
{
    return dtw->cost_ring + n % dtw->n_ring * dtw->row_stride + SILBE_DTW_PAD;
}

static void set_infinite(double *row, size_t begin, size_t end)
{
    for (size_t m = begin; m < end; m++) {
        row[m] = INFINITY;
    }
}

void silbe_dtw_row_commit(struct silbe_dtw *dtw, size_t n, silbe_dtw_range range)
{
    double *row = silbe_dtw_row(dtw, n);
    silbe_dtw_range *held = &dtw->ring_range[n % dtw->n_ring];
    if (range.begin >= range.end) {
        range = (silbe_dtw_range){0, 0};
    }
    if (held->begin < held->end) {
        set_infinite(row, held->begin, held->end < range.begin ? held->end : range.begin);
        set_infinite(row, held->begin > range.end ? held->begin : range.end, held->end);
    }
    *held = range;
}

/* Row 0 for strips, where only the step (0,1) leads from cell to cell. */
static silbe_status fill_first_row(struct silbe_dtw *dtw, size_t m_last, silbe_err *err)
{
    const silbe_path_step *step = &dtw->problem.steps.steps[2];
    silbe_dtw_range window = silbe_dtw_window(&dtw->problem, 0, m_last);
    double *row = silbe_dtw_row(dtw, 0);
    for (size_t begin = window.begin; begin < window.end; begin += SILBE_DTW_SEGMENT) {
        size_t end =
            begin + SILBE_DTW_SEGMENT < window.end ? begin + SILBE_DTW_SEGMENT : window.end;
        silbe_status status = silbe_dtw_fill(&dtw->problem, 0, begin, end, dtw->row_costs, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t m = begin; m < end; m++) {
            double cost = (double)dtw->row_costs[m - begin];
            if (dtw->problem.start_free || m == 0) {
                row[m] = cost;
            } else {
                row[m] = m == window.begin ? INFINITY
                                           : row[m - 1] + (step->weight * cost + step->penalty);
            }
        }
    }
    silbe_dtw_row_commit(dtw, 0, window);
    return SILBE_OK;
}

silbe_status silbe_dtw_state_init(struct silbe_dtw *dtw, size_t m_last, silbe_err *err)
{
    set_infinite(dtw->ring, 0, dtw->n_ring * dtw->row_stride);
    for (size_t i = 0; i < dtw->n_ring; i++) {
        dtw->ring_range[i] = (silbe_dtw_range){0, 0};
    }
    if (dtw->cost_ring != NULL && dtw->problem.steps.add_skipped) {
        for (size_t i = 0; i < dtw->n_ring * dtw->row_stride; i++) {
            dtw->cost_ring[i] = INFINITY;
        }
    }
    return dtw->plan.strips ? fill_first_row(dtw, m_last, err) : SILBE_OK;
}

/* Rows of the state before row n: [first, n). */
static size_t first_state_row(const struct silbe_dtw *dtw, size_t n)
{
    return n > dtw->plan.state_rows ? n - dtw->plan.state_rows : 0;
}

void silbe_dtw_state_save(struct silbe_dtw *dtw, size_t level, size_t slot, size_t n)
{
    size_t index = slot * dtw->plan.state_rows;
    for (size_t r = first_state_row(dtw, n); r < n; r++, index++) {
        /* A strip may have left INFINITY on both sides of its last row's window. */
        silbe_dtw_range held = dtw->ring_range[r % dtw->n_ring];
        silbe_dtw_range window = silbe_dtw_window(&dtw->problem, r, dtw->problem.n_cols - 1);
        held.begin = held.begin > window.begin ? held.begin : window.begin;
        held.end = held.end < window.end ? held.end : window.end;
        if (held.begin >= held.end) {
            held = (silbe_dtw_range){0, 0};
        }
        dtw->slot_ranges[level][index] = held;
        memcpy(dtw->slots[level] + index * dtw->plan.width, silbe_dtw_row(dtw, r) + held.begin,
               (held.end - held.begin) * sizeof(double));
    }
}

/* Costs of row r again, for the cells that steps jump over. */
static silbe_status refill_costs(struct silbe_dtw *dtw, size_t r, size_t m_last, silbe_err *err)
{
    float *row = silbe_dtw_cost_row(dtw, r);
    for (size_t m = 0; m < dtw->problem.n_cols; m++) {
        row[m] = INFINITY;
    }
    silbe_dtw_range window = silbe_dtw_window(&dtw->problem, r, m_last);
    if (window.begin >= window.end) {
        return SILBE_OK;
    }
    return silbe_dtw_fill(&dtw->problem, r, window.begin, window.end, row + window.begin, err);
}

silbe_status silbe_dtw_state_restore(struct silbe_dtw *dtw, size_t level, size_t slot, size_t n,
                                     size_t m_last, silbe_err *err)
{
    size_t index = slot * dtw->plan.state_rows;
    for (size_t r = first_state_row(dtw, n); r < n; r++, index++) {
        silbe_dtw_range range = dtw->slot_ranges[level][index];
        double *row = silbe_dtw_row(dtw, r);
        silbe_dtw_row_commit(dtw, r, range);
        memcpy(row + range.begin, dtw->slots[level] + index * dtw->plan.width,
               (range.end - range.begin) * sizeof(double));
        if (dtw->problem.steps.add_skipped && !dtw->plan.strips) {
            silbe_status status = refill_costs(dtw, r, m_last, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
    }
    return SILBE_OK;
}

bool silbe_dtw_state_alive(const struct silbe_dtw *dtw, size_t n)
{
    for (size_t r = first_state_row(dtw, n); r < n; r++) {
        silbe_dtw_range range = dtw->ring_range[r % dtw->n_ring];
        const double *row = silbe_dtw_row(dtw, r);
        for (size_t m = range.begin; m < range.end; m++) {
            if (row[m] < INFINITY) {
                return true;
            }
        }
    }
    return false;
}
