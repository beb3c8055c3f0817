/* CTC's and Viterbi's parts of the benchmark, for a program that collects several. */
#ifndef SILBE_TESTS_BENCH_CTC_H
#define SILBE_TESTS_BENCH_CTC_H

#include <stddef.h>
#include <stdio.h>

typedef struct {
    const char *name;        /* "viterbi-act", "ctc-grad" */
    double wall_s;           /* path; loss and gradient */
    double reference_wall_s; /* of the readable reference, measured on 1/10 (path) or 1/5 (gradient)
                                of the frames and labels and scaled by the number of cells */
    size_t peak_extra_bytes; /* scratch; input and output not counted */
    double cells_per_s;      /* frames times states (2 L + 1) by wall_s */
} silbe_bench_ctc_figures;

/* Both measure and print a table to stdout; they exit with 1 and a message if something fails. */
silbe_bench_ctc_figures silbe_bench_viterbi(size_t n_frames, size_t n_labels);
silbe_bench_ctc_figures silbe_bench_ctc(size_t n_frames, size_t n_labels);

/* Writes one JSON object, without a newline; negative if writing fails, as fprintf. */
int silbe_bench_ctc_json(FILE *stream, const silbe_bench_ctc_figures *figures);

#endif
