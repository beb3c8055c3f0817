/* Soft-DTW as the definition says it: full matrices of D, of each step's share and of visits. */
#include <math.h>
#include <string.h>

#include "align/softdtw/engine.h"
#include "align/softdtw/minimum.h"
#include "tests/align/softdtw/reference.h"

typedef struct {
    double *cost;   /* n_cells */
    double *value;  /* n_cells: D */
    double *share;  /* n_cells x n_steps: d D(cell) / d candidate of the step */
    double *visits; /* n_cells: d value / d D(cell) */
    double *ends;   /* n_cols */
} matrices;

static size_t carve(matrices *x, const silbe_softdtw_problem *problem, void *scratch)
{
    silbe_arena arena = silbe_arena_at(scratch);
    size_t n_cells = problem->n_rows * problem->n_cols;
    x->cost = silbe_arena_take(&arena, n_cells, sizeof(double));
    x->value = silbe_arena_take(&arena, n_cells, sizeof(double));
    x->visits = silbe_arena_take(&arena, n_cells, sizeof(double));
    x->share =
        silbe_arena_take(&arena, silbe_size_mul(n_cells, problem->steps.n_steps), sizeof(double));
    x->ends = silbe_arena_take(&arena, problem->n_cols, sizeof(double));
    return arena.used;
}

silbe_status silbe_softdtw_reference_size(const silbe_softdtw_problem *problem, size_t *bytes,
                                          silbe_err *err)
{
    matrices x;
    silbe_status status = silbe_softdtw_problem_check(problem, err);
    if (status != SILBE_OK || bytes == NULL) {
        return status != SILBE_OK ? status
                                  : silbe_fail(err, SILBE_ERR_ARGUMENT,
                                               "soft-DTW reference: bytes is missing (NULL)");
    }
    *bytes = carve(&x, problem, NULL);
    if (*bytes == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "soft-DTW reference: %zu rows x %zu columns overflow size_t",
                          problem->n_rows, problem->n_cols);
    }
    return SILBE_OK;
}

static void forward_cell(const silbe_softdtw_problem *p, const matrices *x, size_t n, size_t m)
{
    const silbe_softdtw_cells cells = {p, x->value, p->n_rows, x->cost, p->n_rows};
    size_t cell = n * p->n_cols + m;
    double a[SILBE_PATH_MAX_STEPS];
    double sum[SILBE_PATH_MAX_STEPS];
    uint8_t step[SILBE_PATH_MAX_STEPS];
    if (silbe_softdtw_is_start(p, n, m)) {
        x->value[cell] = x->cost[cell];
        return;
    }
    size_t count = silbe_softdtw_candidates(&cells, n, m, a, sum, step);
    x->value[cell] = silbe_softdtw_min(p->minimum, p->gamma, a, count, a);
    for (size_t i = 0; i < count; i++) {
        x->share[cell * p->steps.n_steps + step[i]] = a[i];
    }
}

/* The share of the paths that take step k onto (n, m). */
static void backward_step(const silbe_softdtw_problem *p, const matrices *x, size_t n, size_t m,
                          size_t k, const silbe_softdtw_gradient *gradient)
{
    const silbe_path_step *s = &p->steps.steps[k];
    size_t cell = n * p->n_cols + m;
    double flow = x->visits[cell] * x->share[cell * p->steps.n_steps + k];
    int longest = s->dn > s->dm ? s->dn : s->dm;
    double sum = 0.0;
    if (flow == 0.0) {
        return;
    }
    x->visits[(n - (size_t)s->dn) * p->n_cols + m - (size_t)s->dm] += flow;
    for (int i = 0; i < (p->steps.add_skipped ? longest : 1); i++) {
        size_t back_n = (size_t)(i * s->dn / longest);
        size_t back_m = (size_t)(i * s->dm / longest);
        size_t counted = (n - back_n) * p->n_cols + (m - back_m);
        sum += x->cost[counted];
        gradient->cost[counted] += flow * s->weight;
    }
    if (gradient->weights != NULL) {
        gradient->weights[k] += flow * sum;
    }
    if (gradient->penalties != NULL) {
        gradient->penalties[k] += flow;
    }
}

static void backward(const silbe_softdtw_problem *p, const matrices *x,
                     const silbe_softdtw_gradient *gradient)
{
    size_t n_cells = p->n_rows * p->n_cols;
    memset(gradient->cost, 0, n_cells * sizeof(double));
    memset(x->visits, 0, n_cells * sizeof(double));
    for (size_t k = 0; k < p->steps.n_steps; k++) {
        if (gradient->weights != NULL) {
            gradient->weights[k] = 0.0;
        }
        if (gradient->penalties != NULL) {
            gradient->penalties[k] = 0.0;
        }
    }
    memcpy(x->visits + n_cells - p->n_cols, x->ends, p->n_cols * sizeof(double));
    for (size_t cell = n_cells; cell-- > 0;) {
        size_t n = cell / p->n_cols;
        size_t m = cell % p->n_cols;
        if (silbe_softdtw_is_start(p, n, m)) {
            gradient->cost[cell] += x->visits[cell];
            continue;
        }
        for (size_t k = 0; k < p->steps.n_steps; k++) {
            backward_step(p, x, n, m, k, gradient);
        }
    }
}

static silbe_status forward(const silbe_softdtw_problem *p, const matrices *x, silbe_err *err)
{
    size_t n_cells = p->n_rows * p->n_cols;
    double highest = 0.0;
    memset(x->share, 0, n_cells * p->steps.n_steps * sizeof(double));
    for (size_t cell = 0; cell < n_cells; cell++) {
        x->cost[cell] = INFINITY;
        x->value[cell] = INFINITY;
    }
    for (size_t n = 0; n < p->n_rows; n++) {
        silbe_softdtw_range window = silbe_softdtw_window(p, n);
        silbe_status status = silbe_softdtw_fill(
            p, n, window.begin, window.end, x->cost + n * p->n_cols + window.begin, &highest, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t m = window.begin; m < window.end; m++) {
            forward_cell(p, x, n, m);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_reference(const silbe_softdtw_problem *problem, void *scratch,
                                     size_t scratch_bytes, const silbe_softdtw_gradient *gradient,
                                     silbe_softdtw_result *result, silbe_err *err)
{
    matrices x;
    size_t bytes = 0;
    silbe_status status = silbe_softdtw_reference_size(problem, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW reference: scratch should be %zu bytes, got %zu; result %s",
                          bytes, scratch_bytes, result == NULL ? "is missing (NULL)" : "is there");
    }
    (void)carve(&x, problem, scratch);
    status = forward(problem, &x, err);
    if (status != SILBE_OK) {
        return status;
    }
    const double *last = x.value + (problem->n_rows - 1) * problem->n_cols;
    for (size_t m = 0; m < problem->n_cols; m++) {
        x.ends[m] = silbe_softdtw_is_end(problem, problem->n_rows - 1, m) ? last[m] : INFINITY;
    }
    result->kernel = SILBE_KERNEL_ROWS;
    result->value =
        silbe_softdtw_min(problem->minimum, problem->gamma, x.ends, problem->n_cols, x.ends);
    if (!(result->value < INFINITY)) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "soft-DTW reference: no path of finite cost reaches an end cell");
    }
    if (gradient != NULL && gradient->cost != NULL) {
        backward(problem, &x, gradient);
    }
    return SILBE_OK;
}
