#include "pipeline/align/inputs.h"

#include "features/base/npy.h"

void silbe_align_inputs_free(silbe_align_inputs *inputs)
{
    silbe_matrix_free(&inputs->chroma);
    silbe_matrix_free(&inputs->onset);
    silbe_matrix_free(&inputs->pitch_onset);
    silbe_matrix_free(&inputs->posteriors);
    silbe_labels_free(&inputs->labels);
}

silbe_status silbe_align_inputs_read_features(const silbe_features_paths *paths,
                                              silbe_align_inputs *inputs, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_features_file_read(paths->facts, &inputs->features, err));
    silbe_try(err,
              silbe_npy_read_matrix(paths->chroma, SILBE_N_PITCH_CLASSES, &inputs->chroma, err));
    silbe_try(err, silbe_npy_read_matrix(paths->onset, SILBE_N_PITCH_CLASSES, &inputs->onset, err));
    silbe_try(err, silbe_npy_read_matrix(paths->pitch_onset, inputs->features.n_onset_pitches,
                                         &inputs->pitch_onset, err));
    if (!silbe_failed(err) && (inputs->chroma.n_rows != inputs->features.n_frames ||
                               inputs->onset.n_rows != inputs->features.n_frames ||
                               inputs->pitch_onset.n_rows != inputs->features.n_frames)) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s: says %zu frames, but the arrays have %zu, %zu and %zu; run the "
                         "stage features again with --force",
                         paths->facts, inputs->features.n_frames, inputs->chroma.n_rows,
                         inputs->onset.n_rows, inputs->pitch_onset.n_rows);
    }
    return err->status;
}

silbe_status silbe_align_inputs_read(silbe_stage_id mode, const silbe_item *source,
                                     const silbe_stage_item *item, silbe_align_inputs *inputs,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    inputs->corrections = silbe_stage_input(item, SILBE_FILE_CORRECTIONS);
    inputs->work = source->work;
    inputs->version = source->version;
    inputs->audio_path = source->audio_path;
    inputs->text_path = source->lyrics_path != NULL ? source->lyrics_path : source->score_path;
    if (silbe_chain_get(mode)->needs_score && source->score_path == NULL) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "has no score: mode %s needs %s.musicxml, .xml or .mxl beside %s; mode "
                         "lyrics needs none",
                         silbe_chain_get(mode)->name, source->work, source->audio_path);
    }
    const silbe_features_paths features = {.facts = silbe_stage_input(item, SILBE_FILE_FEATURES),
                                           .chroma = silbe_stage_input(item, SILBE_FILE_CHROMA),
                                           .onset = silbe_stage_input(item, SILBE_FILE_ONSET),
                                           .pitch_onset =
                                               silbe_stage_input(item, SILBE_FILE_PITCH_ONSET)};
    if (features.chroma != NULL) {
        silbe_try(err, silbe_align_inputs_read_features(&features, inputs, err));
    }
    if (silbe_stage_input(item, SILBE_FILE_POSTERIORS) != NULL) {
        silbe_try(err,
                  silbe_posteriorgram_read(silbe_stage_input(item, SILBE_FILE_POSTERIORS_FACTS),
                                           silbe_stage_input(item, SILBE_FILE_POSTERIORS),
                                           &inputs->posteriorgram, &inputs->posteriors, err));
    }
    silbe_try(err,
              silbe_labels_read(silbe_stage_input(item, SILBE_FILE_LABELS), &inputs->labels, err));
    return err->status;
}
