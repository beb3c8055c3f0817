#include "pipeline/song/song_features.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/npy.h"
#include "pipeline/acoustic/make_posteriorgram.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/host/digest.h"
#include "pipeline/settings/config_paths.h"
#include "pipeline/song/cache.h"

/* Files of an entry of the cache. */
enum { FACTS, CHROMA, ONSET, PITCH_ONSET, N_FEATURE_FILES, POSTERIORS = 1, N_POSTERIOR_FILES };
static const char *const FEATURE_FILES[] = {"features.json", "chroma.npy", "onset.npy",
                                            "pitch_onset.npy"};
static const char *const POSTERIOR_FILES[] = {"posteriors.json", "posteriors.npy"};

void silbe_song_ears_free(silbe_song_ears *ears)
{
    for (size_t i = 0; i < 4; i++) {
        silbe_features_plan_free(ears->plans[i / 2][i % 2]);
    }
    silbe_ensemble_free(&ears->ensemble);
}

static silbe_features_options options_of(const silbe_song_ears *ears, bool pitches, bool logmel)
{
    silbe_features_options options = silbe_features_options_from(ears->config);
    options.want_pitches = pitches;
    options.want_logmel = logmel;
    options.want_middle = logmel && ears->config->features.middle;
    return options;
}

/* FFTW makes plans on one thread at a time. */
static const silbe_features_plan *plan_for(silbe_song_ears *ears, bool pitches, bool logmel,
                                           silbe_err *err)
{
    silbe_features_plan **plan = &ears->plans[pitches][logmel];
#pragma omp critical(silbe_song_plans)
    if (*plan == NULL) {
        silbe_features_options options = options_of(ears, pitches, logmel);
        silbe_try(err, silbe_features_plan_new(&options, plan, err));
    }
    return *plan;
}

static const silbe_ensemble *open_model(silbe_song_ears *ears, silbe_err *err)
{
#pragma omp critical(silbe_song_model)
    if (ears->ensemble.n_models == 0) {
        silbe_try(err, silbe_acoustic_model_open(ears->config, &ears->ensemble, err));
        if (!silbe_failed(err)) {
            silbe_try(err, silbe_acoustic_check_features(ears->config, ears->ensemble.models, err));
        }
        if (silbe_failed(err)) {
            silbe_ensemble_free(&ears->ensemble);
        }
    }
    return &ears->ensemble;
}

/* ---- the cache ---- */

/* Where features and posteriors of the recording lie; NULL without cache. */
typedef struct {
    char *features;
    char *posteriors;
} entries;

static char *entry_of(const silbe_song_ears *ears, const char *kind, const char *audio,
                      const char *settings, const char *weights, silbe_err *err)
{
    char key[SILBE_DIGEST_HEX_SIZE];
    char *text = silbe_format(err, "%s %s %s %s %s", kind, ears->program, audio, settings, weights);
    if (text == NULL) {
        return NULL;
    }
    silbe_digest_bytes(text, strlen(text), key);
    free(text);
    return silbe_cache_path(ears->cache, kind, key, err);
}

/* Of the content of all files, in their order; "shipped" stays where there is none. */
static void digest_weights(const char *paths, char digest[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    char path[SILBE_CONFIG_PATH_SIZE], both[2 * SILBE_DIGEST_HEX_SIZE];
    while (silbe_config_next_path(&paths, path) && !silbe_failed(err)) {
        (void)snprintf(both, sizeof both, "%s", digest);
        silbe_try(err, silbe_digest_file(path, digest, err));
        size_t used = strlen(both);
        (void)snprintf(both + used, sizeof both - used, "%s", digest);
        silbe_digest_bytes(both, strlen(both), digest);
    }
}

/* By the recording's content and all settings of its features. */
static void find_entries(const silbe_song_ears *ears, const char *audio_path, entries *found,
                         silbe_err *err)
{
    static const char *const KEYS[] = {"features."};
    char audio[SILBE_DIGEST_HEX_SIZE], settings[SILBE_DIGEST_HEX_SIZE];
    char weights[SILBE_DIGEST_HEX_SIZE] = "shipped";
    if (ears->cache == NULL) {
        return;
    }
    silbe_try(err, silbe_digest_file(audio_path, audio, err));
    silbe_try(err, silbe_config_digest(ears->config, KEYS, 1, settings, err));
    digest_weights(ears->config->acoustic.weights, weights, err);
    found->features = entry_of(ears, "features", audio, settings, "", err);
    found->posteriors = entry_of(ears, "posteriors", audio, settings, weights, err);
}

static void free_paths(char **paths, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(paths[i]);
    }
}

