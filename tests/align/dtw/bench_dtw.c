/* Speed and memory of DTW on features like those of real recordings, kernel by kernel. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "align/dtw/band.h"
#include "align/dtw/dtw.h"
#include "tests/align/dtw/bench_dtw.h"

enum { N_DIMS = 12, N_ROUNDS = 3 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rough processor clock: a chain of dependent multiplications of three cycles each. */
static double clock_hz(void)
{
    const size_t n = 100000000;
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
        (void)fprintf(stderr, "bench_dtw: no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(data, 1, bytes); /* page faults are not DTW's */
    return data;
}

/* Chroma-like frames: non-negative, length 1, changing every few frames; y is x at another tempo
 * with noise. */
static void make_features(size_t n_frames, double period, float *out)
{
    unsigned long long state = 88172645463325252ULL;
    for (size_t t = 0; t < n_frames; t++) {
        size_t chord = (size_t)((double)t / period);
        double sum = 0.0;
        for (size_t d = 0; d < N_DIMS; d++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            double noise = (double)(state >> 40) / 16777216.0;
            size_t tone = (d * 7 + chord * (chord % 5 + 3)) % 12;
            double value = (tone < 3 ? 1.0 : 0.05) + 0.3 * noise;
            out[t * N_DIMS + d] = (float)value;
            sum += value * value;
        }
        for (size_t d = 0; d < N_DIMS; d++) {
            out[t * N_DIMS + d] /= (float)sqrt(sum);
        }
    }
}

typedef struct {
    float *x;
    float *y_t;
    silbe_dtw_features features;
    silbe_dtw_problem problem;
} input;

static input make_input(size_t n_rows, size_t n_cols)
{
    input in;
    float *y = get(n_cols * N_DIMS * sizeof *y);
    in.x = get(n_rows * N_DIMS * sizeof *in.x);
    in.y_t = get(n_cols * N_DIMS * sizeof *in.y_t);
    make_features(n_rows, 20.0, in.x);
    make_features(n_cols, 20.0 * (double)n_cols / (double)n_rows, y);
    silbe_dtw_transpose(y, n_cols, N_DIMS, in.y_t);
    free(y);
    in.features = (silbe_dtw_features){in.x, in.y_t, N_DIMS, n_cols};
    in.problem = (silbe_dtw_problem){.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_cosine_cost,
                                     .steps = silbe_dtw_steps_classical(2.0, 1.5, 1.5)};
    return in;
}

typedef struct {
    double seconds;
    size_t bytes;
    silbe_dtw_result result;
} timing;

static timing run(const input *in, const silbe_dtw_options *options, bool with_path)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_dtw_problem problem = in->problem;
    problem.context = &in->features;
    timing t = {0};
    if (silbe_dtw_scratch_size(&problem, options, &t.bytes, &err) != SILBE_OK) {
        t.seconds = NAN; /* this kernel does not run here */
        return t;
    }
    size_t capacity = with_path ? silbe_dtw_path_capacity(&problem) : 0;
    void *scratch = get(t.bytes);
    silbe_path_point *path = with_path ? get(capacity * sizeof *path) : NULL;
    t.seconds = INFINITY;
    for (int round = 0; round < N_ROUNDS; round++) { /* the best: others use the machine, too */
        double begin = now_s();
        if (silbe_dtw_run(&problem, options, scratch, t.bytes, path, capacity, &t.result, &err) !=
            SILBE_OK) {
            (void)fprintf(stderr, "bench_dtw: %s\n", err.message);
            exit(1);
        }
        t.seconds = fmin(t.seconds, now_s() - begin);
    }
    free(path);
    free(scratch);
    return t;
}

static double reference_seconds(const input *in)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_dtw_problem problem = in->problem;
    problem.context = &in->features;
    size_t bytes = 0;
    if (silbe_dtw_reference_size(&problem, &bytes, &err) != SILBE_OK) {
        return NAN;
    }
    size_t capacity = silbe_dtw_path_capacity(&problem);
    void *scratch = get(bytes);
    silbe_path_point *path = get(capacity * sizeof *path);
    silbe_dtw_result result;
    double seconds = INFINITY;
    for (int round = 0; round < N_ROUNDS; round++) {
        double begin = now_s();
        if (silbe_dtw_reference(&problem, scratch, bytes, path, capacity, &result, &err) !=
            SILBE_OK) {
            (void)fprintf(stderr, "bench_dtw: %s\n", err.message);
            exit(1);
        }
        seconds = fmin(seconds, now_s() - begin);
    }
    free(path);
    free(scratch);
    return seconds;
}

static void free_input(input *in)
{
    free(in->x);
    free(in->y_t);
}

static void print_row(const char *name, double cells, const timing *t, double hz)
{
    printf("%-34s %8.3f s %9.2f MB %8.0f Mcells/s %6.2f cells/cycle\n", name, t->seconds,
           (double)t->bytes / 1e6, cells / t->seconds / 1e6, cells / t->seconds / hz);
}

