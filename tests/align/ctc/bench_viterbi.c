/* Speed and memory of Viterbi on a whole act, kernel by kernel. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "align/ctc/reference.h"
#include "tests/align/ctc/bench_common.h"
#include "tests/align/ctc/bench_ctc.h"

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
        if (silbe_ctc_viterbi(p, options, scratch, t.bytes, with_path ? segments : NULL, NULL,
                              &result, &err) != SILBE_OK) {
            bench_fail(err.message);
        }
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
    if (silbe_ctc_viterbi_reference_size(&in->problem, &bytes, &err) != SILBE_OK) {
        bench_fail(err.message);
    }
    bytes += 8;
    void *scratch = bench_get(bytes);
    silbe_ctc_segment *segments = bench_get(in->problem.n_labels * sizeof *segments);
    double begin = bench_now_s();
    if (silbe_ctc_viterbi_reference(&in->problem, scratch, bytes, segments, NULL, &logp, &err) !=
        SILBE_OK) {
        bench_fail(err.message);
    }
    double seconds = bench_now_s() - begin;
    free(segments);
    free(scratch);
    return seconds;
}

static double cells_of(size_t n_frames, size_t n_labels)
{
    return (double)n_frames * (2.0 * (double)n_labels + 1.0);
}

silbe_bench_ctc_figures silbe_bench_viterbi(size_t n_frames, size_t n_labels)
{
    static const char *const names[SILBE_CTC_N_KERNELS] = {"auto", "plain C", "AVX2", "AVX-512"};
    double cells = cells_of(n_frames, n_labels);
    double hz = bench_clock_hz();
    bench_input in = bench_input_new(n_frames, n_labels);
    timing best = run(&in, NULL, 2, true);
    timing score = run(&in, NULL, 1, false);
    printf("Viterbi, %zu frames x %zu labels (%zu states), %d symbols, one thread, %.2f GHz\n",
           n_frames, n_labels, 2 * n_labels + 1, BENCH_SYMBOLS, hz / 1e9);
    bench_print("path", best.seconds, best.bytes, cells, hz);
    bench_print("score alone", score.seconds, score.bytes, cells, hz);
    silbe_ctc_viterbi_options beam = {SILBE_CTC_KERNEL_AUTO, 0, 2000.0};
    timing narrow = run(&in, &beam, 1, true);
    bench_print("path, beam of 2000 nats", narrow.seconds, narrow.bytes, cells, hz);

    /* The kernels one by one, and the reference, on a piece that it can hold. */
    size_t small_frames = n_frames / 10 > 0 ? n_frames / 10 : 1;
    size_t small_labels = n_labels / 10 > 0 ? n_labels / 10 : 1;
    double small_cells = cells_of(small_frames, small_labels);
    bench_input small = bench_input_new(small_frames, small_labels);
    for (int k = SILBE_CTC_KERNEL_PORTABLE; k < SILBE_CTC_N_KERNELS; k++) {
        silbe_ctc_viterbi_options options = {(silbe_ctc_kernel)k, 0, 0.0};
        timing t = run(&small, &options, 3, true);
        if (!isnan(t.seconds)) {
            bench_print(names[k], t.seconds, t.bytes, small_cells, hz);
        }
    }
    timing quick = run(&small, NULL, 3, true);
    double slow = reference_seconds(&small);
    printf("reference, %zu x %zu: %.3f s (%.0f Mcells/s); the fast form there: %.4f s, %.0f times "
           "as fast\n",
           small_frames, small_labels, slow, small_cells / slow / 1e6, quick.seconds,
           slow / quick.seconds);

    /* Per pair of states: 3 maxima and 2 additions in double. Two 32-byte units each, so that 4
     * pairs take 3 / 2 cycles of maxima beside 2 / 2 of additions, if nothing else were to be done;
     * 6 % of the pairs are out of reach of any path. */
    double limit = 1.5 / 4.0 * cells / 2.0 / hz;
    printf("limit at 32-byte vectors, maxima only: %.3f s; reached %.0f %%\n", limit,
           100.0 * limit / best.seconds);
    printf("bytes: rows pass memory once per 64 frames, %.2f bytes a cell; emissions of a tile "
           "(16 KB) stay in first-level cache\n",
           2.0 * 8.0 / 64.0);
    silbe_bench_ctc_figures f = {"viterbi-act", best.seconds, slow * cells / small_cells,
                                 best.bytes, cells / best.seconds};
    bench_input_free(&small);
    bench_input_free(&in);
    return f;
}