static void join_paths(const char *folder, const char *const *names, size_t n, char **paths,
                       silbe_err *err)
{
    for (size_t i = 0; i < n; i++) {
        paths[i] = silbe_join_path(folder, names[i], err);
    }
}

static bool read_features(const char *entry, silbe_align_inputs *inputs)
{
    silbe_err err = SILBE_ERR_INIT;
    char *paths[N_FEATURE_FILES] = {NULL};
    if (!silbe_cache_has(entry)) {
        return false;
    }
    join_paths(entry, FEATURE_FILES, N_FEATURE_FILES, paths, &err);
    const silbe_features_paths files = {paths[FACTS], paths[CHROMA], paths[ONSET],
                                        paths[PITCH_ONSET]};
    silbe_try(&err, silbe_align_inputs_read_features(&files, inputs, &err));
    free_paths(paths, N_FEATURE_FILES);
    if (silbe_failed(&err)) {
        silbe_matrix_free(&inputs->chroma);
        silbe_matrix_free(&inputs->onset);
        silbe_matrix_free(&inputs->pitch_onset);
    }
    return !silbe_failed(&err);
}

static bool read_posteriors(const char *entry, silbe_align_inputs *inputs)
{
    silbe_err err = SILBE_ERR_INIT;
    char *paths[N_POSTERIOR_FILES] = {NULL};
    if (!silbe_cache_has(entry)) {
        return false;
    }
    join_paths(entry, POSTERIOR_FILES, N_POSTERIOR_FILES, paths, &err);
    silbe_try(&err, silbe_posteriorgram_read(paths[FACTS], paths[POSTERIORS],
                                             &inputs->posteriorgram, &inputs->posteriors, &err));
    free_paths(paths, N_POSTERIOR_FILES);
    if (silbe_failed(&err)) {
        silbe_matrix_free(&inputs->posteriors);
    }
    return !silbe_failed(&err);
}

/* A cache that cannot be written is told about once, and done without. */
static void end_entry(const char *entry, const char *temporary, silbe_item_report *report,
                      silbe_err *err)
{
    if (silbe_failed(err)) {
        silbe_item_note(report, "not kept in the cache: %s", err->message);
    }
    silbe_cache_end(entry, temporary, err);
}

static void keep_features(const char *entry, const silbe_features_options *options,
                          const silbe_features *features, silbe_item_report *report)
{
    silbe_err err = SILBE_ERR_INIT;
    char *paths[N_FEATURE_FILES] = {NULL};
    if (entry == NULL) {
        return;
    }
    char *temporary = silbe_cache_begin(entry, &err);
    join_paths(temporary, FEATURE_FILES, N_FEATURE_FILES, paths, &err);
    silbe_try(&err, silbe_features_file_write(paths[FACTS], options, features, &err));
    silbe_try(&err, silbe_npy_write_matrix(paths[CHROMA], &features->chroma, &err));
    silbe_try(&err, silbe_npy_write_matrix(paths[ONSET], &features->onset, &err));
    silbe_try(&err, silbe_npy_write_matrix(paths[PITCH_ONSET], &features->pitch_onset, &err));
    end_entry(entry, temporary, report, &err);
    free_paths(paths, N_FEATURE_FILES);
    free(temporary);
}

