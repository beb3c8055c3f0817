/*
 * Probabilities as two numbers, m * 2^x with x a whole number of its own, so that nothing
 * underflows and no logarithm is taken: a sum brings both to the higher x and adds the m. Zero has
 * an x far below all others, so that it never sets the scale of a sum.
 *
 * Kernels that add and compare x with vectors of doubles (align/ctc, align/softdtw) hold it as a
 * double: whole numbers below 2^53 are exact. Zero is then what has an x of SILBE_ZERO_EXPONENT or
 * thereabouts, whatever its m. The functions here hold it as an integer.
 */
#ifndef SILBE_ALIGN_BASE_SCALED_H
#define SILBE_ALIGN_BASE_SCALED_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "align/base/logmath.h"

/* Sums of such exponents stay far below SILBE_IS_ZERO_EXPONENT and above -INFINITY. */
#define SILBE_ZERO_EXPONENT (-1e200)
#define SILBE_IS_ZERO_EXPONENT (-1e100)

typedef struct {
    double m; /* in [1, 2), or 0 */
    int64_t x;
} silbe_scaled;

/* Values i: m[i] * 2^x[i]. */
typedef struct {
    double *m;
    int64_t *x;
} silbe_scaled_row;

#define SILBE_SCALED_ZERO (-((int64_t)1 << 58))

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
