#include "align/score/coarse_sync.h"

#include <math.h>

#include "align/score/sync_level.h"

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
                              .transposition_semitones = transposition_semitones};
    while (duration_s / level.hop_s > (double)options->max_full_frames) {
        level.hop_s *= 2;
    }
    silbe_status status = silbe_sync_level_run(score, events, recording, &level, event_s, err);
    while (status == SILBE_OK && level.hop_s > options->hop_s) {
        level.band_s = fmax(options->band_s, options->band_frames * level.hop_s);
        level.hop_s = fmax(0.5 * level.hop_s, options->hop_s);
        status = silbe_sync_level_run(score, events, recording, &level, event_s, err);
    }
    return status;
}
