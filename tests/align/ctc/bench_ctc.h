/* Viterbi's and CTC's parts of bench_ctc. */
#ifndef SILBE_TESTS_BENCH_CTC_H
#define SILBE_TESTS_BENCH_CTC_H

#include "tests/align/bench_common.h"

/* Both measure and print a table to stdout; they exit with 1 and a message if something fails. */
bench_figures silbe_bench_viterbi(size_t n_frames, size_t n_labels);
bench_figures silbe_bench_ctc(size_t n_frames, size_t n_labels);

#endif
