/*
 * Which units of a leaf can have a posterior that a double holds. Most paths of a long input have
 * none: the leaf then needs a few units, not all, at no loss.
 *
 * Paths that touch unit u in a leaf of n <= 32 frames come from units u - 2 .. u before it and go
 * to units u .. u + 2 after it. Their probability is at most the largest alpha there, times the
 * largest beta there, times the largest emission of each frame, times the number of such paths: at
 * most 192 beginnings and 3 ways to go on, n + 1 times.
 */
#include <math.h>

#include "align/ctc/ctc_engine.h"

/* 2^-1074 is the smallest double; and what is left out may not change the last bit of the rest. */
#define LOWEST_EXPONENT (-1250.0)

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Highest exponents of alpha and beta by unit of the trellis read forwards; m < 2 in both. */
static void unit_exponents(silbe_ctc_state *s)
{
    size_t n = s->problem.n_labels;
    size_t row = s->plan.row_pairs;
    for (size_t u = 0; u < s->forward.n_units; u++) {
        size_t begin = u * SILBE_CTC_UNIT;
        size_t end = begin + SILBE_CTC_UNIT;
        double alpha = SILBE_ZERO_EXPONENT;
        double beta = SILBE_ZERO_EXPONENT;
        for (size_t j = begin; j < end && j <= n; j++) {
            alpha = larger(alpha, larger(s->alpha[row + j], s->alpha[3 * row + j]));
            beta = larger(beta, s->beta[3 * row + n - j]);
            beta = j < n ? larger(beta, s->beta[row + n - 1 - j]) : beta;
        }
        s->unit_alpha[u] = alpha;
        s->unit_beta[u] = beta;
    }
}

void silbe_ctc_find_active(silbe_ctc_state *s, size_t n_frames)
{
    size_t n_units = s->forward.n_units;
    if (s->total_m == 0.0) {
        for (size_t u = 0; u < n_units; u++) {
            s->active[u] = 1;
        }
        return;
    }
    /* m of an emission is below 2^0.51; 192 < 2^8; 3 < 2^1.6; alpha and beta below 2^(e + 1). */
    double growth = 8.0 + 2.0 + 1.6 * (double)(n_frames + 1);
    for (size_t f = 0; f < n_frames; f++) {
        double best = SILBE_ZERO_EXPONENT;
        for (size_t k = 0; k < s->problem.n_symbols; k++) {
            best = larger(best, s->tile.table[f * s->tile.stride + 2 * k + 1]);
        }
        growth += best + 0.51;
    }
    unit_exponents(s);
    for (size_t u = 0; u < n_units; u++) {
        double alpha = s->unit_alpha[u];
        double beta = s->unit_beta[u];
        for (size_t i = 1; i <= 2; i++) {
            alpha = u >= i ? larger(alpha, s->unit_alpha[u - i]) : alpha;
            beta = u + i < n_units ? larger(beta, s->unit_beta[u + i]) : beta;
        }
        s->active[u] = alpha + beta + growth > LOWEST_EXPONENT;
    }
}

bool silbe_ctc_touches_active(const silbe_ctc_state *s, ptrdiff_t first, ptrdiff_t last)
{
    size_t u = first > 0 ? (size_t)first / SILBE_CTC_UNIT : 0;
    for (; last >= 0 && u <= (size_t)last / SILBE_CTC_UNIT && u < s->forward.n_units; u++) {
        if (s->active[u] != 0) {
            return true;
        }
    }
    return false;
}
