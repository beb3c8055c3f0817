/* What a soft-DTW is asked to do: arguments, costs, candidates for a cell. */
#include <math.h>
#include <string.h>

#include "align/dtw/band.h"
#include "align/softdtw/engine.h"

enum {
    PIECE = 512, /* columns asked from a cost function at once */
};

static bool any_set(const unsigned char *mask, const silbe_softdtw_problem *problem, size_t row)
{
    silbe_softdtw_range window = silbe_softdtw_window(problem, row);
    for (size_t m = window.begin; m < window.end; m++) {
        if (mask[m] != 0) {
            return true;
        }
    }
    return false;
}

static silbe_status check_sizes(const silbe_softdtw_problem *problem, silbe_err *err)
{
    size_t n_rows = problem->n_rows;
    size_t n_cols = problem->n_cols;
    if (n_rows == 0 || n_cols == 0) {
        return silbe_fail(
            err, SILBE_ERR_ARGUMENT,
            "soft-DTW: both sequences need at least one frame, got %zu rows and %zu columns",
            n_rows, n_cols);
    }
    if (silbe_size_mul(silbe_size_mul(n_rows, n_cols), sizeof(double)) == SIZE_MAX ||
        n_rows > SIZE_MAX / 64 || n_cols > SIZE_MAX / 64) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "soft-DTW: %zu rows x %zu columns overflow size_t",
                          n_rows, n_cols);
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_problem_check(const silbe_softdtw_problem *problem, silbe_err *err)
{
    if (problem == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW: the problem is missing (NULL)");
    }
    silbe_status status = check_sizes(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    int n_costs =
        (problem->cost != NULL) + (problem->cost_float != NULL) + (problem->cost_fn != NULL);
    if (n_costs != 1) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW: exactly one of cost, cost_float and cost_fn should be set, "
                          "got %d",
                          n_costs);
    }
    if ((int)problem->minimum < 0 || problem->minimum >= SILBE_SOFTDTW_N_MINIMA) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW: there is no minimum %d",
                          (int)problem->minimum);
    }
    if (problem->minimum != SILBE_SOFTDTW_HARD &&
        !(problem->gamma > 0.0 && problem->gamma < INFINITY)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW: gamma should be > 0, got %g",
                          problem->gamma);
    }
    if ((problem->lo == NULL) != (problem->hi == NULL)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW: a band needs both lo and hi, only %s is given",
                          problem->lo != NULL ? "lo" : "hi");
    }
    status = silbe_path_steps_check(&problem->steps, err);
    if (status == SILBE_OK && problem->lo != NULL) {
        status =
            silbe_dtw_band_check(problem->lo, problem->hi, problem->n_rows, problem->n_cols, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    bool no_start = problem->starts != NULL && !any_set(problem->starts, problem, 0);
    if (no_start ||
        (problem->ends != NULL && !any_set(problem->ends, problem, problem->n_rows - 1))) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW: no %s cell is marked inside the band",
                          no_start ? "start" : "end");
    }
    return SILBE_OK;
}

/* The costs as they come, in double. */
static silbe_status copy_costs(const silbe_softdtw_problem *problem, size_t n, size_t begin,
                               size_t end, double *cost, silbe_err *err)
{
    if (problem->cost != NULL) {
        memcpy(cost, problem->cost + n * problem->n_cols + begin, (end - begin) * sizeof *cost);
        return SILBE_OK;
    }
    if (problem->cost_float != NULL) {
        const float *from = problem->cost_float + n * problem->n_cols + begin;
        for (size_t i = 0; i < end - begin; i++) {
            cost[i] = (double)from[i];
        }
        return SILBE_OK;
    }
    float piece[PIECE];
    while (begin < end) {
        size_t stop = end - begin > PIECE ? begin + PIECE : end;
        silbe_status status = problem->cost_fn(problem->context, n, begin, stop, piece, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t i = 0; i < stop - begin; i++) {
            cost[i] = (double)piece[i];
        }
        cost += stop - begin;
        begin = stop;
    }
    return SILBE_OK;
}

enum {
    SCANNED = 8, /* maxima side by side, which compilers turn into vectors */
};

