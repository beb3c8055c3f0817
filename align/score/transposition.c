/* The transposition of a recording against its score: see coarse_sync.h. */
#include <math.h>
#include <stdlib.h>

#include "align/score/coarse_sync.h"
#include "align/score/sync_level.h"
#include "features/base/compare.h"

enum { N_KEYS = 12 };

/* Costs that differ by less than this share are equal: a rotated sum rounds differently. */
static const double ROUNDING = 1e-6;

/* Of the tried costs; the mean of the two in the middle if there are two. */
static double median(const double *costs, size_t n)
{
    double sorted[N_KEYS];
    for (size_t i = 0; i < n; i++) {
        sorted[i] = costs[i];
    }
    qsort(sorted, n, sizeof *sorted, silbe_compare_doubles);
    return 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
}

silbe_status silbe_find_transposition(const silbe_score *score, const silbe_recording *recording,
                                      const silbe_coarse_options *options,
                                      silbe_coarse_result *result, silbe_err *err)
{
    double duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    silbe_sync_level level = {
        .pad_s = options->pad_s,
        .hop_s = fmax(options->key_hop_s, duration_s / (double)options->key_frames),
        .smoothing_s = options->smoothing_s,
        .side_weight = options->key_side_weight};
    double costs[N_KEYS];
    size_t n = 0, best = 0;
    *result = (silbe_coarse_result){0};
    /* 0, -1, 1, -2, ...: of equal costs the smallest shift wins. Six up is the key of six down. */
    for (size_t i = 0; i < N_KEYS && i <= 2 * (size_t)options->max_transposition; i++, n++) {
        int shift = i % 2 == 1 ? -(int)((i + 1) / 2) : (int)(i / 2);
        level.transposition_semitones = shift;
        silbe_status status = silbe_sync_level_cost(score, recording, &level, &costs[i], err);
        if (status != SILBE_OK) {
            return status;
        }
        if (i == 0 || costs[i] < (1 - ROUNDING) * costs[best]) {
            best = i;
            result->transposition_semitones = shift;
        }
    }
    double middle = median(costs, n);
    result->key_ratio = middle > 0 ? costs[best] / middle : 1;
    return SILBE_OK;
}
