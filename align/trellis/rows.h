/*
 * Inner loops over the states of one frame. Not for callers. All forms of a loop give the same
 * bits: one rounding per written operation, no sums across lanes.
 */
#ifndef SILBE_ALIGN_TRELLIS_ROWS_H
#define SILBE_ALIGN_TRELLIS_ROWS_H

#include <math.h>
#include <string.h>

#include "align/base/cpu.h"
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

/* ---- scaled numbers, one at a time ---- */

typedef struct {
    double m; /* in [1, 2), or 0 */
    int64_t x;
} silbe_scaled;

/* 2^d for d <= 0; below 2^-1000 it is 2^-1000. */
static inline double silbe_power_of_two(int64_t d)
{
    uint64_t bits = (uint64_t)((d < -1000 ? -1000 : d) + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* m >= 0, not subnormal. */
static inline silbe_scaled silbe_scaled_normal(double m, int64_t x)
{
    uint64_t bits;
    memcpy(&bits, &m, sizeof bits);
    int64_t power = (int64_t)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
    double value;
    memcpy(&value, &bits, sizeof value);
    silbe_scaled zero = {0.0, SILBE_SCALED_ZERO};
    silbe_scaled result = {value, x + power};
    return m == 0.0 ? zero : result;
}

static inline silbe_scaled silbe_scaled_of(double logp)
{
    silbe_scaled zero = {0.0, SILBE_SCALED_ZERO};
    if (logp == SILBE_NEG_INF) {
        return zero;
    }
    double power = floor(logp * 1.4426950408889634);
    return silbe_scaled_normal(exp(logp - power * 0.6931471805599453), (int64_t)power);
}

static inline silbe_scaled silbe_scaled_add(silbe_scaled a, silbe_scaled b)
{
    int64_t x = a.x > b.x ? a.x : b.x;
    return silbe_scaled_normal(
        a.m * silbe_power_of_two(a.x - x) + b.m * silbe_power_of_two(b.x - x), x);
}

static inline silbe_scaled silbe_scaled_multiply(silbe_scaled a, silbe_scaled b)
{
    return silbe_scaled_normal(a.m * b.m, a.x + b.x);
}

static inline silbe_scaled silbe_scaled_at(silbe_scaled_row row, size_t i)
{
    return (silbe_scaled){row.m[i], row.x[i]};
}

static inline void silbe_scaled_put(silbe_scaled_row row, size_t i, silbe_scaled value)
{
    row.m[i] = value.m;
    row.x[i] = value.x;
}

static inline silbe_scaled_row silbe_scaled_offset(silbe_scaled_row row, ptrdiff_t by)
{
    return (silbe_scaled_row){row.m + by, row.x + by};
}

static inline void silbe_scaled_clear(silbe_scaled_row row, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        row.m[i] = 0.0;
        row.x[i] = SILBE_SCALED_ZERO;
    }
}

static inline double silbe_scaled_log(silbe_scaled value)
{
    return value.m == 0.0 ? SILBE_NEG_INF : log(value.m) + (double)value.x * 0.6931471805599453;
}

#endif
