/* Input, clock and memory of the CTC benchmarks. */
#ifndef SILBE_TESTS_BENCH_CTC_COMMON_H
#define SILBE_TESTS_BENCH_CTC_COMMON_H

#include "align/ctc/problem.h"

enum { BENCH_SYMBOLS = 40 };

typedef struct {
    float *values;
    int32_t *labels;
    silbe_ctc_problem problem;
} bench_input;

double bench_now_s(void);
double bench_clock_hz(void);
void *bench_get(size_t bytes);
bench_input bench_input_new(size_t n_frames, size_t n_labels);
void bench_input_free(bench_input *in);
/* Prints a row of the table. */
void bench_print(const char *name, double seconds, size_t bytes, double cells, double hz);
/* Exits with 1 and the message. */
void bench_fail(const char *message);

#endif
