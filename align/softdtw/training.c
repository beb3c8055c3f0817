/* Schedules and the diagonal prior. */
#include "align/softdtw/training.h"

#include <math.h>

silbe_status silbe_schedule_check(const silbe_schedule *schedule, silbe_err *err)
{
    if (schedule == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "schedule: it is missing (NULL)");
    }
    if ((int)schedule->shape < 0 || schedule->shape >= SILBE_SCHEDULE_N_SHAPES) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "schedule: there is no shape %d",
                          (int)schedule->shape);
    }
    if (!isfinite(schedule->begin) || !isfinite(schedule->end)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "schedule: begin and end should be finite, got %g and %g",
                          schedule->begin, schedule->end);
    }
    if (schedule->shape == SILBE_SCHEDULE_EXPONENTIAL &&
        !(schedule->begin > 0.0 && schedule->end > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "schedule: an exponential one needs begin and end > 0, got %g and %g",
                          schedule->begin, schedule->end);
    }
    return SILBE_OK;
}

double silbe_schedule_value(const silbe_schedule *schedule, size_t step)
{
    size_t hold = schedule->hold_steps > 0 ? schedule->hold_steps : 1;
    size_t held = step - step % hold;
    if (schedule->shape == SILBE_SCHEDULE_CONSTANT) {
        return schedule->begin;
    }
    if (held >= schedule->n_steps) {
        return schedule->end;
    }
    if (held == 0) {
        return schedule->begin;
    }
    double t = (double)held / (double)schedule->n_steps;
    if (schedule->shape == SILBE_SCHEDULE_LINEAR) {
        return (1.0 - t) * schedule->begin + t * schedule->end;
    }
    return exp((1.0 - t) * log(schedule->begin) + t * log(schedule->end));
}

double silbe_softdtw_diagonal_distance(size_t n, size_t m, size_t n_rows, size_t n_cols,
                                       double power)
{
    double x = n_rows > 1 ? (double)n / (double)(n_rows - 1) : 0.0;
    double y = n_cols > 1 ? (double)m / (double)(n_cols - 1) : 0.0;
    double away = fabs(x - y);
    if (power == 1.0) {
        return away;
    }
    return power == 2.0 ? away * away : pow(away, power);
}

silbe_status silbe_softdtw_add_diagonal_prior(double weight, double power, size_t n_rows,
                                              size_t n_cols, size_t row_begin, size_t row_end,
                                              double *cost, silbe_err *err)
{
    if (!isfinite(weight) || !(power > 0.0 && power < INFINITY)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "diagonal prior: weight should be finite and power > 0, got %g and %g",
                          weight, power);
    }
    if (n_rows == 0 || n_cols == 0 || cost == NULL || row_begin > row_end || row_end > n_rows) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "diagonal prior: rows [%zu, %zu) of %zu x %zu, costs %s", row_begin,
                          row_end, n_rows, n_cols, cost == NULL ? "missing (NULL)" : "there");
    }
    for (size_t n = row_begin; n < row_end; n++) {
        double *row = cost + (n - row_begin) * n_cols;
        for (size_t m = 0; m < n_cols; m++) {
            row[m] += weight * silbe_softdtw_diagonal_distance(n, m, n_rows, n_cols, power);
        }
    }
    return SILBE_OK;
}
