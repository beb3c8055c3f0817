/*
 * Inner loops over the states of one frame. Not for callers. All forms of a loop give the same
 * bits: one rounding per written operation, no sums across lanes.
 */
#ifndef SILBE_ALIGN_TRELLIS_ROWS_H
#define SILBE_ALIGN_TRELLIS_ROWS_H

#include "align/base/cpu.h"
#include "align/base/scaled.h"
#include "align/trellis/graph.h"

/*
 * out[s] = e[class_of[s]] + max(prev[s] + stay[s], prev[s - 1] + next[s], prev[s - 2] + jump[s],
 * slow[s]) for s in [begin, end), both multiples of 4. back, unless NULL: byte s / 4 holds in bits
 * i and i + 4 the low and high bit of which of the four it is, for state s + i; first of equals.
 */
typedef void silbe_trellis_best_fn(const silbe_trellis *g, const double *prev, const double *slow,
                                   const double *e, size_t begin, size_t end, double *out,
                                   uint8_t *back);

/*
 * out[s] = p[0][s] w[0][s] + p[1][s] w[1][s] + p[2][s] w[2][s] + slow[s], times e[class_of[s]]
 * unless e->m is NULL. Rows may point into the middle of others (s - 1, s + 2).
 */
typedef void silbe_trellis_mix_fn(const silbe_scaled_row p[3], const silbe_scaled_row w[3],
                                  silbe_scaled_row slow, silbe_scaled_row e,
                                  const int32_t *class_of, size_t begin, size_t end,
                                  silbe_scaled_row out);

/* posterior[s] = alpha[s] beta[s] / (z_m 2^z_x), and out[s] = beta[s] e[class_of[s]]. */
typedef void silbe_trellis_meet_fn(silbe_scaled_row alpha, silbe_scaled_row beta,
                                   silbe_scaled_row e, const int32_t *class_of, double z_m,
                                   int64_t z_x, size_t begin, size_t end, double *posterior,
                                   silbe_scaled_row out);

typedef struct {
    silbe_trellis_best_fn *best;
    silbe_trellis_mix_fn *mix;
    silbe_trellis_meet_fn *meet;
} silbe_trellis_loops;

silbe_trellis_loops silbe_trellis_choose_loops(bool portable);

#endif
