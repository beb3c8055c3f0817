#include "align/score/score_sync.h"

#include <math.h>
#include <stdlib.h>

#include "align/score/score_features.h"

silbe_score_sync_options silbe_score_sync_options_default(void)
{
    silbe_refine_options refine = {.half_window_s = 0.8,
                                   .onset_weight = 8,
                                   .hold_weight_s = 40,
                                   .tempo_weight = 1,
                                   .sigma_s = 0.02,
                                   .sigma_relative = 0.15,
                                   .huber = 2,
                                   .tempo_window_s = 1.5,
                                   .tempo_min_events = 4,
                                   .n_iterations = 2};
    silbe_score_sync_options options = {.coarse = {.pad_s = 1,
                                                   .coarse_hop_s = 0.1,
                                                   .max_coarse_frames = 4000,
                                                   .smoothing_s = 0.4,
                                                   .coarse_weight = 3,
                                                   .max_transposition = 6,
                                                   .fine_hop_s = 0.02,
                                                   .fine_weight = 2,
                                                   .onset_weight = 1,
                                                   .onset_decay_s = 0.2,
                                                   .band_s = 4},
                                        .wide = refine,
                                        .narrow = refine,
                                        .n_partials = 10,
                                        .partial_falloff = 0.8,
                                        .latency_s = 0.005,
                                        .max_mean_cost = 1};
    options.narrow.half_window_s = 0.2;
    options.narrow.onset_weight = 12;
    return options;
}

void silbe_score_sync_free(silbe_score_sync *sync)
{
    silbe_score_events_free(&sync->events);
    free(sync->estimates);
    free(sync->event_s);
    free(sync->confidence);
    *sync = (silbe_score_sync)SILBE_SCORE_SYNC_INIT;
}

static silbe_status allocate(silbe_score_sync *sync, silbe_err *err)
{
    size_t n = sync->events.n_events;
    sync->estimates = calloc(n, sizeof *sync->estimates);
    sync->event_s = calloc(n, sizeof *sync->event_s);
    sync->confidence = calloc(n, sizeof *sync->confidence);
    if (sync->estimates == NULL || sync->event_s == NULL || sync->confidence == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu events", n);
    }
    return SILBE_OK;
}

static silbe_status refine_twice(const silbe_score *score, const silbe_recording *recording,
                                 const silbe_score_sync_options *options, silbe_score_sync *sync,
                                 silbe_err *err)
{
    int shift = sync->coarse.transposition_semitones;
    silbe_matrix onsets = SILBE_MATRIX_INIT, chroma = SILBE_MATRIX_INIT;
    silbe_status status = silbe_event_onsets(score, &sync->events, shift, recording->low_pitch,
                                             recording->pitch_onset->n_cols, options->n_partials,
                                             options->partial_falloff, &onsets, err);
    if (status == SILBE_OK) {
        status = silbe_event_chroma(score, &sync->events, shift, &chroma, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_refine(&sync->events, &onsets, &chroma, recording, &options->wide,
                                    sync->estimates, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_refine(&sync->events, &onsets, &chroma, recording, &options->narrow,
                                    sync->estimates, err);
    }
    silbe_matrix_free(&onsets);
    silbe_matrix_free(&chroma);
    return status;
}

silbe_status silbe_score_sync_run(const silbe_score *score, const silbe_recording *recording,
                                  const silbe_score_sync_options *options, silbe_score_sync *sync,
                                  silbe_err *err)
{
    *sync = (silbe_score_sync)SILBE_SCORE_SYNC_INIT;
    silbe_status status = silbe_score_events_new(score, &sync->events, err);
    if (status == SILBE_OK) {
        status = allocate(sync, err);
    }
    if (status == SILBE_OK) {
        status = silbe_coarse_sync(score, &sync->events, recording, &options->coarse, sync->event_s,
                                   &sync->coarse, err);
    }
    if (status == SILBE_OK && sync->coarse.mean_cost > options->max_mean_cost) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "the recording does not fit the score: chroma cost %.3f, where %.3f is "
                            "the most that the same music reaches; is it another song?",
                            sync->coarse.mean_cost, options->max_mean_cost);
    }
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t k = 0; k < sync->events.n_events; k++) {
        sync->estimates[k].time_s = sync->event_s[k];
    }
    status = refine_twice(score, recording, options, sync, err);
    for (size_t k = 0; k < sync->events.n_events && status == SILBE_OK; k++) {
        sync->estimates[k].time_s -= options->latency_s;
        sync->event_s[k] = sync->estimates[k].time_s;
        sync->confidence[k] = sync->estimates[k].near_mass;
    }
    return status;
}
