#include "pipeline/align/score_item.h"

#include <stdlib.h>

#include "features/base/npy.h"
#include "pipeline/align/items.h"
#include "pipeline/files/corrections.h"

enum { PATH_COLUMNS = 3 };

void silbe_score_item_free(silbe_score_item *inputs)
{
    free(inputs->anchors);
    silbe_matrix_free(&inputs->chroma);
    silbe_matrix_free(&inputs->onset);
    silbe_matrix_free(&inputs->pitch_onset);
    silbe_labels_free(&inputs->labels);
}

silbe_status silbe_score_item_add_inputs(silbe_stage *stage, size_t index,
                                         const silbe_config *config, const silbe_item *item,
                                         silbe_err *err)
{
    static const struct {
        const char *folder;
        const char *suffix;
    } INPUTS[SILBE_SCORE_ITEM_N_INPUTS] = {
        [SILBE_SCORE_ITEM_CHROMA] = {"features", "chroma.npy"},
        [SILBE_SCORE_ITEM_ONSET] = {"features", "onset.npy"},
        [SILBE_SCORE_ITEM_PITCH_ONSET] = {"features", "pitch_onset.npy"},
        [SILBE_SCORE_ITEM_FACTS] = {"features", "features.json"},
        [SILBE_SCORE_ITEM_LABELS] = {"labels", "json"},
    };
    silbe_status status = SILBE_OK;
    for (size_t k = 0; k < SILBE_SCORE_ITEM_N_INPUTS && status == SILBE_OK; k++) {
        const char *name = k == SILBE_SCORE_ITEM_LABELS ? item->work : item->name;
        status = silbe_align_add_input(stage, index, config, INPUTS[k].folder, name,
                                       INPUTS[k].suffix, err);
    }
    return status;
}

silbe_status silbe_score_item_read(const silbe_align_context *context, const silbe_stage_item *item,
                                   silbe_score_item *inputs, silbe_err *err)
{
    const silbe_item *source = &context->dataset->items[item->tag];
    if (source->score_path == NULL) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "has no score: mode %s needs %s.musicxml, .xml or .mxl beside %s; mode "
                          "lyrics needs none",
                          context->mode->name, source->work, source->audio_path);
    }
    silbe_status status =
        silbe_features_file_read(item->inputs[SILBE_SCORE_ITEM_FACTS], &inputs->facts, err);
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[SILBE_SCORE_ITEM_CHROMA], SILBE_N_PITCH_CLASSES,
                                       &inputs->chroma, err);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[SILBE_SCORE_ITEM_ONSET], SILBE_N_PITCH_CLASSES,
                                       &inputs->onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[SILBE_SCORE_ITEM_PITCH_ONSET],
                                       inputs->facts.n_onset_pitches, &inputs->pitch_onset, err);
    }
    if (status == SILBE_OK && (inputs->chroma.n_rows != inputs->facts.n_frames ||
                               inputs->onset.n_rows != inputs->facts.n_frames ||
                               inputs->pitch_onset.n_rows != inputs->facts.n_frames)) {
        status =
            silbe_fail(err, SILBE_ERR_MISMATCH,
                       "%s: says %zu frames, but the arrays have %zu, %zu and %zu; run the "
                       "stage features again with --force",
                       item->inputs[SILBE_SCORE_ITEM_FACTS], inputs->facts.n_frames,
                       inputs->chroma.n_rows, inputs->onset.n_rows, inputs->pitch_onset.n_rows);
    }
    if (status == SILBE_OK) {
        status = silbe_labels_read(item->inputs[SILBE_SCORE_ITEM_LABELS], &inputs->labels, err);
    }
    return status;
}

silbe_recording silbe_score_item_recording(const silbe_score_item *item)
{
    return (silbe_recording){.chroma = &item->chroma,
                             .onset = &item->onset,
                             .pitch_onset = &item->pitch_onset,
                             .low_pitch = item->facts.onset_low_pitch,
                             .hop_s = item->facts.hop_s};
}

silbe_status silbe_score_item_read_anchors(const char *path, silbe_score_item *inputs,
                                           silbe_item_report *report, silbe_err *err)
{
    const silbe_lyrics *lyrics = &inputs->labels.lyrics;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_status status = silbe_corrections_read(path, lyrics, &words, err);
    inputs->anchors = calloc(lyrics->n_words + 1, sizeof *inputs->anchors);
    if (status == SILBE_OK && inputs->anchors == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t i = 0; i < words.n_words && status == SILBE_OK; i++) {
        double onset_q = lyrics->syllables[lyrics->words[i].first_syllable].onset_q;
        if (words.words[i].is_known && words.words[i].start_s > inputs->facts.duration_s) {
            status = silbe_fail(
                err, SILBE_ERR_MISMATCH, "%s: \"%s\" at %.3f s, but the recording ends at %.3f s",
                path, lyrics->words[i].text, words.words[i].start_s, inputs->facts.duration_s);
        } else if (words.words[i].is_known) {
            inputs->anchors[inputs->n_anchors++] =
                (silbe_score_anchor){onset_q, words.words[i].start_s};
        }
    }
    silbe_item_note(report, "%zu words set by hand", inputs->n_anchors);
    silbe_reference_words_free(&words);
    return status;
}

silbe_status silbe_score_item_write_path(const char *path, const silbe_score_sync *sync,
                                         silbe_err *err)
{
    size_t n = sync->events.n_events;
    double *rows = calloc(n * PATH_COLUMNS, sizeof *rows);
    if (rows == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t k = 0; k < n; k++) {
        rows[k * PATH_COLUMNS] = sync->events.onset_q[k];
        rows[k * PATH_COLUMNS + 1] = sync->event_s[k];
        rows[k * PATH_COLUMNS + 2] = sync->confidence[k];
    }
    silbe_status status = silbe_npy_write_doubles(path, rows, n, PATH_COLUMNS, err);
    free(rows);
    return status;
}
