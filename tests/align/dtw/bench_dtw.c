/* Speed and memory of DTW on features like those of real recordings, kernel by kernel. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "align/dtw/band.h"
#include "align/dtw/dtw.h"
#include "tests/align/bench_common.h"
#include "tests/align/dtw/reference.h"

enum { N_DIMS = 12, N_ROUNDS = 3 };

/* Chroma-like frames: non-negative, length 1, changing every few frames; y is x at another tempo
 * with noise. */
static void make_features(size_t n_frames, double period, float *out)
{
    unsigned long long state = 88172645463325252ULL;
    for (size_t t = 0; t < n_frames; t++) {
        size_t chord = (size_t)((double)t / period);
        double sum = 0.0;
        for (size_t d = 0; d < N_DIMS; d++) {
            double noise = bench_random(&state);
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
    float *y = bench_get(n_cols * N_DIMS * sizeof *y);
    in.x = bench_get(n_rows * N_DIMS * sizeof *in.x);
    in.y_t = bench_get(n_cols * N_DIMS * sizeof *in.y_t);
    make_features(n_rows, 20.0, in.x);
    make_features(n_cols, 20.0 * (double)n_cols / (double)n_rows, y);
    silbe_dtw_transpose(y, n_cols, N_DIMS, in.y_t);
    free(y);
    in.features = (silbe_dtw_features){in.x, in.y_t, N_DIMS, n_cols};
    in.problem = (silbe_dtw_problem){.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = silbe_dtw_cosine_cost,
                                     .steps = silbe_path_steps_classical(2.0, 1.5, 1.5)};
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
    void *scratch = bench_get(t.bytes);
    silbe_path_point *path = with_path ? bench_get(capacity * sizeof *path) : NULL;
    t.seconds = INFINITY;
    for (int round = 0; round < N_ROUNDS; round++) { /* the best: others use the machine, too */
        double begin = bench_now_s();
        bench_check(
            silbe_dtw_run(&problem, options, scratch, t.bytes, path, capacity, &t.result, &err),
            &err);
        t.seconds = fmin(t.seconds, bench_now_s() - begin);
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
    bench_check(silbe_dtw_reference_size(&problem, &bytes, &err), &err);
    size_t capacity = silbe_dtw_path_capacity(&problem);
    void *scratch = bench_get(bytes);
    silbe_path_point *path = bench_get(capacity * sizeof *path);
    silbe_dtw_result result;
    double seconds = INFINITY;
    for (int round = 0; round < N_ROUNDS; round++) {
        double begin = bench_now_s();
        bench_check(silbe_dtw_reference(&problem, scratch, bytes, path, capacity, &result, &err),
                    &err);
        seconds = fmin(seconds, bench_now_s() - begin);
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

/* Every kernel on the same input: the cells of the matrix per second, path included. */
static void bench_kernels(const input *in, double cells, double hz)
{
    static const char *const names[SILBE_N_KERNELS] = {"auto", "row by row", "strips, plain C",
                                                       "strips, AVX2", "strips, AVX-512"};
    for (int k = SILBE_KERNEL_ROWS; k < SILBE_N_KERNELS; k++) {
        silbe_dtw_options options = {(silbe_kernel)k, 0};
        timing t = run(in, &options, true);
        if (!isnan(t.seconds)) {
            bench_print(names[k], t.seconds, t.bytes, cells, hz);
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
    size_t *lo = bench_get(n * sizeof *lo);
    size_t *hi = bench_get(n * sizeof *hi);
    bench_check(silbe_dtw_band_sakoe_chiba(n, n, radius, lo, hi, &err), &err);
    in.problem.lo = lo;
    in.problem.hi = hi;
    timing t = run(&in, NULL, true);
    bench_print("450,000 x 450,000, band 2,001", t.seconds, t.bytes,
                (double)silbe_dtw_band_cells(lo, hi, n), hz);
    free(lo);
    free(hi);
    free_input(&in);
}

static bench_figures bench_dtw(size_t n_rows, size_t n_cols)
{
    const size_t small = 4000;
    double hz = bench_clock_hz();
    double cells = (double)n_rows * (double)n_cols;
    input in = make_input(n_rows, n_cols);
    timing best = run(&in, NULL, true);
    timing forward = run(&in, NULL, false);
    printf("DTW, %zu x %zu, cosine of %d-dimensional features, one thread, %.2f GHz; best of %d\n",
           n_rows, n_cols, N_DIMS, hz / 1e9, N_ROUNDS);
    bench_print("value and path", best.seconds, best.bytes, cells, hz);
    bench_print("value alone", forward.seconds, forward.bytes, cells, hz);
    bench_kernels(&in, cells, hz);

    input other = in;
    other.problem.steps = silbe_path_steps_monotonic(false);
    if (n_rows < n_cols * 3 / 2 && n_cols < n_rows * 3 / 2) { /* slopes from 1/2 to 2 only */
        timing monotonic = run(&other, NULL, true);
        bench_print("steps (1,1), (2,1), (1,2)", monotonic.seconds, monotonic.bytes, cells, hz);
    }
    bench_long_band(hz);
    input less = make_input(small, small); /* the whole would need 13 bytes a cell */
    /* Per cell and pass: N_DIMS multiplications and N_DIMS additions in float for the cost, 3 + 3
     * in double and 2 minima for D. With 8 floats or 4 doubles a vector and two additions or minima
     * a cycle that is N_DIMS / 16 + 5 / 8 cycles; multiplications run beside them. The way back
     * repeats about half of the cells. Memory sees the features, one row of D for 16 rows, and the
     * checkpoints; costs and D of a strip's segment (some 80 KB) stay in the caches. */
    bench_figures f = {.name = "dtw-linear",
                       .wall_s = best.seconds,
                       .cells = cells,
                       .peak_extra_bytes = best.bytes,
                       .reference_s = reference_seconds(&less),
                       .reference_cells = (double)small * (double)small,
                       .moved_bytes = 1.5 * cells * (16.0 + 4.0 * N_DIMS) / 16.0,
                       .limit_s = 1.5 * cells * (N_DIMS / 16.0 + 5.0 / 8.0) / hz,
                       .limit = "additions and minima alone, two 32-byte ones a cycle, of costs "
                                "and D; held back by the chain from column to column and by "
                                "bringing costs into lanes, not by memory"};
    bench_report(&f);
    free_input(&less);
    free_input(&in);
    return f;
}

int main(int argc, char **argv)
{
    size_t rows = 20000;
    size_t cols = 20000;
    const bench_option options[] = {{"--rows", &rows, 1, 10000000}, {"--cols", &cols, 1, 10000000}};
    const bench_command command = {"bench_dtw", "[--rows N] [--cols M]", options, 2};
    const char *json = NULL;
    bench_arguments(&command, argc, argv, &json);
    bench_figures figures = bench_dtw(rows, cols);
    return bench_write_json(&command, json, &figures, 1);
}
