#include "align/score/score_sync.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align/score/score_defaults.h"
#include "align/score/score_features.h"
#include "align/score/tempo.h"
#include "features/base/memory.h"

/* From this many semitones on, the octave of a transposition is decided by the onsets. */
enum { OCTAVE_DOUBT = 4 };

static const double SPEED_HALF_S = 1; /* half window of the local speed */

silbe_score_sync_options silbe_score_sync_options_default(void)
{
    silbe_refine_options wide = {.half_window_s = SILBE_SCORE_WIDE_WINDOW_S,
                                 .onset_weight = SILBE_SCORE_ONSET_WEIGHT,
                                 .hold_weight_s = SILBE_SCORE_HOLD_WEIGHT,
                                 .tempo_weight = SILBE_SCORE_TEMPO_WEIGHT,
                                 .sigma_s = SILBE_SCORE_TEMPO_SIGMA_S,
                                 .sigma_relative = SILBE_SCORE_TEMPO_SIGMA_RELATIVE,
                                 .huber = 2,
                                 .tempo_window_s = SILBE_SCORE_TEMPO_WINDOW_S,
                                 .tempo_min_events = 4,
                                 .n_iterations = 3};
    silbe_refine_options narrow = wide;
    narrow.half_window_s = SILBE_SCORE_NARROW_WINDOW_S;
    narrow.n_iterations = 2;
    return (silbe_score_sync_options){.coarse = {.pad_s = 1,
                                                 .hop_s = SILBE_SCORE_COARSE_HOP_MS / 1000.0,
                                                 .max_full_frames = SILBE_SCORE_COARSE_MAX_FRAMES,
                                                 .band_s = SILBE_SCORE_COARSE_BAND_S,
                                                 .band_frames = 40,
                                                 .music_share = 0.8,
                                                 .smoothing_s = 0.2,
                                                 .onset_weight = SILBE_SCORE_COARSE_ONSET_WEIGHT,
                                                 .onset_decay_s = SILBE_SCORE_ONSET_DECAY_S,
                                                 .max_transposition = SILBE_SCORE_MAX_TRANSPOSITION,
                                                 .key_hop_s = 0.2,
                                                 .key_frames = 1500,
                                                 .key_side_weight = 3},
                                      .wide = wide,
                                      .narrow = narrow,
                                      .n_partials = SILBE_SCORE_PARTIALS,
                                      .partial_falloff = SILBE_SCORE_PARTIAL_FALLOFF,
                                      .support_s = 1.5,
                                      .full_support = 0.2,
                                      .max_rate_hz = 30,
                                      .max_speed_ratio = 2.5,
                                      .max_key_ratio = SILBE_SCORE_MISMATCH_KEY_RATIO,
                                      .min_sharpness = SILBE_SCORE_MISMATCH_SHARPNESS};
}

void silbe_score_sync_free(silbe_score_sync *sync)
{
    silbe_score_events_free(&sync->events);
    free(sync->estimates);
    free(sync->event_s);
    free(sync->confidence);
    *sync = (silbe_score_sync)SILBE_SCORE_SYNC_INIT;
}

static void allocate(silbe_score_sync *sync, silbe_err *err)
{
    size_t n = sync->events.n_events;
    sync->estimates = silbe_alloc(n, sizeof *sync->estimates, "events", err);
    sync->event_s = silbe_alloc(n, sizeof *sync->event_s, "events", err);
    sync->confidence = silbe_alloc(n, sizeof *sync->confidence, "events", err);
}

/* Places the events, first in the wide, then in the narrow window, for one transposition (octave
 * included); the mean support in the wide window. */
static double refine(const silbe_score *score, const silbe_recording *recording,
                     const silbe_score_sync_options *options, int transposition,
                     silbe_score_sync *sync, silbe_err *err)
{
    if (silbe_failed(err)) {
        return 0;
    }
    size_t n = sync->events.n_events;
    double mean_support = 0;
    silbe_matrix onsets = SILBE_MATRIX_INIT, chroma = SILBE_MATRIX_INIT;
    silbe_try(err, silbe_event_onsets(score, &sync->events, transposition, recording->low_pitch,
                                      recording->pitch_onset->n_cols, options->n_partials,
                                      options->partial_falloff, &onsets, err));
    silbe_try(err, silbe_event_chroma(score, &sync->events, transposition, &chroma, err));
    for (size_t k = 0; k < n; k++) {
        sync->estimates[k].time_s = sync->event_s[k];
    }
    silbe_try(err, silbe_onset_refine(&sync->events, &onsets, &chroma, recording, &options->wide,
                                      false, sync->estimates, err));
    for (size_t k = 0; k < n; k++) {
        sync->confidence[k] = sync->estimates[k].near_mass;
        mean_support += sync->estimates[k].support / (double)n;
    }
    silbe_try(err, silbe_onset_refine(&sync->events, &onsets, &chroma, recording, &options->narrow,
                                      true, sync->estimates, err));
    silbe_matrix_free(&onsets);
    silbe_matrix_free(&chroma);
    return mean_support;
}

/*
 * Chroma cannot tell an octave: five semitones up and seven down are the same to it. Where the
 * distance is large enough to doubt, both are tried, and the one whose onsets are heard better
 * wins.
 */
static void refine_in_best_octave(const silbe_score *score, const silbe_recording *recording,
                                  const silbe_score_sync_options *options, silbe_score_sync *sync,
                                  silbe_err *err)
{
    int shift = sync->coarse.transposition_semitones;
    if (abs(shift) < OCTAVE_DOUBT) {
        (void)refine(score, recording, options, shift, sync, err);
        return;
    }
    int other = shift > 0 ? shift - 12 : shift + 12;
    double other_support = refine(score, recording, options, other, sync, err);
    double support = refine(score, recording, options, shift, sync, err);
    if (other_support > support) {
        sync->coarse.transposition_semitones = other;
        (void)refine(score, recording, options, other, sync, err);
    }
}

