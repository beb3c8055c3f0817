#include "align/score/coarse_sync.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "align/score/sync_level.h"
#include "features/base/compare.h"

/* ---- transposition ---- */

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
    silbe_err own;
    err = silbe_err_begin(err, &own);
    double duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    silbe_sync_level level = {
        .pad_s = options->pad_s,
        .hop_s = fmax(options->key_hop_s, duration_s / (double)options->key_frames),
        .smoothing_s = options->smoothing_s,
        .side_weight = options->key_side_weight};
    double costs[N_KEYS] = {0};
    size_t n = 0, best = 0;
    *result = (silbe_coarse_result){0};
    /* 0, -1, 1, -2, ...: of equal costs the smallest shift wins. Six up is the key of six down. */
    for (size_t i = 0; i < N_KEYS && i <= 2 * (size_t)options->max_transposition; i++, n++) {
        int shift = i % 2 == 1 ? -(int)((i + 1) / 2) : (int)(i / 2);
        level.transposition_semitones = shift;
        silbe_try(err, silbe_sync_level_cost(score, recording, &level, &costs[i], err));
        if (i == 0 || costs[i] < (1 - ROUNDING) * costs[best]) {
            best = i;
            result->transposition_semitones = shift;
        }
    }
    double middle = median(costs, n);
    result->key_ratio = middle > 0 ? costs[best] / middle : 1;
    return err->status;
}

/* ---- the first guess ---- */

/*
 * Seconds per quarter note of what was found to be the music, if that is much shorter than the
 * recording; else 0. A score stretched over minutes of applause or silence is too slow by as much,
 * and DTW places its beginning and end badly.
 */
static double tempo_of_music(const silbe_score_events *events, const double *event_s,
                             double duration_s, double longest_share)
{
    size_t last = events->n_events - 1;
    double music_s = event_s[last] - event_s[0];
    bool is_short = last > 0 && music_s > 0 && music_s < longest_share * duration_s;
    return is_short ? music_s / (events->onset_q[last] - events->onset_q[0]) : 0;
}

silbe_status silbe_coarse_sync(const silbe_score *score, const silbe_score_events *events,
                               const silbe_recording *recording,
                               const silbe_coarse_options *options, int transposition_semitones,
                               double *event_s, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    double duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    silbe_sync_level level = {.pad_s = options->pad_s,
                              .hop_s = options->hop_s,
                              .smoothing_s = options->smoothing_s,
                              .onset_weight = options->onset_weight,
                              .onset_decay_s = options->onset_decay_s,
                              .side_weight = 2,
                              .transposition_semitones = transposition_semitones,
                              .evidence = options->evidence};
    while (duration_s / level.hop_s > (double)options->max_full_frames) {
        level.hop_s *= 2;
    }
    silbe_try(err, silbe_sync_level_run(score, events, recording, &level, event_s, err));
    level.seconds_per_q =
        silbe_failed(err) ? 0 : tempo_of_music(events, event_s, duration_s, options->music_share);
    if (level.seconds_per_q > 0) {
        silbe_try(err, silbe_sync_level_run(score, events, recording, &level, event_s, err));
    }
    while (level.hop_s > options->hop_s && !silbe_failed(err)) {
        level.band_s = fmax(options->band_s, options->band_frames * level.hop_s);
        level.hop_s = fmax(0.5 * level.hop_s, options->hop_s);
        silbe_try(err, silbe_sync_level_run(score, events, recording, &level, event_s, err));
    }
    return err->status;
}
