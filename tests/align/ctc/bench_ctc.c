/* Speed and memory of CTC's loss and gradient, kernel by kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/align/ctc/bench_ctc.h"
#include "tests/align/ctc/bench_input.h"
#include "tests/align/ctc/reference.h"

typedef enum { LOSS, GRADIENT, ONSETS } kind;

typedef struct {
    double seconds; /* NAN: this kernel does not run here */
    size_t bytes;
    size_t n_sweeps;
} timing;

static timing run(const bench_input *in, const silbe_ctc_options *options, int n_rounds, kind what)
{
    const silbe_ctc_problem *p = &in->problem;
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result = {0};
    timing t = {NAN, 0, 0};
    float *gradient = bench_get(p->n_frames * p->n_symbols * sizeof *gradient);
    silbe_ctc_onset *onsets = bench_get(p->n_labels * sizeof *onsets);
    silbe_ctc_wanted wanted = {.gradient = gradient,
                               .gradient_stride = p->n_symbols,
                               .gradient_by = SILBE_CTC_BY_LOGITS,
                               .onsets = what == ONSETS ? onsets : NULL,
                               .interval_mass = 0.9};
    const silbe_ctc_wanted *asked = what == LOSS ? NULL : &wanted;
    if (silbe_ctc_scratch_size(p, asked, options, &t.bytes, &err) == SILBE_OK) {
        void *scratch = bench_get(t.bytes);
        t.seconds = INFINITY;
        for (int round = 0; round < n_rounds; round++) { /* the best: others use the machine */
            double begin = bench_now_s();
            bench_check(silbe_ctc_run(p, asked, options, scratch, t.bytes, &result, &err), &err);
            t.seconds = fmin(t.seconds, bench_now_s() - begin);
        }
        t.n_sweeps = result.n_sweeps;
        free(scratch);
    }
    free(gradient);
    free(onsets);
    return t;
}

static double reference_seconds(const bench_input *in)
{
    const silbe_ctc_problem *p = &in->problem;
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    double loss = 0.0;
    bench_check(silbe_ctc_reference_size(p, &bytes, &err), &err);
    bytes += 8;
    void *scratch = bench_get(bytes);
    double *gradient = bench_get(p->n_frames * p->n_symbols * sizeof *gradient);
    silbe_ctc_reference_wanted wanted = {.gradient = gradient, .gradient_by = SILBE_CTC_BY_LOGITS};
    double begin = bench_now_s();
    bench_check(silbe_ctc_reference(p, scratch, bytes, &wanted, &loss, &err), &err);
    double seconds = bench_now_s() - begin;
    free(gradient);
    free(scratch);
    return seconds;
}

static void bench_kernels(const bench_input *in, double cells, double hz)
{
    static const char *const names[SILBE_N_KERNELS] = {"auto", "rows", "plain C", "AVX2",
                                                       "AVX-512"};
    for (int k = SILBE_KERNEL_PORTABLE; k < SILBE_N_KERNELS; k++) {
        silbe_ctc_options options = {(silbe_kernel)k, 0};
        timing t = run(in, &options, 2, GRADIENT);
        if (!isnan(t.seconds)) {
            bench_print(names[k], t.seconds, t.bytes, cells, hz);
        }
    }
}

bench_figures silbe_bench_ctc(size_t n_frames, size_t n_labels)
{
    double hz = bench_clock_hz();
    bench_input in = bench_input_new(n_frames, n_labels);
    in.problem.logits = true;
    silbe_ctc_options options = {SILBE_KERNEL_AUTO, 0};
    timing best = run(&in, &options, 5, GRADIENT);
    timing loss = run(&in, &options, 2, LOSS);
    timing onsets = run(&in, &options, 2, ONSETS);
    printf("CTC, %zu frames x %zu labels (%zu states), %d symbols, one thread, %.2f GHz\n",
           n_frames, n_labels, 2 * n_labels + 1, BENCH_SYMBOLS, hz / 1e9);
    bench_print("loss and gradient", best.seconds, best.bytes, in.cells, hz);
    bench_print("loss alone", loss.seconds, loss.bytes, in.cells, hz);
    bench_print("loss, gradient and onsets", onsets.seconds, onsets.bytes, in.cells, hz);
    bench_kernels(&in, in.cells, hz);

    /* The reference on a piece that its full matrices allow. */
    bench_input small =
        bench_input_new(n_frames / 5 > 0 ? n_frames / 5 : 1, n_labels / 5 > 0 ? n_labels / 5 : 1);
    small.problem.logits = true;
    /* Per pair of states and sweep: two sums of two numbers (a maximum, two subtractions, two
     * scalings, one addition each) and one emission each (a multiplication, an addition): 8
     * additions and subtractions, which two 32-byte units share: 4 cycles for 4 pairs. The rest can
     * run beside them. Sweeps: forward for the checkpoints and backward; the second time forward it
     * is only where there are posteriors. */
    bench_figures f = {
        .name = "ctc-grad",
        .wall_s = best.seconds,
        .cells = in.cells,
        .peak_extra_bytes = best.bytes,
        .reference_s = reference_seconds(&small),
        .reference_cells = small.cells,
        .moved_bytes = 2.0 * in.cells * (double)best.n_sweeps, /* a row per 32 frames */
        .limit_s = 4.0 / 4.0 * in.cells / 2.0 * (double)(best.n_sweeps - 1) / hz,
        .limit = "additions and subtractions alone, two 32-byte ones a cycle; held back by the "
                 "chain from frame to frame and by exp of the emissions, not by memory"};
    bench_report(&f);
    bench_input_free(&small);
    bench_input_free(&in);
    return f;
}
