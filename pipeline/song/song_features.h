/*
 * What is heard in the recording of a song: features and posteriorgram, from the cache or made,
 * handed on in memory.
 */
#ifndef SILBE_SONG_FEATURES_H
#define SILBE_SONG_FEATURES_H

#include <stdbool.h>

#include "features/base/status.h"
#include "features/features.h"
#include "features/model/ensemble.h"
#include "pipeline/align/inputs.h"
#include "pipeline/run/batch.h"
#include "pipeline/settings/config.h"

/* What all songs of a run share. Plans and model are made when the first song needs them. */
typedef struct {
    const silbe_config *config;
    const char *cache;                /* folder, or NULL */
    const char *program;              /* digest of the running program, part of all keys */
    silbe_features_plan *plans[2][2]; /* by want_pitches, want_logmel; owned */
    silbe_ensemble ensemble;          /* owned; empty until it is needed */
} silbe_song_ears;

void silbe_song_ears_free(silbe_song_ears *ears);

/*
 * Fills what a mode that needs pitches (chroma, onsets) or phones (posteriors) wants of the
 * recording: facts and matrices of *inputs, which the caller frees. Notes and warnings of the
 * recording go to the report; audio_s is set. Thread-safe. Errors of silbe_features_run and
 * silbe_ensemble_run.
 */
SILBE_MUST_CHECK silbe_status silbe_song_hear(silbe_song_ears *ears, const char *audio_path,
                                              bool needs_pitches, bool needs_phones,
                                              silbe_align_inputs *inputs, silbe_item_report *report,
                                              silbe_err *err);

#endif
