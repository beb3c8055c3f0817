/* The Viterbi kernel in plain C. */
#include <math.h>
#include <string.h>

#include "align/ctc/viterbi_engine.h"

enum { N = SILBE_CTC_UNIT };

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

static void keep_back(const double *before, const double *label, const double *blank,
                      const double *best, uint8_t *back)
{
    for (size_t i = 0; i < N; i += 8) {
        unsigned moves = 0;
        unsigned skips = 0;
        for (size_t k = 0; k < 8; k++) {
            moves |= (unsigned)(best[i + k] > label[i + k]) << k;
            skips |= (unsigned)(before[i + k] > blank[i + k]) << k;
        }
        back[i / 8] = (uint8_t)moves;
        back[N / 8 + i / 8] = (uint8_t)skips;
    }
}

void silbe_ctc_viterbi_portable(const silbe_ctc_tile *tile, const int32_t *symbol, uint32_t skip,
                                double *label, double *blank, double *edge, uint8_t *back,
                                size_t back_stride)
{
    double limit[N]; /* -INFINITY forbids the step from label to label */
    double l[N + 1]; /* l[i + 1]: label i; l[0]: the edge */
    double b[N];
    double best[N];
    for (size_t i = 0; i < N; i++) {
        limit[i] = (skip >> i & 1) != 0 ? INFINITY : -INFINITY;
    }
    memcpy(l + 1, label, N * sizeof *l);
    memcpy(b, blank, sizeof b);
    for (size_t f = 0; f < tile->n_frames; f++) {
        const float *e = tile->table + f * tile->stride;
        double e_blank = tile->blank[f];
        l[0] = edge[f * SILBE_CTC_EDGE];
        edge[f * SILBE_CTC_EDGE] = l[N];
        for (size_t i = 0; i < N; i++) {
            best[i] = larger(b[i], l[i] < limit[i] ? l[i] : limit[i]);
        }
        if (back != NULL) {
            keep_back(l, l + 1, b, best, back + f * back_stride);
        }
        for (size_t i = 0; i < N; i++) {
            b[i] = larger(b[i], l[i]) + e_blank;
        }
        for (size_t i = 0; i < N; i++) {
            l[i + 1] = larger(l[i + 1], best[i]) + (double)e[symbol[i]];
        }
    }
    memcpy(label, l + 1, N * sizeof *l);
    memcpy(blank, b, sizeof b);
}
