/* What the DTW tests share: random problems, memory, and comparison with the reference. */
#ifndef SILBE_TESTS_DTW_TEST_H
#define SILBE_TESTS_DTW_TEST_H

#include "tests/check.h"

#include <string.h>

#include "align/dtw/dtw.h"
#include "tests/align/dtw/reference.h"

/* An answer of silbe_dtw_run or silbe_dtw_reference with its own memory. */
typedef struct {
    silbe_status status;
    silbe_err err;
    silbe_dtw_result result;
    silbe_path_point *path;
} dtw_answer;

static inline void *dtw_alloc(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(data);
    return data;
}

static inline void dtw_answer_free(dtw_answer *answer)
{
    free(answer->path);
    answer->path = NULL;
}

/* Scratch is exactly as large as asked for, filled with NaN, and at an odd address: what a kernel
 * reads before it writes shows. */
static inline dtw_answer dtw_fast(const silbe_dtw_problem *problem,
                                  const silbe_dtw_options *options)
{
    dtw_answer a = {.err = SILBE_ERR_INIT};
    size_t bytes = 0;
    a.status = silbe_dtw_scratch_size(problem, options, &bytes, &a.err);
    if (a.status != SILBE_OK) {
        return a;
    }
    size_t capacity = silbe_dtw_path_capacity(problem);
    char *scratch = dtw_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    a.path = dtw_alloc(capacity * sizeof *a.path);
    a.status =
        silbe_dtw_run(problem, options, scratch + 1, bytes, a.path, capacity, &a.result, &a.err);
    free(scratch);
    return a;
}

static inline dtw_answer dtw_slow(const silbe_dtw_problem *problem)
{
    dtw_answer a = {.err = SILBE_ERR_INIT};
    size_t bytes = 0;
    a.status = silbe_dtw_reference_size(problem, &bytes, &a.err);
    if (a.status != SILBE_OK) {
        return a;
    }
    size_t capacity = silbe_dtw_path_capacity(problem);
    void *scratch = dtw_alloc(bytes);
    a.path = dtw_alloc(capacity * sizeof *a.path);
    a.status = silbe_dtw_reference(problem, scratch, bytes, a.path, capacity, &a.result, &a.err);
    free(scratch);
    return a;
}

/* Same status; on success the same bits of the value and the same cells. */
static inline bool dtw_same(const dtw_answer *a, const dtw_answer *b)
{
    if (a->status != b->status) {
        print_error("status %d (%s) and %d (%s)\n", (int)a->status, a->err.message, (int)b->status,
                    b->err.message);
        return false;
    }
    if (a->status != SILBE_OK) {
        return true;
    }
    bool same = a->result.cost == b->result.cost &&
                a->result.path_length == b->result.path_length &&
                a->result.n_edge_cells == b->result.n_edge_cells &&
                a->result.first_edge_row == b->result.first_edge_row;
    for (size_t i = 0; same && i < a->result.path_length; i++) {
        same = a->path[i].n == b->path[i].n && a->path[i].m == b->path[i].m;
    }
    if (!same) {
        print_error("cost %.17g and %.17g, length %zu and %zu, edge cells %zu and %zu\n",
                    a->result.cost, b->result.cost, a->result.path_length, b->result.path_length,
                    a->result.n_edge_cells, b->result.n_edge_cells);
    }
    return same;
}

static inline size_t dtw_below(check_rng *rng, size_t n)
{
    return (size_t)(check_random(rng) % n);
}

/* Step sets of all kinds: classical ones most often. */
static inline silbe_path_steps dtw_random_steps(check_rng *rng)
{
    static const double weights[] = {1.0, 1.0, 1.5, 2.0, 0.1};
    silbe_path_steps steps = {0};
    switch (dtw_below(rng, 4)) {
    case 0:
        steps = silbe_path_steps_monotonic(dtw_below(rng, 2) == 0);
        break;
    case 1:
        steps.n_steps = 1 + dtw_below(rng, SILBE_PATH_MAX_STEPS);
        steps.add_skipped = dtw_below(rng, 2) == 0;
        for (size_t k = 0; k < steps.n_steps; k++) {
            do {
                steps.steps[k].dn = (int)dtw_below(rng, dtw_below(rng, 4) == 0 ? 9 : 4);
                steps.steps[k].dm = (int)dtw_below(rng, dtw_below(rng, 4) == 0 ? 9 : 4);
            } while (steps.steps[k].dn == 0 && steps.steps[k].dm == 0);
        }
        break;
    default:
        steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
        break;
    }
    bool with_penalty = dtw_below(rng, 3) == 0;
    for (size_t k = 0; k < steps.n_steps; k++) {
        steps.steps[k].weight = weights[dtw_below(rng, 5)];
        steps.steps[k].penalty = with_penalty ? (double)dtw_below(rng, 3) - 0.5 : 0.0;
    }
    return steps;
}

/* Costs 0 .. n_values - 1, some cells forbidden now and then. */
static inline void dtw_random_costs(check_rng *rng, size_t n_values, bool forbid, float *cost,
                                    size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cost[i] = (float)dtw_below(rng, n_values);
        if (forbid && dtw_below(rng, 12) == 0) {
            cost[i] = INFINITY;
        }
    }
}

#endif
