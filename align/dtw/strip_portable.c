/*
 * The strip kernel in plain C: the meaning of the vector kernels, and the only one for a part of a
 * strip (out_lane > 0). Its inner loops are of a kind that compilers turn into vector code for the
 * least that the target has (SSE2, NEON).
 */
#include "align/dtw/engine.h"

enum { LANES = SILBE_DTW_LANES };

/* Bit j: a[j] < b[j]. */
static unsigned less_bits(const double *a, const double *b)
{
    unsigned bits = 0;
    for (size_t j = 0; j < LANES; j++) {
        bits |= (unsigned)(a[j] < b[j]) << j;
    }
    return bits;
}

void silbe_dtw_strip_portable(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
                              double *row, size_t out_lane, uint16_t *back)
{
    const double w[3] = {lanes->weight[0], lanes->weight[1], lanes->weight[2]};
    const double p[3] = {lanes->penalty[0], lanes->penalty[1], lanes->penalty[2]};
    double left[LANES + 1]; /* D of the time before; one more lane for the row above */
    double diag[LANES];
    double by_row[LANES];
    double by_column[LANES];
    double best[LANES]; /* of (1,1) and (1,0) */

    for (size_t j = 0; j < LANES; j++) {
        left[j] = lanes->left[j];
        diag[j] = lanes->diag[j];
    }
    for (size_t t = 0; t < n_times; t++) {
        const float *c = cost + t * LANES;
        left[LANES] = row[t];
        for (size_t j = 0; j < LANES; j++) {
            /* D(n - 1, m) of lane j was the value of lane j + 1 at the time before. */
            double up = left[j + 1];
            best[j] = diag[j] + (w[0] * (double)c[j] + p[0]);
            by_row[j] = up + (w[1] * (double)c[j] + p[1]);
            by_column[j] = left[j] + (w[2] * (double)c[j] + p[2]);
            diag[j] = up;
        }
        if (back != NULL) {
            back[2 * t] = (uint16_t)less_bits(by_row, best);
        }
        for (size_t j = 0; j < LANES; j++) {
            best[j] = by_row[j] < best[j] ? by_row[j] : best[j];
            left[j] = by_column[j] < best[j] ? by_column[j] : best[j];
        }
        if (back != NULL) {
            back[2 * t + 1] = (uint16_t)less_bits(by_column, best);
        }
        *(row + t - (LANES - 1 - out_lane)) = left[out_lane];
    }
    for (size_t j = 0; j < LANES; j++) {
        lanes->left[j] = left[j];
        lanes->diag[j] = diag[j];
    }
}
