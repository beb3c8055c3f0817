/* DTW as the book writes it: the full matrix, one cell after the other. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "align/base/arena.h"
#include "align/dtw/engine.h"
#include "tests/align/dtw/reference.h"

silbe_status silbe_dtw_reference_size(const silbe_dtw_problem *problem, size_t *bytes,
                                      silbe_err *err)
{
    const size_t cell = sizeof(double) + sizeof(float) + 1;
    silbe_status status = silbe_dtw_problem_check(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (problem->n_rows > (SIZE_MAX - SILBE_ARENA_ALIGN) / cell / problem->n_cols) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "DTW reference: %zu rows x %zu columns overflow size_t", problem->n_rows,
                          problem->n_cols);
    }
    *bytes = problem->n_rows * problem->n_cols * cell + SILBE_ARENA_ALIGN;
    return SILBE_OK;
}

/* S of step s at (n, m); INFINITY if a cell that counts lies outside the matrix. */
static double sum_of_step(const silbe_dtw_problem *problem, const float *cost,
                          const silbe_path_step *s, size_t n, size_t m)
{
    double sum = (double)cost[n * problem->n_cols + m];
    int longest = s->dn > s->dm ? s->dn : s->dm;
    for (int i = 1; i < longest && problem->steps.add_skipped; i++) {
        size_t back_n = (size_t)(i * s->dn / longest);
        size_t back_m = (size_t)(i * s->dm / longest);
        if (back_n > n || back_m > m) {
            return INFINITY;
        }
        sum += (double)cost[(n - back_n) * problem->n_cols + (m - back_m)];
    }
    return sum;
}

static void fill_cell(const silbe_dtw_problem *problem, const float *cost, size_t n, size_t m,
                      double *value, uint8_t *step)
{
    size_t n_cols = problem->n_cols;
    double best = INFINITY;
    uint8_t best_step = UINT8_MAX; /* the path starts here, or never comes here */
    bool is_start = n == 0 && (m == 0 || problem->start_free);
    if (is_start) {
        best = (double)cost[m];
    }
    for (size_t k = 0; k < problem->steps.n_steps && !is_start; k++) {
        const silbe_path_step *s = &problem->steps.steps[k];
        if ((size_t)s->dn > n || (size_t)s->dm > m) {
            continue;
        }
        double from = value[(n - (size_t)s->dn) * n_cols + (m - (size_t)s->dm)];
        double by_step = from + (s->weight * sum_of_step(problem, cost, s, n, m) + s->penalty);
        if (by_step < best) {
            best = by_step;
            best_step = (uint8_t)k;
        }
    }
    value[n * n_cols + m] = best;
    step[n * n_cols + m] = best_step;
}

static silbe_status fill_matrices(const silbe_dtw_problem *problem, float *cost, double *value,
                                  uint8_t *step, silbe_err *err)
{
    for (size_t n = 0; n < problem->n_rows; n++) {
        float *row = cost + n * problem->n_cols;
        silbe_dtw_range window = silbe_dtw_window(problem, n, problem->n_cols - 1);
        for (size_t m = 0; m < problem->n_cols; m++) {
            row[m] = INFINITY;
        }
        silbe_status status =
            silbe_dtw_fill(problem, n, window.begin, window.end, row + window.begin, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t m = 0; m < problem->n_cols; m++) {
            fill_cell(problem, cost, n, m, value, step);
        }
    }
    return SILBE_OK;
}

static size_t trace_back(const silbe_dtw_problem *problem, const uint8_t *step, size_t n, size_t m,
                         silbe_path_point *path, size_t capacity)
{
    size_t length = 0;
    for (;;) {
        if (length == capacity) {
            return 0;
        }
        length++;
        path[capacity - length] = (silbe_path_point){n, m};
        uint8_t k = step[n * problem->n_cols + m];
        if (k == UINT8_MAX) {
            break;
        }
        n -= (size_t)problem->steps.steps[k].dn;
        m -= (size_t)problem->steps.steps[k].dm;
    }
    memmove(path, path + (capacity - length), length * sizeof *path);
    return length;
}

static void count_edges(const silbe_dtw_problem *problem, const silbe_path_point *path,
                        silbe_dtw_result *result)
{
    for (size_t i = result->path_length; i-- > 0 && problem->lo != NULL;) {
        size_t n = path[i].n;
        bool at_lo = path[i].m == problem->lo[n] && path[i].m > 0;
        bool at_hi = path[i].m + 1 == problem->hi[n] && path[i].m + 1 < problem->n_cols;
        if (at_lo || at_hi) {
            result->n_edge_cells++;
            result->first_edge_row = n;
        }
    }
}

silbe_status silbe_dtw_reference(const silbe_dtw_problem *problem, void *scratch,
                                 size_t scratch_bytes, silbe_path_point *path, size_t path_capacity,
                                 silbe_dtw_result *result, silbe_err *err)
{
    size_t bytes = 0;
    silbe_status status = silbe_dtw_reference_size(problem, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW reference: scratch should be %zu bytes, got %zu; result %s", bytes,
                          scratch_bytes, result == NULL ? "is missing (NULL)" : "is there");
    }
    size_t n_cells = problem->n_rows * problem->n_cols;
    silbe_arena arena = silbe_arena_at(scratch);
    double *value = silbe_arena_take(&arena, n_cells, sizeof *value);
    float *cost = (float *)(void *)(value + n_cells);
    uint8_t *step = (uint8_t *)(void *)(cost + n_cells);
    status = fill_matrices(problem, cost, value, step, err);
    if (status != SILBE_OK) {
        return status;
    }
    const double *last = value + (problem->n_rows - 1) * problem->n_cols;
    size_t end_m = problem->n_cols - 1;
    for (size_t m = problem->n_cols; m-- > 0 && problem->end_free;) {
        end_m = last[m] <= last[end_m] ? m : end_m;
    }
    if (!(last[end_m] < INFINITY)) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "DTW: no path of finite cost ends in cell (%zu, %zu)",
                          problem->n_rows - 1, end_m);
    }
    *result = (silbe_dtw_result){.cost = last[end_m]};
    if (path != NULL) {
        result->path_length =
            trace_back(problem, step, problem->n_rows - 1, end_m, path, path_capacity);
        if (result->path_length == 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: path has room for %zu cells only",
                              path_capacity);
        }
        count_edges(problem, path, result);
    }
    return SILBE_OK;
}
