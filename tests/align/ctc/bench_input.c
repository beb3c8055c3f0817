#include <math.h>
#include <stdlib.h>

#include "tests/align/bench_common.h"
#include "tests/align/ctc/bench_input.h"

/* Log-probabilities like those of a trained model: the label that is sung is likely in most frames,
 * the blank in some, the rest is noise. */
bench_input bench_input_new(size_t n_frames, size_t n_labels)
{
    bench_input in;
    unsigned long long state = 88172645463325252ULL;
    in.values = bench_get(n_frames * BENCH_SYMBOLS * sizeof *in.values);
    in.labels = bench_get(n_labels * sizeof *in.labels);
    for (size_t j = 0; j < n_labels; j++) {
        in.labels[j] = (int32_t)(1 + (j * 7 + j / 13 * 5 + j * j % 11) % (BENCH_SYMBOLS - 1));
    }
    for (size_t t = 0; t < n_frames; t++) {
        float *x = in.values + t * BENCH_SYMBOLS;
        size_t sung = (size_t)in.labels[(size_t)((double)t / (double)n_frames * (double)n_labels)];
        double sum = 0.0;
        for (size_t k = 0; k < BENCH_SYMBOLS; k++) {
            double noise = bench_random(&state);
            x[k] = (float)(6.0 * noise + (k == sung ? 4.0 : 0.0) + (k == 0 ? 2.0 : 0.0));
            sum += exp((double)x[k]);
        }
        for (size_t k = 0; k < BENCH_SYMBOLS; k++) {
            x[k] -= (float)log(sum);
        }
    }
    in.problem = (silbe_ctc_problem){.values = in.values,
                                     .n_frames = n_frames,
                                     .n_symbols = BENCH_SYMBOLS,
                                     .row_stride = BENCH_SYMBOLS,
                                     .labels = in.labels,
                                     .n_labels = n_labels};
    in.cells = (double)n_frames * (2.0 * (double)n_labels + 1.0);
    return in;
}

void bench_input_free(bench_input *in)
{
    free(in->values);
    free(in->labels);
}