/* Turns estimates into confidences (which hold the wide window's mass on entry) and sharpness. */
static void rate_events(const silbe_score_sync_options *options, silbe_score_sync *sync)
{
    size_t n = sync->events.n_events;
    double reach_s = 4 * options->support_s;
    size_t begin = 0;
    sync->sharpness = 0;
    for (size_t k = 0; k < n; k++) {
        const silbe_event_estimate *estimates = sync->estimates;
        double weights = 0, support = 0;
        while (estimates[begin].time_s < estimates[k].time_s - reach_s) {
            begin++;
        }
        for (size_t i = begin; i < n && estimates[i].time_s <= estimates[k].time_s + reach_s; i++) {
            double z = (estimates[i].time_s - estimates[k].time_s) / options->support_s;
            double weight = exp(-0.5 * z * z);
            weights += weight;
            support += weight * estimates[i].support;
        }
        double share = fmin(fmax(support / weights / options->full_support, 0), 1);
        sync->confidence[k] *= estimates[k].near_mass * share;
        sync->sharpness += estimates[k].sharp_mass / (double)n;
        sync->event_s[k] = estimates[k].time_s;
    }
}

/* Squared, so that a part that is squeezed into nothing counts for nothing. */
static void doubt_fast_passages(double max_speed_ratio, silbe_score_sync *sync, silbe_err *err)
{
    size_t n = sync->events.n_events;
    double *ratio = silbe_alloc(n, sizeof *ratio, "events", err);
    silbe_try(err, silbe_relative_speeds(sync->events.onset_q, sync->event_s, n, SPEED_HALF_S,
                                         ratio, err));
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        double share = fmin(1, max_speed_ratio / ratio[k]);
        sync->confidence[k] *= share * share;
    }
    free(ratio);
}

static silbe_status check_rate(const silbe_score_events *events, const silbe_recording *recording,
                               double max_rate_hz, silbe_err *err)
{
    double duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    if (duration_s > 0 && (double)events->n_events > 1 + max_rate_hz * duration_s) {
        return silbe_fail(
            err, SILBE_ERR_MISMATCH,
            "the recording of %.2f s is too short for the score: %zu onsets, more than "
            "%.0f in a second; is it only a part of the song?",
            duration_s, events->n_events, max_rate_hz);
    }
    return SILBE_OK;
}

/* From the first guess in sync->event_s to times and confidences; anchors hold. */
static void place_events(const silbe_score *score, const silbe_recording *recording,
                         const silbe_score_sync_options *options, silbe_score_sync *sync,
                         silbe_err *err)
{
    size_t n = sync->events.n_events;
    silbe_score_sync_options anchored = *options;
    double *anchor_s = silbe_alloc(n, sizeof *anchor_s, "events", err);
    silbe_try(err, silbe_anchors_of_events(&sync->events, options->anchors, options->n_anchors,
                                           anchor_s, err));
    if (!silbe_failed(err)) {
        silbe_anchors_bend(anchor_s, n, sync->event_s);
        anchored.wide.anchor_s = options->n_anchors > 0 ? anchor_s : NULL;
        anchored.narrow.anchor_s = anchored.wide.anchor_s;
        refine_in_best_octave(score, recording, &anchored, sync, err);
    }
    if (!silbe_failed(err)) {
        rate_events(options, sync);
        doubt_fast_passages(options->max_speed_ratio, sync, err);
    }
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        sync->confidence[k] = isnan(anchor_s[k]) ? sync->confidence[k] : 1;
    }
    free(anchor_s);
}

static void first_guess(const silbe_score *score, const silbe_recording *recording,
                        const silbe_score_sync_options *options, silbe_score_sync *sync,
                        silbe_err *err)
{
    const silbe_score_sync *guess = options->guess;
    size_t n = sync->events.n_events;
    if (guess != NULL && guess->events.n_events != n) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MISMATCH,
                                  "the guess is one for another score: %zu events, %zu expected",
                                  guess->events.n_events, n));
    } else if (guess != NULL && !silbe_failed(err)) {
        sync->coarse = guess->coarse;
        memcpy(sync->event_s, guess->event_s, n * sizeof *sync->event_s);
    } else {
        silbe_try(err,
                  silbe_find_transposition(score, recording, &options->coarse, &sync->coarse, err));
        silbe_try(err, silbe_coarse_sync(score, &sync->events, recording, &options->coarse,
                                         sync->coarse.transposition_semitones, sync->event_s, err));
    }
}

silbe_status silbe_score_sync_run(const silbe_score *score, const silbe_recording *recording,
                                  const silbe_score_sync_options *options, silbe_score_sync *sync,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *sync = (silbe_score_sync)SILBE_SCORE_SYNC_INIT;
    silbe_try(err, silbe_score_events_new(score, &sync->events, err));
    silbe_try(err, check_rate(&sync->events, recording, options->max_rate_hz, err));
    allocate(sync, err);
    first_guess(score, recording, options, sync, err);
    place_events(score, recording, options, sync, err);
    if (options->n_anchors == 0 && options->guess == NULL &&
        sync->coarse.key_ratio > options->max_key_ratio &&
        sync->sharpness < options->min_sharpness) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MISMATCH,
                                  "the recording does not fit the score (no key fits better than "
                                  "others: %.2f, at most %.2f expected; onsets are found where the "
                                  "score has none: %.2f, at least %.2f expected); is it another "
                                  "song, or another edition?",
                                  sync->coarse.key_ratio, options->max_key_ratio, sync->sharpness,
                                  options->min_sharpness));
    }
    return err->status;
}
