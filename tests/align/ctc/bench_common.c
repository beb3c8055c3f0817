#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/align/ctc/bench_common.h"

double bench_now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rough processor clock: a chain of dependent multiplications of three cycles each. */
double bench_clock_hz(void)
{
    const size_t n = 30000000;
    unsigned long x = 3;
    double begin = bench_now_s();
    for (size_t i = 0; i < n; i++) {
        x *= x;
#if defined(__GNUC__)
        __asm__ volatile("" : "+r"(x));
#endif
    }
    double seconds = bench_now_s() - begin;
    return x == 0 ? 1.0 : 3.0 * (double)n / seconds;
}

void bench_fail(const char *message)
{
    (void)fprintf(stderr, "bench_ctc: %s\n", message);
    exit(1);
}

void *bench_get(size_t bytes)
{
    void *data = malloc(bytes);
    if (data == NULL) {
        bench_fail("no memory");
        return NULL;
    }
    memset(data, 1, bytes); /* page faults are not the kernel's */
    return data;
}

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
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            double noise = (double)(state >> 40) / 16777216.0;
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
    return in;
}

void bench_input_free(bench_input *in)
{
    free(in->values);
    free(in->labels);
}

void bench_print(const char *name, double seconds, size_t bytes, double cells, double hz)
{
    printf("%-34s %8.3f s %9.2f MB %8.0f Mcells/s %6.2f cells/cycle\n", name, seconds,
           (double)bytes / 1e6, cells / seconds / 1e6, cells / seconds / hz);
}
