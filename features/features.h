/*
 * One recording to everything that the aligners want from the sound.
 *
 *     silbe_features_options options = silbe_features_options_default();
 *     silbe_features_plan *plan;                      // once, on one thread
 *     silbe_features_plan_new(&options, &plan, &err);
 *     silbe_features features;                        // for each recording, on any thread
 *     silbe_features_run(plan, "song.wav", &features, &err);
 */
#ifndef SILBE_FEATURES_H
#define SILBE_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#include "features/audio.h"
#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/chroma.h"
#include "features/logmel.h"
#include "features/middle.h"
#include "features/onset.h"
#include "features/tuning.h"

typedef struct {
    silbe_audio_options audio;
    double hop_s; /* of chroma and onsets, default 0.01 */
    silbe_tuning_options tuning;
    silbe_chroma_options chroma;
    silbe_onset_options onset;   /* of the semitones and of the pitch classes */
    silbe_logmel_options logmel; /* has its own hop */
    bool want_pitches; /* default true; false leaves chroma and onsets empty, the tuning 0 */
    bool want_logmel;  /* default true; false leaves features.logmel empty */
    bool want_middle;  /* of the log-mel bands, see below; default false */
    silbe_middle_options middle;
    size_t max_kept_samples; /* The bands can be placed only when the tuning is known, so the
                                sound is gone through twice. A recording of up to this many
                                samples is kept in between; a longer one is decoded again, which
                                for 75 minutes of stereo FLAC at 44.1 kHz costs 3.4 s where
                                keeping it would cost 400 MB. Default 2^24 (64 MiB, 12 minutes);
                                the features do not depend on it */
} silbe_features_options;

silbe_features_options silbe_features_options_default(void);

/* Row t of a matrix is frame t, centred on t * hop_s seconds of the recording. All owned. */
typedef struct {
    silbe_matrix chroma; /* frames x 12: chroma.h */
    silbe_matrix onset;  /* frames x 12: D of onset.h, pitch_onset folded to pitch classes, with a
                            decaying trace */
    silbe_matrix pitch_onset; /* frames x (onset.high_pitch - onset.low_pitch + 1): N of onset.h,
                                 column c is MIDI note onset.low_pitch + c */
    silbe_matrix logmel;      /* logmel frames x logmel.n_bands: logmel.h */
    silbe_matrix middle;      /* the same of the middle of a stereo recording (middle.h); empty
                                 where the channels hardly differ, or share hardly anything */
    double hop_s;             /* of the first three */
    double logmel_hop_s;      /* of logmel */
    double rate_hz;           /* working rate */
    double duration_s;        /* of the recording */
    silbe_tuning tuning;      /* estimated, and corrected for in chroma and onsets */
    silbe_audio_facts audio;  /* for the log */
} silbe_features;

#define SILBE_FEATURES_INIT                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

/* Windows, FFTW plans, mel bands. Make and free it on one thread, while no other thread makes or
 * frees FFTW plans; then share it. The caller frees *plan. */
typedef struct silbe_features_plan silbe_features_plan;

SILBE_MUST_CHECK silbe_status silbe_features_plan_new(const silbe_features_options *options,
                                                      silbe_features_plan **plan, silbe_err *err);

void silbe_features_plan_free(silbe_features_plan *plan);

/* All features of the recording at path; the caller frees *features. Errors are those of audio.h.
 * Thread-safe; the result does not depend on threads. */
SILBE_MUST_CHECK silbe_status silbe_features_run(const silbe_features_plan *plan, const char *path,
                                                 silbe_features *features, silbe_err *err);

void silbe_features_free(silbe_features *features);

#endif
