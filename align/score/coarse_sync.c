#include "align/score/coarse_sync.h"

#include <math.h>
#include <stdbool.h>

#include "align/score/sync_level.h"

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
    silbe_status status = silbe_sync_level_run(score, events, recording, &level, event_s, err);
    if (status == SILBE_OK) {
        level.seconds_per_q = tempo_of_music(events, event_s, duration_s, options->music_share);
    }
    if (status == SILBE_OK && level.seconds_per_q > 0) {
        status = silbe_sync_level_run(score, events, recording, &level, event_s, err);
    }
    while (status == SILBE_OK && level.hop_s > options->hop_s) {
        level.band_s = fmax(options->band_s, options->band_frames * level.hop_s);
        level.hop_s = fmax(0.5 * level.hop_s, options->hop_s);
        status = silbe_sync_level_run(score, events, recording, &level, event_s, err);
    }
    return status;
}
