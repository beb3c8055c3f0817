#include "pipeline/align/score_evidence.h"

#include <stdlib.h>

#include "features/base/memory.h"
#include "pipeline/files/corrections.h"

silbe_recording silbe_score_recording(const silbe_align_inputs *inputs)
{
    return (silbe_recording){.chroma = &inputs->chroma,
                             .onset = &inputs->onset,
                             .pitch_onset = &inputs->pitch_onset,
                             .low_pitch = inputs->features.onset_low_pitch,
                             .hop_s = inputs->features.hop_s};
}

silbe_status silbe_score_anchors_read(const silbe_align_inputs *inputs,
                                      silbe_score_anchor **anchors, size_t *n_anchors,
                                      silbe_item_report *report, silbe_err *err)
{
    const silbe_lyrics *lyrics = &inputs->labels.lyrics;
    const char *path = inputs->corrections;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *anchors = NULL;
    *n_anchors = 0;
    if (path == NULL) {
        return SILBE_OK;
    }
    silbe_try(err, silbe_corrections_read(path, lyrics, &words, err));
    *anchors = silbe_alloc(lyrics->n_words, sizeof **anchors, "words", err);
    for (size_t i = 0; i < words.n_words && !silbe_failed(err); i++) {
        double onset_q = lyrics->syllables[lyrics->words[i].first_syllable].onset_q;
        if (words.words[i].is_known && words.words[i].start_s > inputs->features.duration_s) {
            (void)silbe_fail(
                err, SILBE_ERR_MISMATCH, "%s: \"%s\" at %.3f s, but the recording ends at %.3f s",
                path, lyrics->words[i].text, words.words[i].start_s, inputs->features.duration_s);
        } else if (words.words[i].is_known) {
            (*anchors)[(*n_anchors)++] = (silbe_score_anchor){onset_q, words.words[i].start_s};
        }
    }
    silbe_item_note(report, "%zu words set by hand", *n_anchors);
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

void silbe_score_path_fill(const silbe_score_sync *sync, silbe_align_result *result, silbe_err *err)
{
    size_t n = sync->events.n_events;
    result->path = silbe_alloc(n, sizeof *result->path, "positions", err);
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        result->path[k][0] = sync->events.onset_q[k];
        result->path[k][1] = sync->event_s[k];
        result->path[k][2] = sync->confidence[k];
        result->n_path = k + 1;
    }
}
