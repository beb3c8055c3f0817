/* DTW's part of the benchmark, for a program that collects several. */
#ifndef SILBE_TESTS_BENCH_DTW_H
#define SILBE_TESTS_BENCH_DTW_H

#include <stddef.h>
#include <stdio.h>

typedef struct {
    double wall_s;           /* value and path */
    double reference_wall_s; /* of the readable reference, measured on 4,000 x 4,000 and scaled by
                                the number of cells (the whole would need 13 bytes a cell) */
    size_t peak_extra_bytes; /* scratch; features and path not counted */
    double cells_per_s;      /* cells of the matrix by wall_s */
} silbe_bench_dtw_figures;

/* Measures and prints a table to stdout; exits with 1 and a message if something fails. */
silbe_bench_dtw_figures silbe_bench_dtw(size_t n_rows, size_t n_cols);

/* Writes one JSON object, without a newline; negative if writing fails, as fprintf. */
int silbe_bench_dtw_json(FILE *stream, const silbe_bench_dtw_figures *figures);

#endif
