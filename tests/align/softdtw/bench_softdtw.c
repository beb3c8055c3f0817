/* Speed and memory of soft-DTW, kernel by kernel. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "align/softdtw/softdtw.h"
#include "tests/align/softdtw/bench_softdtw.h"

enum { N_ROUNDS = 7 };

/* Additions, multiplications, maxima, blends, shifts of bits and of lanes for one vector of cells:
 * exp(-C / gamma) 30, a sum of three with its exponents 31, a normal form and the move to the next
 * lane 12; forward twice, backward once without the exponential and with E. */
static const double operations_per_vector = 2.0 * (30.0 + 31.0 + 12.0) + (31.0 + 12.0 + 10.0);

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rough processor clock: a chain of dependent multiplications of three cycles each. */
static double clock_hz(void)
{
    const size_t n = 30000000;
    unsigned long x = 3;
    double begin = now_s();
    for (size_t i = 0; i < n; i++) {
        x *= x;
#if defined(__GNUC__)
        __asm__ volatile("" : "+r"(x));
#endif
    }
    double seconds = now_s() - begin;
    return x == 0 ? 1.0 : 3.0 * (double)n / seconds;
}

static void *get(size_t bytes)
{
    void *data = malloc(bytes);
    if (data == NULL) {
        (void)fprintf(stderr, "bench_softdtw: no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(data, 1, bytes); /* page faults are not soft-DTW's */
    return data;
}

/* Costs in 0 .. 2 that are low along a bent path, as between two sequences of features. */
static double *make_costs(size_t n_rows, size_t n_cols)
{
    unsigned long long state = 88172645463325252ULL;
    double *cost = get(n_rows * n_cols * sizeof *cost);
    for (size_t n = 0; n < n_rows; n++) {
        double x = (double)n / (double)n_rows;
        for (size_t m = 0; m < n_cols; m++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            double away = 200.0 * (x * sqrt(x) - (double)m / (double)n_cols);
            cost[n * n_cols + m] = fmin(1.0, away * away) + (double)(state >> 40) / 16777216.0;
        }
    }
    return cost;
}

typedef struct {
    double seconds;
    size_t bytes;
    double value;
} timing;

static timing run(const silbe_softdtw_problem *problem, silbe_softdtw_kernel kernel, double *e,
                  int n_rounds)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_softdtw_options options = {kernel};
    silbe_softdtw_gradient gradient = {e, NULL, NULL};
    silbe_softdtw_result result;
    timing t = {0};
    if (silbe_softdtw_scratch_size(problem, &options, &gradient, &t.bytes, &err) != SILBE_OK) {
        t.seconds = NAN; /* this kernel does not run here */
        return t;
    }
    void *scratch = get(t.bytes);
    t.seconds = INFINITY;
    for (int round = 0; round < n_rounds; round++) { /* the best: others use the machine, too */
        double begin = now_s();
        if (silbe_softdtw_run(problem, &options, scratch, t.bytes, &gradient, &result, &err) !=
            SILBE_OK) {
            (void)fprintf(stderr, "bench_softdtw: %s\n", err.message);
            exit(1);
        }
        t.seconds = fmin(t.seconds, now_s() - begin);
    }
    t.value = result.value;
    free(scratch);
    return t;
}

static timing run_reference(const silbe_softdtw_problem *problem, double *e)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_softdtw_gradient gradient = {e, NULL, NULL};
    silbe_softdtw_result result;
    timing t = {0};
    if (silbe_softdtw_reference_size(problem, &t.bytes, &err) != SILBE_OK) {
        (void)fprintf(stderr, "bench_softdtw: %s\n", err.message);
        exit(1);
    }
    void *scratch = get(t.bytes);
    t.seconds = INFINITY;
    for (int round = 0; round < 2; round++) {
        double begin = now_s();
        if (silbe_softdtw_reference(problem, scratch, t.bytes, &gradient, &result, &err) !=
            SILBE_OK) {
            (void)fprintf(stderr, "bench_softdtw: %s\n", err.message);
            exit(1);
        }
        t.seconds = fmin(t.seconds, now_s() - begin);
    }
    t.value = result.value;
    free(scratch);
    return t;
}

