/* Row by row, any minimum and any steps; D lives in the caller's E until E replaces it. */
#include <math.h>
#include <string.h>

#include "align/softdtw/engine.h"
#include "align/softdtw/minimum.h"

typedef struct {
    silbe_softdtw_cells cells;
    const silbe_softdtw_problem *problem;
    size_t depth;   /* rows in a ring: max dn + 1 */
    double *values; /* the same array as cells.values */
    double *costs;  /* as cells.costs */
    double *visits; /* share of the paths through a cell, from its successors; depth rows */
    double *extra;  /* E of cells that steps jump over, depth rows; NULL without add_skipped */
    double *ends;   /* candidates for the value, then their shares */
    double *weights;
    double *penalties;
    double *gradient;
} rows;

static size_t carve(rows *r, const silbe_softdtw_problem *problem, bool with_gradient,
                    void *scratch)
{
    silbe_arena arena = silbe_arena_at(scratch);
    bool add_skipped = problem->steps.add_skipped;
    r->depth = silbe_path_steps_max_dn(&problem->steps) + 1;
    size_t ring = silbe_size_mul(r->depth, problem->n_cols);
    r->cells.cost_ring = add_skipped ? r->depth : 1;
    r->costs = silbe_arena_take(&arena, silbe_size_mul(r->cells.cost_ring, problem->n_cols),
                                sizeof(double));
    r->ends = silbe_arena_take(&arena, problem->n_cols, sizeof(double));
    r->values = with_gradient ? NULL : silbe_arena_take(&arena, ring, sizeof(double));
    r->visits = with_gradient ? silbe_arena_take(&arena, ring, sizeof(double)) : NULL;
    r->extra = with_gradient && add_skipped ? silbe_arena_take(&arena, ring, sizeof(double)) : NULL;
    r->cells.value_ring = with_gradient ? problem->n_rows : r->depth;
    r->cells.problem = problem;
    r->problem = problem;
    return arena.used;
}

size_t silbe_softdtw_rows_bytes(const silbe_softdtw_problem *problem,
                                const silbe_softdtw_gradient *gradient)
{
    rows r;
    return carve(&r, problem, gradient != NULL && gradient->cost != NULL, NULL);
}

/* Costs of row n into the ring, INFINITY outside the window. */
static silbe_status fill_row(const rows *r, size_t n, double *highest, silbe_err *err)
{
    silbe_softdtw_range window = silbe_softdtw_window(r->problem, n);
    double *cost = r->costs + n % r->cells.cost_ring * r->problem->n_cols;
    for (size_t m = 0; m < window.begin; m++) {
        cost[m] = INFINITY;
    }
    for (size_t m = window.end; m < r->problem->n_cols; m++) {
        cost[m] = INFINITY;
    }
    return silbe_softdtw_fill(r->problem, n, window.begin, window.end, cost + window.begin, highest,
                              err);
}

/* Returns whether some cell can be reached. */
static bool forward_row(const rows *r, size_t n)
{
    const silbe_softdtw_problem *p = r->problem;
    silbe_softdtw_range window = silbe_softdtw_window(p, n);
    double *value = r->values + n % r->cells.value_ring * p->n_cols;
    const double *cost = r->costs + n % r->cells.cost_ring * p->n_cols;
    double a[SILBE_PATH_MAX_STEPS];
    double sum[SILBE_PATH_MAX_STEPS];
    uint8_t step[SILBE_PATH_MAX_STEPS];
    double lowest = INFINITY;
    for (size_t m = 0; m < p->n_cols; m++) {
        value[m] = INFINITY;
        if (m < window.begin || m >= window.end || cost[m] == INFINITY) {
            continue;
        }
        if (silbe_softdtw_is_start(p, n, m)) {
            value[m] = cost[m];
        } else {
            size_t count = silbe_softdtw_candidates(&r->cells, n, m, a, sum, step);
            value[m] = silbe_softdtw_min(p->minimum, p->gamma, a, count, NULL);
        }
        lowest = value[m] < lowest ? value[m] : lowest;
    }
    return lowest < INFINITY;
}

static silbe_status forward(const rows *r, silbe_err *err)
{
    const silbe_softdtw_problem *p = r->problem;
    size_t last_alive = SIZE_MAX;
    double highest = 0.0;
    for (size_t n = 0; n < p->n_rows; n++) {
        silbe_status status = fill_row(r, n, &highest, err);
        if (status != SILBE_OK) {
            return status;
        }
        if (forward_row(r, n)) {
            last_alive = n;
        } else if (last_alive == SIZE_MAX || n - last_alive >= r->depth) {
            return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                              "soft-DTW: no path of finite cost gets past row %zu of %zu; check "
                              "band, steps and forbidden cells",
                              last_alive == SIZE_MAX ? 0 : last_alive, p->n_rows);
        }
    }
    return SILBE_OK;
}

