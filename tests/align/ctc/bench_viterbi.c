/* Speed and memory of Viterbi on a whole act, kernel by kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/align/ctc/bench_ctc.h"
#include "tests/align/ctc/bench_input.h"
#include "tests/align/ctc/reference.h"

typedef struct {
    double seconds; /* NAN: this kernel does not run here */
    size_t bytes;
} timing;

static timing run(const bench_input *in, const silbe_ctc_viterbi_options *options, int n_rounds,
                  bool with_path)
{
    const silbe_ctc_problem *p = &in->problem;
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_viterbi_result result;
    timing t = {NAN, 0};
    if (silbe_ctc_viterbi_scratch_size(p, options, &t.bytes, &err) != SILBE_OK) {
        return t;
    }
    void *scratch = bench_get(t.bytes);
    silbe_ctc_segment *segments = bench_get(p->n_labels * sizeof *segments);
    t.seconds = INFINITY;
    for (int round = 0; round < n_rounds; round++) { /* the best: others use the machine, too */
        double begin = bench_now_s();
        bench_check(silbe_ctc_viterbi(p, options, scratch, t.bytes, with_path ? segments : NULL,
                                      NULL, &result, &err),
                    &err);
        t.seconds = fmin(t.seconds, bench_now_s() - begin);
    }
    free(segments);
    free(scratch);
    return t;
}

static double reference_seconds(const bench_input *in)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    double logp = 0.0;
    bench_check(silbe_ctc_viterbi_reference_size(&in->problem, &bytes, &err), &err);
    bytes += 8;
    void *scratch = bench_get(bytes);
    silbe_ctc_segment *segments = bench_get(in->problem.n_labels * sizeof *segments);
    double begin = bench_now_s();
    bench_check(
        silbe_ctc_viterbi_reference(&in->problem, scratch, bytes, segments, NULL, &logp, &err),
        &err);
    double seconds = bench_now_s() - begin;
    free(segments);
    free(scratch);
    return seconds;
}

bench_figures silbe_bench_viterbi(size_t n_frames, size_t n_labels)
{
    static const char *const names[SILBE_N_KERNELS] = {"auto", "rows", "plain C", "AVX2",
                                                       "AVX-512"};
    double hz = bench_clock_hz();
    bench_input in = bench_input_new(n_frames, n_labels);
    timing best = run(&in, NULL, 2, true);
    timing score = run(&in, NULL, 1, false);
    printf("Viterbi, %zu frames x %zu labels (%zu states), %d symbols, one thread, %.2f GHz\n",
           n_frames, n_labels, 2 * n_labels + 1, BENCH_SYMBOLS, hz / 1e9);
    bench_print("path", best.seconds, best.bytes, in.cells, hz);
    bench_print("score alone", score.seconds, score.bytes, in.cells, hz);
    silbe_ctc_viterbi_options beam = {SILBE_KERNEL_AUTO, 0, 2000.0};
    timing narrow = run(&in, &beam, 1, true);
    bench_print("path, beam of 2000 nats", narrow.seconds, narrow.bytes, in.cells, hz);

    /* The kernels one by one, and the reference, on a piece that it can hold. */
    bench_input small = bench_input_new(n_frames / 10 > 0 ? n_frames / 10 : 1,
                                        n_labels / 10 > 0 ? n_labels / 10 : 1);
    for (int k = SILBE_KERNEL_PORTABLE; k < SILBE_N_KERNELS; k++) {
        silbe_ctc_viterbi_options options = {(silbe_kernel)k, 0, 0.0};
        timing t = run(&small, &options, 3, true);
        if (!isnan(t.seconds)) {
            bench_print(names[k], t.seconds, t.bytes, small.cells, hz);
        }
    }
    /* Per pair of states: 3 maxima and 2 additions in double. Two 32-byte units each, so that 4
     * pairs take 3 / 2 cycles of maxima beside 2 / 2 of additions, if nothing else were to be done;
     * 6 % of the pairs are out of reach of any path. */
    bench_figures f = {.name = "viterbi-act",
                       .wall_s = best.seconds,
                       .cells = in.cells,
                       .peak_extra_bytes = best.bytes,
                       .reference_s = reference_seconds(&small),
                       .reference_cells = small.cells,
                       .moved_bytes = 2.0 * 8.0 / 64.0 * in.cells, /* a row per 64 frames */
                       .limit_s = 1.5 / 4.0 * in.cells / 2.0 / hz,
                       .limit = "maxima alone, two 32-byte ones a cycle; held back by looking up "
                                "the emission of every label, not by memory"};
    bench_report(&f);
    bench_input_free(&small);
    bench_input_free(&in);
    return f;
}