static void print_row(const char *name, double cells, const timing *t, double hz)
{
    printf("%-34s %8.4f s %9.2f MB %8.1f Mcells/s %7.2f cycles/cell\n", name, t->seconds,
           (double)t->bytes / 1e6, cells / t->seconds / 1e6, t->seconds * hz / cells);
}

static void print_variants(const silbe_softdtw_problem *problem, double *e, double cells, double hz)
{
    static const char *const names[SILBE_SOFTDTW_N_KERNELS] = {
        "auto", "row by row, log domain", "strips, plain C", "strips, AVX2", "strips, AVX-512"};
    silbe_softdtw_problem other = *problem;
    timing t;
    for (int k = SILBE_SOFTDTW_KERNEL_ROWS; k < SILBE_SOFTDTW_N_KERNELS; k++) {
        t = run(problem, (silbe_softdtw_kernel)k, e, k < SILBE_SOFTDTW_KERNEL_AVX2 ? 2 : N_ROUNDS);
        if (!isnan(t.seconds)) {
            print_row(names[k], cells, &t, hz);
        }
    }
    other.steps = silbe_dtw_steps_monotonic(false);
    t = run(&other, SILBE_SOFTDTW_KERNEL_AUTO, e, 2);
    print_row("steps (1,1), (2,1), (1,2)", cells, &t, hz);
    other.minimum = SILBE_SOFTDTW_SPARSEMIN;
    t = run(&other, SILBE_SOFTDTW_KERNEL_AUTO, e, 2);
    print_row("the same, sparsemin", cells, &t, hz);
}

silbe_bench_softdtw_figures silbe_bench_softdtw(size_t n_rows, size_t n_cols)
{
    silbe_bench_softdtw_figures f = {0};
    double hz = clock_hz();
    double cells = (double)n_rows * (double)n_cols;
    double *cost = make_costs(n_rows, n_cols);
    double *e = get(n_rows * n_cols * sizeof *e);
    silbe_softdtw_problem problem = {.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = cost,
                                     .steps = silbe_dtw_steps_classical(1.0, 1.0, 1.0),
                                     .gamma = 0.1};
    timing best = run(&problem, SILBE_SOFTDTW_KERNEL_AUTO, e, N_ROUNDS);
    timing value = run(&problem, SILBE_SOFTDTW_KERNEL_AUTO, NULL, N_ROUNDS);
    printf("soft-DTW, %zu x %zu doubles, gamma 0.1, one thread, %.2f GHz; best of %d\n", n_rows,
           n_cols, hz / 1e9, N_ROUNDS);
    print_row("value and gradient", cells, &best, hz);
    print_row("value alone", cells, &value, hz);
    print_variants(&problem, e, cells, hz);
    timing slow = run_reference(&problem, e);
    print_row("reference", cells, &slow, hz);
    printf("the fast form is %.0f times as fast; values differ by %.1e\n",
           slow.seconds / best.seconds, fabs(slow.value - best.value));

    /* Two 256-bit operations a cycle of four cells each. */
    double limit = operations_per_vector / 4.0 / 2.0;
    printf("limit at AVX2 width: %.0f operations a vector, two a cycle, is %.1f cycles a cell, "
           "%.4f s; reached %.0f %%\n",
           operations_per_vector, limit, limit * cells / hz,
           100.0 * limit * cells / hz / best.seconds);
    printf("bytes: costs are read twice and E is written once, 24 a cell in main memory; a block "
           "of %.1f MB goes through the second-level cache\n",
           64.0 * 8.0 * (double)(n_cols + 16) / 1e6);
    f.wall_s = best.seconds;
    f.reference_wall_s = slow.seconds;
    f.peak_extra_bytes = best.bytes;
    f.cells_per_s = cells / best.seconds;
    free(e);
    free(cost);
    return f;
}

int silbe_bench_softdtw_json(FILE *stream, const silbe_bench_softdtw_figures *f)
{
    return fprintf(stream,
                   "{\"name\": \"softdtw\", \"wall_s\": %.6f, \"reference_wall_s\": %.6f, "
                   "\"peak_extra_bytes\": %zu, \"cells_per_s\": %.0f}",
                   f->wall_s, f->reference_wall_s, f->peak_extra_bytes, f->cells_per_s);
}
