/*
 * Prints the figures of align/metrics.h for cases on standard input, so that a script can compare
 * them with another implementation. A case: n, duration_s, then n reference and n estimated onsets.
 */
#include "align/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_N 4096

static int read_numbers(double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (scanf("%lf", &values[i]) != 1) {
            return 0;
        }
    }
    return 1;
}

static double segments(const double *reference_s, const double *estimate_s, size_t n,
                       double duration_s)
{
    silbe_err err = SILBE_ERR_INIT;
    double overlap_s;
    double total_s;
    if (silbe_correct_segments(reference_s, estimate_s, n, duration_s, &overlap_s, &total_s,
                               &err) != SILBE_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    return overlap_s / total_s;
}

int main(void)
{
    static double reference_s[MAX_N];
    static double estimate_s[MAX_N];
    size_t n;
    double duration_s;
    while (scanf("%zu %lf", &n, &duration_s) == 2) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_onset_metrics metrics;
        if (n > MAX_N || !read_numbers(reference_s, n) || !read_numbers(estimate_s, n)) {
            (void)fprintf(stderr, "bad case\n");
            return 1;
        }
        if (silbe_onset_metrics_run(reference_s, estimate_s, n, &metrics, &err) != SILBE_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        printf("%.17g %.17g %.17g %.17g %.17g", metrics.mean_abs_s, metrics.median_abs_s,
               metrics.perceptual, segments(reference_s, estimate_s, n, 0),
               segments(reference_s, estimate_s, n, duration_s));
        for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
            printf(" %.17g", metrics.within[w]);
        }
        printf(" %.17g %.17g %.17g\n", metrics.bias_s, metrics.p95_abs_s, metrics.derailed);
    }
    return 0;
}