/* One cost into its maximum and its sum of bad ones. */
static inline void scan_cost(double c, double *high, double *n_bad)
{
    double size = fabs(c);
    *n_bad += c > -INFINITY ? 0.0 : 1.0;
    size = size < INFINITY ? size : 0.0;
    *high = size > *high ? size : *high;
}

/* Largest finite |cost| and at least highest; -1 if there is NaN or -INFINITY. */
static double scan_costs(const double *cost, size_t n, double highest)
{
    double high[SCANNED] = {0};
    double bad[SCANNED] = {0};
    size_t i = 0;
    for (; i + SCANNED <= n; i += SCANNED) {
        for (size_t j = 0; j < SCANNED; j++) {
            scan_cost(cost[i + j], &high[j], &bad[j]);
        }
    }
    for (; i < n; i++) {
        scan_cost(cost[i], &high[0], &bad[0]);
    }
    double n_bad = 0.0;
    for (size_t j = 0; j < SCANNED; j++) {
        n_bad += bad[j];
        highest = high[j] > highest ? high[j] : highest;
    }
    return n_bad > 0.0 ? -1.0 : highest;
}

silbe_status silbe_softdtw_check_costs(const double *cost, size_t n, size_t begin, size_t end,
                                       double *highest, silbe_err *err)
{
    double high = scan_costs(cost, end - begin, *highest);
    if (high < 0.0) {
        size_t i = 0;
        while (cost[i] > -INFINITY) {
            i++;
        }
        return silbe_fail(err, SILBE_ERR_DATA,
                          "soft-DTW: cost of cell (%zu, %zu) is %s; it should be finite, or "
                          "+INFINITY to forbid the cell",
                          n, begin + i, isnan(cost[i]) ? "NaN" : "-INFINITY");
    }
    *highest = high;
    return SILBE_OK;
}

silbe_status silbe_softdtw_fill(const silbe_softdtw_problem *problem, size_t n, size_t begin,
                                size_t end, double *cost, double *highest, silbe_err *err)
{
    if (begin >= end) {
        return SILBE_OK;
    }
    silbe_status status = copy_costs(problem, n, begin, end, cost, err);
    return status != SILBE_OK || highest == NULL
               ? status
               : silbe_softdtw_check_costs(cost, n, begin, end, highest, err);
}

/* S of a step that lands on (n, m) and comes from inside the matrix. */
static double sum_of_step(const silbe_softdtw_cells *cells, const silbe_path_step *s, size_t n,
                          size_t m)
{
    size_t n_cols = cells->problem->n_cols;
    double sum = cells->costs[n % cells->cost_ring * n_cols + m];
    int longest = s->dn > s->dm ? s->dn : s->dm;
    for (int i = 1; i < longest && cells->problem->steps.add_skipped; i++) {
        size_t back_n = n - silbe_softdtw_skipped(i, s->dn, longest);
        size_t back_m = m - silbe_softdtw_skipped(i, s->dm, longest);
        sum += cells->costs[back_n % cells->cost_ring * n_cols + back_m];
    }
    return sum;
}

size_t silbe_softdtw_candidates(const silbe_softdtw_cells *cells, size_t n, size_t m, double *a,
                                double *sum, uint8_t *step)
{
    const silbe_softdtw_problem *problem = cells->problem;
    const unsigned allowed = problem->column_steps != NULL ? problem->column_steps[m] : 0xffffU;
    size_t count = 0;
    for (size_t k = 0; k < problem->steps.n_steps; k++) {
        const silbe_path_step *s = &problem->steps.steps[k];
        if ((allowed >> k & 1U) == 0 || (size_t)s->dn > n || (size_t)s->dm > m) {
            continue;
        }
        size_t from = (n - (size_t)s->dn) % cells->value_ring * problem->n_cols;
        double before = cells->values[from + m - (size_t)s->dm];
        sum[count] = sum_of_step(cells, s, n, m);
        a[count] = before + (s->weight * sum[count] + s->penalty);
        step[count] = (uint8_t)k;
        count += a[count] < INFINITY;
    }
    return count;
}
