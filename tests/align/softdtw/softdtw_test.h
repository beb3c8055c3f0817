/* What the soft-DTW tests share: problems with their own memory, runs, comparisons. */
#ifndef SILBE_TESTS_SOFTDTW_TEST_H
#define SILBE_TESTS_SOFTDTW_TEST_H

#include "tests/check.h"

#include <stdbool.h>
#include <string.h>

#include "align/softdtw/softdtw.h"
#include "tests/align/softdtw/reference.h"

typedef struct {
    silbe_status status;
    silbe_err err;
    silbe_softdtw_result result;
    double *e; /* n_rows x n_cols */
    double weights[SILBE_PATH_MAX_STEPS];
    double penalties[SILBE_PATH_MAX_STEPS];
} soft_answer;

static inline void *soft_alloc(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(data);
    return data;
}

static inline void soft_free(soft_answer *answer)
{
    free(answer->e);
    answer->e = NULL;
}

enum { SOFT_VALUE = 0, SOFT_E, SOFT_ALL };

static inline silbe_softdtw_gradient soft_wanted(soft_answer *a, int wanted)
{
    silbe_softdtw_gradient g = SILBE_SOFTDTW_GRADIENT_INIT;
    g.cost = wanted != SOFT_VALUE ? a->e : NULL;
    g.weights = wanted == SOFT_ALL ? a->weights : NULL;
    g.penalties = wanted == SOFT_ALL ? a->penalties : NULL;
    return g;
}

/* Scratch is exactly as large as asked for, filled with NaN, and at an odd address: what a kernel
 * reads before it writes shows. */
static inline soft_answer soft_run(const silbe_softdtw_problem *problem, silbe_kernel kernel,
                                   int wanted)
{
    soft_answer a = {.err = SILBE_ERR_INIT};
    silbe_softdtw_options options = {kernel};
    size_t bytes = 0;
    double placeholder;
    a.e = &placeholder;
    silbe_softdtw_gradient g = soft_wanted(&a, wanted);
    a.status = silbe_softdtw_scratch_size(problem, &options, &g, &bytes, &a.err);
    a.e = NULL;
    if (a.status != SILBE_OK) {
        return a;
    }
    size_t n_cells = problem->n_rows * problem->n_cols;
    char *scratch = soft_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    a.e = soft_alloc(n_cells * sizeof *a.e);
    memset(a.e, 0xff, n_cells * sizeof *a.e);
    g = soft_wanted(&a, wanted);
    a.status = silbe_softdtw_run(problem, &options, scratch + 1, bytes, &g, &a.result, &a.err);
    free(scratch);
    return a;
}

static inline soft_answer soft_reference(const silbe_softdtw_problem *problem)
{
    soft_answer a = {.err = SILBE_ERR_INIT};
    size_t bytes = 0;
    a.status = silbe_softdtw_reference_size(problem, &bytes, &a.err);
    if (a.status != SILBE_OK) {
        return a;
    }
    char *scratch = soft_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    a.e = soft_alloc(problem->n_rows * problem->n_cols * sizeof *a.e);
    silbe_softdtw_gradient g = soft_wanted(&a, SOFT_ALL);
    a.status = silbe_softdtw_reference(problem, scratch + 1, bytes, &g, &a.result, &a.err);
    free(scratch);
    return a;
}

static inline bool soft_near(double got, double want, double tolerance)
{
    return isfinite(got) && isfinite(want) && fabs(got - want) <= tolerance * (1.0 + fabs(want));
}

/* Same status, and value and E within a relative tolerance; step gradients, too, if wanted. */
static inline bool soft_same(const silbe_softdtw_problem *p, const soft_answer *a,
                             const soft_answer *b, int wanted, double tolerance)
{
    if (a->status != b->status) {
        print_error("status %d (%s), want %d (%s)\n", (int)a->status, a->err.message,
                    (int)b->status, b->err.message);
        return false;
    }
    if (a->status != SILBE_OK) {
        return true;
    }
    if (!soft_near(a->result.value, b->result.value, tolerance)) {
        print_error("value %.17g, want %.17g\n", a->result.value, b->result.value);
        return false;
    }
    for (size_t i = 0; i < p->n_rows * p->n_cols && wanted != SOFT_VALUE; i++) {
        if (!soft_near(a->e[i], b->e[i], tolerance)) {
            print_error("E(%zu, %zu) = %.17g, want %.17g\n", i / p->n_cols, i % p->n_cols, a->e[i],
                        b->e[i]);
            return false;
        }
    }
    for (size_t k = 0; k < p->steps.n_steps && wanted == SOFT_ALL; k++) {
        if (!soft_near(a->weights[k], b->weights[k], 10.0 * tolerance) ||
            !soft_near(a->penalties[k], b->penalties[k], 10.0 * tolerance)) {
            print_error("step %zu: %.17g %.17g, want %.17g %.17g\n", k, a->weights[k],
                        a->penalties[k], b->weights[k], b->penalties[k]);
            return false;
        }
    }
    return true;
}

static inline size_t soft_below(check_rng *rng, size_t n)
{
    return (size_t)(check_random(rng) % n);
}

/* A random problem with its own arrays. */
typedef struct {
    silbe_softdtw_problem problem;
    double *cost;
    uint16_t *column_steps;
    size_t *lo;
    size_t *hi;
    unsigned char *starts;
    unsigned char *ends;
} soft_case;

