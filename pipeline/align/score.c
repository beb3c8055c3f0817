/* Mode score: synchronises recordings with scores. */
#include "align/score/score_sync.h"
#include "align/score/word_times.h"
#include "pipeline/align/score_item.h"

static silbe_status run_item(const silbe_align_context *c, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err)
{
    silbe_score_item inputs = {0};
    silbe_score_sync sync = SILBE_SCORE_SYNC_INIT;
    silbe_words words = SILBE_WORDS_INIT;
    silbe_try(err, silbe_score_item_read(c, item, &inputs, err));
    if (silbe_failed(err)) {
        goto done;
    }
    report->audio_s = inputs.facts.duration_s;
    silbe_recording recording = silbe_score_item_recording(&inputs);
    silbe_score_sync_options options = silbe_score_options_from(c->config);
    silbe_try(err, silbe_score_item_read_anchors(item, &inputs, report, err));
    options.anchors = inputs.anchors;
    options.n_anchors = inputs.n_anchors;
    silbe_try(err, silbe_score_sync_run(&inputs.labels.score, &recording, &options, &sync, err));
    if (silbe_failed(err)) {
        (void)silbe_fail_prefix(err, err->status, c->dataset->items[item->tag].audio_path);
        goto done;
    }
    silbe_item_note(report, "transposition %+d semitones, key ratio %.3f, sharpness %.3f",
                    sync.coarse.transposition_semitones, sync.coarse.key_ratio, sync.sharpness);
    silbe_score_times times = {.event_q = sync.events.onset_q,
                               .event_s = sync.event_s,
                               .confidence = sync.confidence,
                               .n_events = sync.events.n_events,
                               .duration_s = inputs.facts.duration_s};
    silbe_align_begin_words(c, item, &inputs.labels, inputs.facts.duration_s, &words, err);
    silbe_try(err, silbe_score_word_times(&words.lyrics, &times, &words.times, err));
    silbe_try(err, silbe_score_item_write_path(*silbe_stage_output(item, temps, SILBE_FILE_PATH),
                                               &sync, err));
    silbe_try(err, silbe_align_write_words(c, item, &words, temps, err));
done:
    silbe_words_free(&words);
    silbe_score_sync_free(&sync);
    silbe_score_item_free(&inputs);
    return err->status;
}

const silbe_align_mode silbe_align_mode_score = {.run_item = run_item};