static void keep_posteriors(const char *entry, const silbe_align_inputs *inputs,
                            silbe_item_report *report)
{
    silbe_err err = SILBE_ERR_INIT;
    char *paths[N_POSTERIOR_FILES] = {NULL};
    if (entry == NULL) {
        return;
    }
    char *temporary = silbe_cache_begin(entry, &err);
    join_paths(temporary, POSTERIOR_FILES, N_POSTERIOR_FILES, paths, &err);
    silbe_try(&err, silbe_posteriorgram_facts_write(paths[FACTS], &inputs->posteriorgram, &err));
    silbe_try(&err, silbe_npy_write_matrix(paths[POSTERIORS], &inputs->posteriors, &err));
    end_entry(entry, temporary, report, &err);
    free_paths(paths, N_POSTERIOR_FILES);
    free(temporary);
}

/* ---- making ---- */

static void tell_recording(const silbe_features *features, silbe_item_report *report)
{
    silbe_item_note(report, "%s, %.0f Hz, %d channels, peak %.1f dB", features->audio.format,
                    features->audio.file_rate_hz, features->audio.n_channels,
                    20 * log10(features->audio.peak));
    if (features->audio.missing_frames > 0) {
        silbe_item_warning(report, "the recording ends %.2f s before its header says",
                           (double)features->audio.missing_frames / features->audio.file_rate_hz);
    }
}

static void make_posteriors(silbe_song_ears *ears, const silbe_features *features,
                            silbe_align_inputs *inputs, silbe_err *err)
{
    const silbe_ensemble *ensemble = open_model(ears, err);
    const silbe_matrix logmel[SILBE_N_HEARINGS] = {features->logmel, features->middle};
    inputs->posteriorgram.duration_s = features->duration_s;
    silbe_try(err, silbe_posteriorgram_of(ensemble, logmel, &inputs->posteriorgram,
                                          &inputs->posteriors, err));
}

/* Hands over what is wanted of the features. */
static void make(silbe_song_ears *ears, const char *audio_path, bool pitches, bool phones,
                 const entries *kept, silbe_align_inputs *inputs, silbe_item_report *report,
                 silbe_err *err)
{
    silbe_features features = SILBE_FEATURES_INIT;
    const silbe_features_options options = options_of(ears, pitches, phones);
    const silbe_features_plan *plan = plan_for(ears, pitches, phones, err);
    silbe_try(err, silbe_features_run(plan, audio_path, &features, err));
    if (silbe_failed(err)) {
        return;
    }
    tell_recording(&features, report);
    if (phones) {
        make_posteriors(ears, &features, inputs, err);
        if (!silbe_failed(err)) {
            keep_posteriors(kept->posteriors, inputs, report);
        }
    }
    if (pitches && !silbe_failed(err)) {
        keep_features(kept->features, &options, &features, report);
        inputs->features = silbe_features_facts_of(&options, &features);
        inputs->chroma = features.chroma;
        inputs->onset = features.onset;
        inputs->pitch_onset = features.pitch_onset;
        features.chroma = features.onset = features.pitch_onset = (silbe_matrix)SILBE_MATRIX_INIT;
    }
    silbe_features_free(&features);
}

silbe_status silbe_song_hear(silbe_song_ears *ears, const char *audio_path, bool needs_pitches,
                             bool needs_phones, silbe_align_inputs *inputs,
                             silbe_item_report *report, silbe_err *err)
{
    silbe_err own;
    entries kept = {NULL, NULL};
    err = silbe_err_begin(err, &own);
    find_entries(ears, audio_path, &kept, err);
    if (!silbe_failed(err)) {
        bool pitches = needs_pitches && !read_features(kept.features, inputs);
        bool phones = needs_phones && !read_posteriors(kept.posteriors, inputs);
        if (pitches || phones) {
            make(ears, audio_path, pitches, phones, &kept, inputs, report, err);
        } else {
            silbe_item_note(report, "what is heard in it was in the cache");
        }
    }
    report->audio_s =
        needs_pitches ? inputs->features.duration_s : inputs->posteriorgram.duration_s;
    free(kept.features);
    free(kept.posteriors);
    return err->status;
}