static inline void soft_case_free(soft_case *c)
{
    free(c->cost);
    free(c->column_steps);
    free(c->lo);
    free(c->hi);
    free(c->starts);
    free(c->ends);
}

static inline silbe_path_steps soft_random_steps(check_rng *rng, bool strips)
{
    static const double weights[] = {1.0, 1.0, 1.5, 2.0, 0.25};
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    size_t kind = strips ? 0 : soft_below(rng, 4);
    if (kind == 1) {
        steps = silbe_path_steps_monotonic(soft_below(rng, 2) == 0);
    } else if (kind == 2) {
        steps.n_steps = 1 + soft_below(rng, 6);
        steps.add_skipped = soft_below(rng, 2) == 0;
        for (size_t k = 0; k < steps.n_steps; k++) {
            do {
                steps.steps[k].dn = (int)soft_below(rng, 4);
                steps.steps[k].dm = (int)soft_below(rng, 4);
            } while (steps.steps[k].dn == 0 && steps.steps[k].dm == 0);
        }
    }
    bool with_penalty = soft_below(rng, 3) == 0;
    double one_weight = weights[soft_below(rng, 5)];
    for (size_t k = 0; k < steps.n_steps; k++) {
        steps.steps[k].weight = strips ? one_weight : weights[soft_below(rng, 5)];
        steps.steps[k].penalty = with_penalty ? check_uniform(rng) - 0.3 : 0.0;
    }
    return steps;
}

static inline void soft_random_band(check_rng *rng, soft_case *c, size_t n_rows, size_t n_cols)
{
    c->lo = soft_alloc(n_rows * sizeof *c->lo);
    c->hi = soft_alloc(n_rows * sizeof *c->hi);
    size_t radius = 1 + soft_below(rng, n_cols);
    bool ragged = soft_below(rng, 2) == 0; /* lo and hi go up and down */
    for (size_t n = 0; n < n_rows; n++) {
        size_t centre = n_rows > 1 ? n * (n_cols - 1) / (n_rows - 1) : 0;
        c->lo[n] = centre > radius ? centre - radius : 0;
        c->hi[n] = centre + radius + 1 < n_cols ? centre + radius + 1 : n_cols;
        if (ragged && n % 16 != 1 && n > 0) { /* where strips begin */
            c->lo[n] = c->lo[n - 1];
            c->hi[n] = c->hi[n - 1];
        } else if (ragged) { /* with both corners */
            c->lo[n] = n == 0 ? 0 : soft_below(rng, n_cols / 2 + 1);
            c->hi[n] = n_cols - soft_below(rng, (n_cols + 1) / 2);
            c->hi[n] = n + 16 >= n_rows ? n_cols : c->hi[n];
            c->hi[n] = c->hi[n] > c->lo[n] ? c->hi[n] : c->lo[n] + 1;
        }
    }
    c->problem.lo = c->lo;
    c->problem.hi = c->hi;
}

static inline unsigned char *soft_random_mask(check_rng *rng, size_t n)
{
    unsigned char *mask = soft_alloc(n);
    bool all = soft_below(rng, 2) == 0;
    for (size_t m = 0; m < n; m++) {
        mask[m] = all || soft_below(rng, 3) == 0;
    }
    mask[soft_below(rng, n)] = 1;
    return mask;
}

/* strips: what the strip kernels take. */
static inline soft_case soft_random_case(check_rng *rng, size_t n_rows, size_t n_cols, bool strips)
{
    static const double gammas[] = {0.01, 0.1, 1.0, 1.0, 10.0};
    soft_case c = {0};
    silbe_softdtw_problem *p = &c.problem;
    size_t n_cells = n_rows * n_cols;
    bool forbid = soft_below(rng, 4) == 0;
    c.cost = soft_alloc(n_cells * sizeof *c.cost);
    for (size_t i = 0; i < n_cells; i++) {
        c.cost[i] = 2.0 * check_uniform(rng) - 0.2;
        c.cost[i] = forbid && soft_below(rng, 12) == 0 ? (double)INFINITY : c.cost[i];
    }
    *p = (silbe_softdtw_problem){.n_rows = n_rows, .n_cols = n_cols, .cost = c.cost};
    p->steps = soft_random_steps(rng, strips);
    p->minimum = strips ? SILBE_SOFTDTW_SOFTMIN
                        : (silbe_softdtw_minimum)soft_below(rng, SILBE_SOFTDTW_N_MINIMA);
    p->gamma = gammas[soft_below(rng, 5)];
    if (soft_below(rng, 3) == 0) {
        soft_random_band(rng, &c, n_rows, n_cols);
    }
    if (soft_below(rng, 3) == 0) {
        p->starts = c.starts = soft_random_mask(rng, n_cols);
    }
    if (soft_below(rng, 3) == 0) {
        p->ends = c.ends = soft_random_mask(rng, n_cols);
    }
    if (!strips && soft_below(rng, 4) == 0) {
        c.column_steps = soft_alloc(n_cols * sizeof *c.column_steps);
        for (size_t m = 0; m < n_cols; m++) {
            c.column_steps[m] = (uint16_t)(check_random(rng) | 1U);
        }
        p->column_steps = c.column_steps;
    }
    return c;
}

#endif
