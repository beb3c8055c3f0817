/* Input of the CTC benchmarks. */
#ifndef SILBE_TESTS_BENCH_CTC_INPUT_H
#define SILBE_TESTS_BENCH_CTC_INPUT_H

#include "align/ctc/problem.h"

enum { BENCH_SYMBOLS = 40 };

typedef struct {
    float *values;
    int32_t *labels;
    silbe_ctc_problem problem;
    double cells; /* frames times states, 2 L + 1 */
} bench_input;

bench_input bench_input_new(size_t n_frames, size_t n_labels);
void bench_input_free(bench_input *in);

#endif
