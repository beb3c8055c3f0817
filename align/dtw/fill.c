/* Rows of D, unit by unit, with the index of their back-pointers. */
#include "align/dtw/engine.h"

static silbe_status fail_dead(const struct silbe_dtw *dtw, size_t n0, size_t n1, silbe_err *err)
{
    silbe_dtw_range all = silbe_dtw_window_union(&dtw->problem, n0, n1, dtw->problem.n_cols - 1);
    return silbe_fail(
        err, SILBE_ERR_INFEASIBLE,
        "DTW: no path of finite cost gets past rows %zu to %zu (columns %zu to %zu are "
        "allowed there) of %zu rows x %zu columns; widen the band, allow longer steps "
        "or forbid fewer cells",
        n0, n1 - 1, all.begin, all.end - 1, dtw->problem.n_rows, dtw->problem.n_cols);
}

silbe_status silbe_dtw_fill_rows(struct silbe_dtw *dtw, size_t n0, size_t n1, size_t m_last,
                                 bool keep_back, bool check_alive, silbe_err *err)
{
    size_t unit_rows = dtw->plan.unit_rows;
    size_t used = 0;
    size_t unit = 0;
    if (keep_back) {
        dtw->leaf_row = n0;
    }
    for (size_t n = n0; n < n1; n += unit_rows, unit++) {
        size_t end = n + unit_rows < n1 ? n + unit_rows : n1;
        uint8_t *back = keep_back ? dtw->back + used : NULL;
        silbe_dtw_range range;
        silbe_status status = dtw->plan.strips
                                  ? silbe_dtw_strip_unit(dtw, n, end, m_last, back, &range, err)
                                  : silbe_dtw_row_unit(dtw, n, m_last, back, &range, err);
        if (status != SILBE_OK) {
            return status;
        }
        if (keep_back) {
            size_t width = range.begin < range.end ? range.end - range.begin : 0;
            dtw->unit_offset[unit] = used;
            dtw->unit_begin[unit] = range.begin;
            used += width > 0 ? silbe_dtw_unit_bytes(dtw->plan.strips, width) : 0;
        }
        if (check_alive && !silbe_dtw_state_alive(dtw, end)) {
            size_t first = end > dtw->plan.state_rows ? end - dtw->plan.state_rows : 0;
            return fail_dead(dtw, dtw->plan.strips ? n : first, end, err);
        }
    }
    return SILBE_OK;
}
