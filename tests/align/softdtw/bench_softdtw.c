/* Speed and memory of soft-DTW, kernel by kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "align/softdtw/softdtw.h"
#include "tests/align/bench_common.h"
#include "tests/align/softdtw/reference.h"

enum { N_ROUNDS = 15 };

/* Additions, multiplications, maxima, blends, shifts of bits and of lanes for one vector of cells:
 * exp(-C / gamma) 30, a sum of three with its exponents 31, a normal form and the move to the next
 * lane 12; forward twice, backward once without the exponential and with E. */
static const double operations_per_vector = 2.0 * (30.0 + 31.0 + 12.0) + (31.0 + 12.0 + 10.0);

/* Costs in 0 .. 2 that are low along a bent path, as between two sequences of features. */
static double *make_costs(size_t n_rows, size_t n_cols)
{
    unsigned long long state = 88172645463325252ULL;
    double *cost = bench_get(n_rows * n_cols * sizeof *cost);
    for (size_t n = 0; n < n_rows; n++) {
        double x = (double)n / (double)n_rows;
        for (size_t m = 0; m < n_cols; m++) {
            double away = 200.0 * (x * sqrt(x) - (double)m / (double)n_cols);
            cost[n * n_cols + m] = fmin(1.0, away * away) + bench_random(&state);
        }
    }
    return cost;
}

typedef struct {
    double seconds;
    size_t bytes;
    double value;
} timing;

static timing run(const silbe_softdtw_problem *problem, silbe_kernel kernel, double *e,
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
    void *scratch = bench_get(t.bytes);
    t.seconds = INFINITY;
    for (int round = 0; round < n_rounds; round++) { /* the best: others use the machine, too */
        double begin = bench_now_s();
        bench_check(
            silbe_softdtw_run(problem, &options, scratch, t.bytes, &gradient, &result, &err), &err);
        t.seconds = fmin(t.seconds, bench_now_s() - begin);
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
    bench_check(silbe_softdtw_reference_size(problem, &t.bytes, &err), &err);
    void *scratch = bench_get(t.bytes);
    t.seconds = INFINITY;
    for (int round = 0; round < 2; round++) {
        double begin = bench_now_s();
        bench_check(silbe_softdtw_reference(problem, scratch, t.bytes, &gradient, &result, &err),
                    &err);
        t.seconds = fmin(t.seconds, bench_now_s() - begin);
    }
    t.value = result.value;
    free(scratch);
    return t;
}

static void print_variants(const silbe_softdtw_problem *problem, double *e, double cells, double hz)
{
    static const char *const names[SILBE_N_KERNELS] = {
        "auto", "row by row, log domain", "strips, plain C", "strips, AVX2", "strips, AVX-512"};
    silbe_softdtw_problem other = *problem;
    timing t;
    for (int k = SILBE_KERNEL_ROWS; k < SILBE_N_KERNELS; k++) {
        t = run(problem, (silbe_kernel)k, e, k < SILBE_KERNEL_AVX2 ? 2 : N_ROUNDS);
        if (!isnan(t.seconds)) {
            bench_print(names[k], t.seconds, t.bytes, cells, hz);
        }
    }
    other.steps = silbe_path_steps_monotonic(false);
    t = run(&other, SILBE_KERNEL_AUTO, e, 2);
    bench_print("steps (1,1), (2,1), (1,2)", t.seconds, t.bytes, cells, hz);
    other.minimum = SILBE_SOFTDTW_SPARSEMIN;
    t = run(&other, SILBE_KERNEL_AUTO, e, 2);
    bench_print("the same, sparsemin", t.seconds, t.bytes, cells, hz);
}

static bench_figures bench_softdtw(size_t n_rows, size_t n_cols)
{
    double hz = bench_clock_hz();
    double cells = (double)n_rows * (double)n_cols;
    double *cost = make_costs(n_rows, n_cols);
    double *e = bench_get(n_rows * n_cols * sizeof *e);
    silbe_softdtw_problem problem = {.n_rows = n_rows,
                                     .n_cols = n_cols,
                                     .cost = cost,
                                     .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                     .gamma = 0.1};
    timing best = run(&problem, SILBE_KERNEL_AUTO, e, N_ROUNDS);
    timing value = run(&problem, SILBE_KERNEL_AUTO, NULL, N_ROUNDS);
    printf("soft-DTW, %zu x %zu doubles, gamma 0.1, one thread, %.2f GHz; best of %d\n", n_rows,
           n_cols, hz / 1e9, N_ROUNDS);
    bench_print("value and gradient", best.seconds, best.bytes, cells, hz);
    bench_print("value alone", value.seconds, value.bytes, cells, hz);
    print_variants(&problem, e, cells, hz);
    timing slow = run_reference(&problem, e);
    bench_print("reference", slow.seconds, slow.bytes, cells, hz);
    printf("values differ by %.1e\n", fabs(slow.value - best.value));

    /* Two 256-bit operations a cycle of four cells each. Costs are read twice and E is written
     * once, in main memory; four doubles a cell are kept in between, some 8 MB a block. */
    bench_figures f = {.name = "softdtw",
                       .wall_s = best.seconds,
                       .cells = cells,
                       .peak_extra_bytes = best.bytes,
                       .reference_s = slow.seconds,
                       .reference_cells = cells,
                       .moved_bytes = (24.0 + 64.0) * cells,
                       .limit_s = operations_per_vector / 4.0 / 2.0 * cells / hz,
                       .limit = "the arithmetic alone, two 32-byte operations a cycle; held back "
                                "by bringing costs and E between rows and anti-diagonals and by "
                                "the memory that both pass through"};
    bench_report(&f);
    free(e);
    free(cost);
    return f;
}

int main(int argc, char **argv)
{
    size_t rows = 2000;
    size_t cols = 2000;
    const bench_option options[] = {{"--rows", &rows, 1, 100000}, {"--cols", &cols, 1, 100000}};
    const bench_command command = {"bench_softdtw", "[--rows N] [--cols M]", options, 2};
    const char *json = NULL;
    bench_arguments(&command, argc, argv, &json);
    bench_figures figures = bench_softdtw(rows, cols);
    return bench_write_json(&command, json, &figures, 1);
}
