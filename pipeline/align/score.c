/* Mode score: synchronises recordings with scores. */
#include "align/score/score_sync.h"
#include "align/score/word_times.h"
#include "pipeline/align/items.h"
#include "pipeline/align/score_item.h"
#include "pipeline/align/score_options.h"

/* features.onset_decay_s: the score is given the same traces as the recording. */
static const char *const KEYS[] = {"align.", "features.onset_decay_s", "output."};

/* Outputs of an item: the path, then the word times. */
enum { PATH_FILE, FIRST_FORMAT };

static silbe_status run_item(const silbe_align_context *c, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err)
{
    silbe_score_item inputs = {0};
    silbe_score_sync sync = SILBE_SCORE_SYNC_INIT;
    silbe_word_times words = SILBE_WORD_TIMES_INIT;
    silbe_status status = silbe_score_item_read(c, item, &inputs, err);
    if (status != SILBE_OK) {
        goto done;
    }
    report->audio_s = inputs.facts.duration_s;
    silbe_recording recording = silbe_score_item_recording(&inputs);
    silbe_score_sync_options options = silbe_score_options_from(c->config);
    if (item->n_inputs > SILBE_SCORE_ITEM_N_INPUTS) {
        status = silbe_score_item_read_anchors(item->inputs[SILBE_SCORE_ITEM_N_INPUTS], &inputs,
                                               report, err);
        options.anchors = inputs.anchors;
        options.n_anchors = inputs.n_anchors;
    }
    if (status == SILBE_OK) {
        status = silbe_score_sync_run(&inputs.labels.score, &recording, &options, &sync, err);
    }
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, c->dataset->items[item->tag].audio_path);
        goto done;
    }
    silbe_item_note(report, "transposition %+d semitones, key ratio %.3f, sharpness %.3f",
                    sync.coarse.transposition_semitones, sync.coarse.key_ratio, sync.sharpness);
    silbe_score_times times = {.event_q = sync.events.onset_q,
                               .event_s = sync.event_s,
                               .confidence = sync.confidence,
                               .n_events = sync.events.n_events,
                               .duration_s = inputs.facts.duration_s};
    status = silbe_score_word_times(&inputs.labels.lyrics, &times, &words, err);
    if (status == SILBE_OK) {
        status = silbe_score_item_write_path(temps[PATH_FILE], &sync, err);
    }
    if (status == SILBE_OK) {
        const silbe_output_item output = {.lyrics = &inputs.labels.lyrics,
                                          .times = &words,
                                          .title = inputs.labels.score.title,
                                          .duration_s = inputs.facts.duration_s};
        status = silbe_align_write_words(c, item, &output, temps + FIRST_FORMAT, err);
    }
done:
    silbe_word_times_free(&words);
    silbe_score_sync_free(&sync);
    silbe_score_item_free(&inputs);
    return status;
}

static silbe_status add_item(silbe_stage *stage, size_t index, const silbe_config *config,
                             const silbe_item *item, silbe_err *err)
{
    silbe_status status = silbe_score_item_add_inputs(stage, index, config, item, err);
    if (status == SILBE_OK) {
        status = silbe_align_add_corrections(stage, index, config, item, err);
    }
    if (status == SILBE_OK) {
        status = silbe_align_add_output(stage, index, "path", item->name, "npy", err);
    }
    return status;
}

const silbe_align_mode silbe_align_mode_score = {
    .name = "score",
    .keys = KEYS,
    .n_keys = sizeof KEYS / sizeof KEYS[0],
    .needs_score = true,
    .add_item = add_item,
    .run_item = run_item,
};
