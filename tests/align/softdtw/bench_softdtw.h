/* Soft-DTW's part of the benchmark, for a program that collects several. */
#ifndef SILBE_TESTS_BENCH_SOFTDTW_H
#define SILBE_TESTS_BENCH_SOFTDTW_H

#include <stddef.h>
#include <stdio.h>

typedef struct {
    double wall_s;           /* value and gradient */
    double reference_wall_s; /* the readable reference, the same problem */
    size_t peak_extra_bytes; /* scratch; costs and gradient not counted */
    double cells_per_s;      /* cells of the matrix by wall_s */
} silbe_bench_softdtw_figures;

/* Measures and prints a table to stdout; exits with 1 and a message if something fails. */
silbe_bench_softdtw_figures silbe_bench_softdtw(size_t n_rows, size_t n_cols);

/* Writes one JSON object, without a newline; negative if writing fails, as fprintf. */
int silbe_bench_softdtw_json(FILE *stream, const silbe_bench_softdtw_figures *figures);

#endif
