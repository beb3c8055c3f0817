#include "pipeline/align/score_item.h"

#include <stdlib.h>

#include "features/base/memory.h"
#include "features/base/npy.h"
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

silbe_status silbe_score_item_read(const silbe_align_context *context, const silbe_stage_item *item,
                                   silbe_score_item *inputs, silbe_err *err)
{
    const silbe_item *source = &context->dataset->items[item->tag];
    if (source->score_path == NULL) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "has no score: mode %s needs %s.musicxml, .xml or .mxl beside %s; mode "
                          "lyrics needs none",
                          silbe_chain_get(context->mode)->name, source->work, source->audio_path);
    }
    const char *facts = silbe_stage_input(item, SILBE_FILE_FEATURES);
    silbe_try(err, silbe_features_file_read(facts, &inputs->facts, err));
    silbe_try(err, silbe_npy_read_matrix(silbe_stage_input(item, SILBE_FILE_CHROMA),
                                         SILBE_N_PITCH_CLASSES, &inputs->chroma, err));
    silbe_try(err, silbe_npy_read_matrix(silbe_stage_input(item, SILBE_FILE_ONSET),
                                         SILBE_N_PITCH_CLASSES, &inputs->onset, err));
    silbe_try(err, silbe_npy_read_matrix(silbe_stage_input(item, SILBE_FILE_PITCH_ONSET),
                                         inputs->facts.n_onset_pitches, &inputs->pitch_onset, err));
    if (!silbe_failed(err) && (inputs->chroma.n_rows != inputs->facts.n_frames ||
                               inputs->onset.n_rows != inputs->facts.n_frames ||
                               inputs->pitch_onset.n_rows != inputs->facts.n_frames)) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s: says %zu frames, but the arrays have %zu, %zu and %zu; run the "
                          "stage features again with --force",
                          facts, inputs->facts.n_frames, inputs->chroma.n_rows,
                          inputs->onset.n_rows, inputs->pitch_onset.n_rows);
    }
    silbe_try(err,
              silbe_labels_read(silbe_stage_input(item, SILBE_FILE_LABELS), &inputs->labels, err));
    return err->status;
}

silbe_recording silbe_score_item_recording(const silbe_score_item *item)
{
    return (silbe_recording){.chroma = &item->chroma,
                             .onset = &item->onset,
                             .pitch_onset = &item->pitch_onset,
                             .low_pitch = item->facts.onset_low_pitch,
                             .hop_s = item->facts.hop_s};
}

silbe_status silbe_score_item_read_anchors(const silbe_stage_item *item, silbe_score_item *read,
                                           silbe_item_report *report, silbe_err *err)
{
    const silbe_lyrics *lyrics = &read->labels.lyrics;
    const char *path = silbe_stage_input(item, SILBE_FILE_CORRECTIONS);
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    if (path == NULL) {
        return SILBE_OK;
    }
    silbe_try(err, silbe_corrections_read(path, lyrics, &words, err));
    read->anchors = silbe_alloc(lyrics->n_words, sizeof *read->anchors, "words", err);
    for (size_t i = 0; i < words.n_words && !silbe_failed(err); i++) {
        double onset_q = lyrics->syllables[lyrics->words[i].first_syllable].onset_q;
        if (words.words[i].is_known && words.words[i].start_s > read->facts.duration_s) {
            (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                             "%s: \"%s\" at %.3f s, but the recording ends at %.3f s", path,
                             lyrics->words[i].text, words.words[i].start_s, read->facts.duration_s);
        } else if (words.words[i].is_known) {
            read->anchors[read->n_anchors++] =
                (silbe_score_anchor){onset_q, words.words[i].start_s};
        }
    }
    silbe_item_note(report, "%zu words set by hand", read->n_anchors);
    silbe_reference_words_free(&words);
    return err->status;
}

silbe_score_sync_options silbe_score_options_from(const silbe_config *config)
{
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_coarse_options *coarse = &options.coarse;
    coarse->max_transposition = config->align.max_transposition;
    coarse->hop_s = config->align.coarse_hop_ms / 1000;
    coarse->max_full_frames = (size_t)config->align.coarse_max_frames;
    coarse->band_s = config->align.coarse_band_s;
    coarse->onset_weight = config->align.coarse_onset_weight;
    coarse->onset_decay_s = config->features.onset_decay_s;

    silbe_refine_options *passes[] = {&options.wide, &options.narrow};
    for (size_t i = 0; i < 2; i++) {
        passes[i]->onset_weight = config->align.onset_weight;
        passes[i]->hold_weight_s = config->align.hold_weight;
        passes[i]->tempo_weight = config->align.tempo_weight;
        passes[i]->sigma_s = config->align.tempo_sigma_s;
        passes[i]->sigma_relative = config->align.tempo_sigma_relative;
        passes[i]->tempo_window_s = config->align.tempo_window_s;
    }
    options.wide.half_window_s = config->align.wide_window_s;
    options.narrow.half_window_s = config->align.narrow_window_s;
    options.n_partials = (size_t)config->align.partials;
    options.partial_falloff = config->align.partial_falloff;
    options.max_key_ratio = config->align.mismatch_key_ratio;
    options.min_sharpness = config->align.mismatch_sharpness;
    return options;
}

silbe_status silbe_score_item_write_path(const char *path, const silbe_score_sync *sync,
                                         silbe_err *err)
{
    silbe_err own;
    size_t n = sync->events.n_events;
    err = silbe_err_begin(err, &own);
    double *rows = silbe_alloc(n * PATH_COLUMNS, sizeof *rows, "positions", err);
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        rows[k * PATH_COLUMNS] = sync->events.onset_q[k];
        rows[k * PATH_COLUMNS + 1] = sync->event_s[k];
        rows[k * PATH_COLUMNS + 2] = sync->confidence[k];
    }
    silbe_try(err, silbe_npy_write_doubles(path, rows, n, PATH_COLUMNS, err));
    free(rows);
    return err->status;
}
