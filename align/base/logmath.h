/*
 * Sums of probabilities that are held as natural logarithms. SILBE_NEG_INF is the logarithm of 0;
 * no function here returns NaN for arguments below +INFINITY that are not NaN.
 */
#ifndef SILBE_ALIGN_BASE_LOGMATH_H
#define SILBE_ALIGN_BASE_LOGMATH_H

#include <math.h>
#include <stddef.h>

#define SILBE_NEG_INF (-(double)INFINITY)

/* ln(exp(a) + exp(b)). Without the branch -inf - -inf would be NaN. */
static inline double silbe_logaddexp(double a, double b)
{
    double high = a > b ? a : b;
    double low = a > b ? b : a;
    return low == SILBE_NEG_INF ? high : high + log1p(exp(low - high));
}

/* ln of the sum of exp(x[i]), n values; SILBE_NEG_INF for n == 0. */
static inline double silbe_logsumexp(const float *x, size_t n)
{
    double high = SILBE_NEG_INF;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        high = (double)x[i] > high ? (double)x[i] : high;
    }
    if (high == SILBE_NEG_INF) {
        return high;
    }
    for (size_t i = 0; i < n; i++) {
        sum += exp((double)x[i] - high);
    }
    return high + log(sum);
}

#endif