/* Every kernel on the same input: the cells of the matrix per second, path included. */
static void bench_kernels(const input *in, double cells, double hz)
{
    static const char *const names[SILBE_DTW_N_KERNELS] = {"auto", "row by row", "strips, plain C",
                                                           "strips, AVX2", "strips, AVX-512"};
    for (int k = SILBE_DTW_KERNEL_ROWS; k < SILBE_DTW_N_KERNELS; k++) {
        silbe_dtw_options options = {(silbe_dtw_kernel)k, 0};
        timing t = run(in, &options, true);
        if (!isnan(t.seconds)) {
            print_row(names[k], cells, &t, hz);
        }
    }
}

static void bench_long_band(double hz)
{
    /* 75 minutes at 100 frames a second, 20 s to either side. */
    const size_t n = 450000;
    const size_t radius = 1000;
    silbe_err err = SILBE_ERR_INIT;
    input in = make_input(n, n);
    size_t *lo = get(n * sizeof *lo);
    size_t *hi = get(n * sizeof *hi);
    if (silbe_dtw_band_sakoe_chiba(n, n, radius, lo, hi, &err) != SILBE_OK) {
        exit(1);
    }
    in.problem.lo = lo;
    in.problem.hi = hi;
    timing t = run(&in, NULL, true);
    print_row("450,000 x 450,000, band 2,001", (double)silbe_dtw_band_cells(lo, hi, n), &t, hz);
    free(lo);
    free(hi);
    free_input(&in);
}

silbe_bench_dtw_figures silbe_bench_dtw(size_t n_rows, size_t n_cols)
{
    silbe_bench_dtw_figures f = {0};
    const size_t small = 4000;
    double hz = clock_hz();
    double cells = (double)n_rows * (double)n_cols;
    input in = make_input(n_rows, n_cols);
    timing best = run(&in, NULL, true);
    timing forward = run(&in, NULL, false);
    printf("DTW, %zu x %zu, cosine of %d-dimensional features, one thread, %.2f GHz; best of %d\n",
           n_rows, n_cols, N_DIMS, hz / 1e9, N_ROUNDS);
    print_row("value and path", cells, &best, hz);
    print_row("value alone", cells, &forward, hz);
    bench_kernels(&in, cells, hz);

    input other = in;
    other.problem.steps = silbe_dtw_steps_monotonic(false);
    if (n_rows < n_cols * 3 / 2 && n_cols < n_rows * 3 / 2) { /* slopes from 1/2 to 2 only */
        timing monotonic = run(&other, NULL, true);
        print_row("steps (1,1), (2,1), (1,2)", cells, &monotonic, hz);
    }
    input less = make_input(small, small);
    double small_cells = (double)small * (double)small;
    timing quick = run(&less, NULL, true);
    double slow = reference_seconds(&less);
    printf(
        "reference, %zu x %zu: %.3f s (%.0f Mcells/s); the fast form there: %.4f s, %.0f times as "
        "fast\n",
        small, small, slow, small_cells / slow / 1e6, quick.seconds, slow / quick.seconds);

    /* Per cell and pass: N_DIMS multiplications and N_DIMS additions in float for the cost, 3 + 3
     * in double and 2 minima for D. With 8 floats or 4 doubles a vector and two additions or minima
     * a cycle that is N_DIMS / 16 + 5 / 8 cycles; multiplications run beside them. The way back
     * repeats about half of the cells. */
    double limit = (double)N_DIMS / 16.0 + 5.0 / 8.0;
    printf(
        "limit at AVX2 width, additions and minima only: %.2f cycles a cell and pass, 1.5 passes "
        "%.3f s; reached %.0f %%\n",
        limit, 1.5 * limit * cells / hz, 100.0 * 1.5 * limit * cells / hz / best.seconds);
    printf(
        "bytes: costs and D of a strip's segment (some 80 KB) stay in the caches; main memory sees "
        "the features, one row of D for 16 rows, and the checkpoints\n");
    bench_long_band(hz);
    f.wall_s = best.seconds;
    f.reference_wall_s = slow * cells / small_cells;
    f.peak_extra_bytes = best.bytes;
    f.cells_per_s = cells / best.seconds;
    free_input(&less);
    free_input(&in);
    return f;
}

int silbe_bench_dtw_json(FILE *stream, const silbe_bench_dtw_figures *f)
{
    return fprintf(stream,
                   "{\"name\": \"dtw-linear\", \"wall_s\": %.6f, \"reference_wall_s\": %.6f, "
                   "\"peak_extra_bytes\": %zu, \"cells_per_s\": %.0f}",
                   f->wall_s, f->reference_wall_s, f->peak_extra_bytes, f->cells_per_s);
}