/* The value; r->ends becomes the shares of the end cells. */
static silbe_status finish(const rows *r, double *value, silbe_err *err)
{
    const silbe_softdtw_problem *p = r->problem;
    size_t last = p->n_rows - 1;
    const double *row = r->values + last % r->cells.value_ring * p->n_cols;
    for (size_t m = 0; m < p->n_cols; m++) {
        r->ends[m] = silbe_softdtw_is_end(p, last, m) ? row[m] : INFINITY;
    }
    *value = silbe_softdtw_min(p->minimum, p->gamma, r->ends, p->n_cols, r->ends);
    if (*value < INFINITY) {
        return SILBE_OK;
    }
    return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                      "soft-DTW: no path of finite cost reaches an end cell of row %zu (%zu rows x "
                      "%zu columns); check band, steps and forbidden cells",
                      last, p->n_rows, p->n_cols);
}

/* Hands the share `visit` of cell (n, m) on to its predecessors. Returns E of the cell itself. */
static double backward_cell(const rows *r, size_t n, size_t m, double visit)
{
    const silbe_softdtw_problem *p = r->problem;
    double a[SILBE_PATH_MAX_STEPS];
    double sum[SILBE_PATH_MAX_STEPS];
    uint8_t step[SILBE_PATH_MAX_STEPS];
    double own = 0.0;
    size_t count = silbe_softdtw_candidates(&r->cells, n, m, a, sum, step);
    (void)silbe_softdtw_min(p->minimum, p->gamma, a, count, a);
    for (size_t i = 0; i < count; i++) {
        const silbe_path_step *s = &p->steps.steps[step[i]];
        double share = visit * a[i];
        size_t from = (n - (size_t)s->dn) % r->depth * p->n_cols + m - (size_t)s->dm;
        int longest = s->dn > s->dm ? s->dn : s->dm;
        if (share == 0.0) {
            continue;
        }
        r->visits[from] += share;
        own += share * s->weight;
        for (int j = 1; j < longest && r->extra != NULL; j++) {
            size_t row = n - silbe_softdtw_skipped(j, s->dn, longest);
            size_t column = m - silbe_softdtw_skipped(j, s->dm, longest);
            r->extra[row % r->depth * p->n_cols + column] += share * s->weight;
        }
        if (r->weights != NULL) {
            r->weights[step[i]] += share * sum[i];
        }
        if (r->penalties != NULL) {
            r->penalties[step[i]] += share;
        }
    }
    return own;
}

static void backward_row(const rows *r, size_t n)
{
    const silbe_softdtw_problem *p = r->problem;
    double *visit = r->visits + n % r->depth * p->n_cols;
    double *extra = r->extra != NULL ? r->extra + n % r->depth * p->n_cols : NULL;
    double *out = r->gradient + n * p->n_cols;
    for (size_t m = p->n_cols; m-- > 0;) {
        double own = 0.0;
        if (visit[m] != 0.0) {
            own = silbe_softdtw_is_start(p, n, m) ? visit[m] : backward_cell(r, n, m, visit[m]);
        }
        /* D of this cell is not needed any more: all cells that follow it are done. What it added
         * to extra of its own row lies at lower m. */
        out[m] = extra != NULL ? own + extra[m] : own;
        visit[m] = 0.0;
        if (extra != NULL) {
            extra[m] = 0.0;
        }
    }
}

static silbe_status backward(const rows *r, silbe_err *err)
{
    const silbe_softdtw_problem *p = r->problem;
    size_t last = p->n_rows - 1;
    memset(r->visits, 0, r->depth * p->n_cols * sizeof *r->visits);
    if (r->extra != NULL) {
        memset(r->extra, 0, r->depth * p->n_cols * sizeof *r->extra);
    }
    for (size_t k = 0; k < p->steps.n_steps; k++) {
        if (r->weights != NULL) {
            r->weights[k] = 0.0;
        }
        if (r->penalties != NULL) {
            r->penalties[k] = 0.0;
        }
    }
    memcpy(r->visits + last % r->depth * p->n_cols, r->ends, p->n_cols * sizeof *r->visits);
    for (size_t n = last + 1; n-- > 0;) {
        /* Going back, a ring of costs holds rows n - depth + 1 .. n. */
        size_t wanted = r->cells.cost_ring == 1 ? n : n + 1 >= r->depth ? n + 1 - r->depth : n;
        bool in_ring = n == last || (r->cells.cost_ring > 1 && n + 1 < r->depth);
        silbe_status status = in_ring ? SILBE_OK : fill_row(r, wanted, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        backward_row(r, n);
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_rows_run(const silbe_softdtw_problem *problem, void *scratch,
                                    const silbe_softdtw_gradient *gradient, double *value,
                                    silbe_err *err)
{
    rows r = {0};
    bool with_gradient = gradient != NULL && gradient->cost != NULL;
    (void)carve(&r, problem, with_gradient, scratch);
    if (with_gradient) {
        r.values = gradient->cost;
        r.gradient = gradient->cost;
        r.weights = gradient->weights;
        r.penalties = gradient->penalties;
    }
    r.cells.values = r.values;
    r.cells.costs = r.costs;
    silbe_status status = forward(&r, err);
    if (status == SILBE_OK) {
        status = finish(&r, value, err);
    }
    if (status == SILBE_OK && with_gradient) {
        status = backward(&r, err);
    }
    return status;
}
