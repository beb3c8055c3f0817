/* The strip kernel in plain C: the meaning of the vector kernels, and the only one for a part of a
 * strip (out_lane > 0). */
#include "align/dtw/engine.h"

void silbe_dtw_strip_portable(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
                              double *row, size_t out_lane, uint16_t *back)
{
    enum { LANES = SILBE_DTW_LANES };
    const double *w = lanes->weight;
    const double *p = lanes->penalty;
    double up[LANES];
    double value[LANES];
    int row_beats[LANES];
    int column_beats[LANES];

    for (size_t t = 0; t < n_times; t++) {
        /* D(n - 1, m) of lane j was the value of lane j + 1 at the time before. */
        for (size_t j = 0; j + 1 < LANES; j++) {
            up[j] = lanes->left[j + 1];
        }
        up[LANES - 1] = row[t];
        for (size_t j = 0; j < LANES; j++) {
            double c = (double)cost[t * LANES + j];
            double by_diagonal = lanes->diag[j] + (w[0] * c + p[0]);
            double by_row = up[j] + (w[1] * c + p[1]);
            double by_column = lanes->left[j] + (w[2] * c + p[2]);
            row_beats[j] = by_row < by_diagonal;
            double best = row_beats[j] ? by_row : by_diagonal;
            column_beats[j] = by_column < best;
            value[j] = column_beats[j] ? by_column : best;
        }
        for (size_t j = 0; j < LANES; j++) {
            lanes->left[j] = value[j];
            lanes->diag[j] = up[j];
        }
        *(row + t - (LANES - 1 - out_lane)) = value[out_lane];
        if (back != NULL) {
            unsigned rows = 0;
            unsigned columns = 0;
            for (size_t j = 0; j < LANES; j++) {
                rows |= (unsigned)row_beats[j] << j;
                columns |= (unsigned)column_beats[j] << j;
            }
            back[2 * t] = (uint16_t)rows;
            back[2 * t + 1] = (uint16_t)columns;
        }
    }
}
