/* The minimum as a distribution over candidates. */
#include "align/softdtw/minimum.h"

#include <math.h>

/* Log-sum-exp around the smallest value. */
static double softmin(double gamma, const double *a, size_t n, double lowest, double *q)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double part = a[i] == lowest ? 1.0 : exp((lowest - a[i]) / gamma);
        sum += part;
        if (q != NULL) {
            q[i] = part;
        }
    }
    for (size_t i = 0; i < n && q != NULL; i++) {
        q[i] /= sum;
    }
    return sum == 1.0 ? lowest : lowest - gamma * log(sum);
}

/*
 * Projection of z = (lowest - a) / gamma <= 0 onto the simplex: q = max(0, z - t) with t such that
 * the sum is 1 (Michelot 1986: t rises as candidates drop out). t >= -1 because one z is 0.
 */
static double sparsemin(double gamma, const double *a, size_t n, double lowest, double *q)
{
    double t = -1.0;
    size_t n_used = SIZE_MAX;
    for (;;) {
        double sum = 0.0;
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            double z = (lowest - a[i]) / gamma;
            if (z > t) {
                sum += z;
                count++;
            }
        }
        if (count == n_used) {
            break;
        }
        n_used = count;
        t = (sum - 1.0) / (double)count;
    }
    double linear = 0.0;
    double square = 0.0;
    for (size_t i = 0; i < n; i++) {
        double z = (lowest - a[i]) / gamma;
        double share = z > t ? z - t : 0.0;
        linear += share > 0.0 ? share * (a[i] - lowest) : 0.0;
        square += share * share;
        if (q != NULL) {
            q[i] = share;
        }
    }
    return lowest + (linear + 0.5 * gamma * (square - 1.0));
}

double silbe_softdtw_min(silbe_softdtw_minimum minimum, double gamma, const double *a, size_t n,
                         double *q)
{
    double lowest = INFINITY;
    size_t first = 0;
    for (size_t i = 0; i < n; i++) {
        if (a[i] < lowest) {
            lowest = a[i];
            first = i;
        }
    }
    if (lowest == INFINITY || minimum == SILBE_SOFTDTW_HARD) {
        for (size_t i = 0; i < n && q != NULL; i++) {
            q[i] = i == first && lowest < INFINITY ? 1.0 : 0.0;
        }
        return lowest;
    }
    return minimum == SILBE_SOFTDTW_SPARSEMIN ? sparsemin(gamma, a, n, lowest, q)
                                              : softmin(gamma, a, n, lowest, q);
}
