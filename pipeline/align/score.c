/* Mode score: synchronises recordings with scores. */
#include <stdlib.h>

#include "align/score/score_sync.h"
#include "align/score/word_times.h"
#include "pipeline/align/score_evidence.h"

static silbe_status solve(const silbe_align_context *c, silbe_align_inputs *inputs,
                          silbe_align_result *result, silbe_item_report *report, silbe_err *err)
{
    silbe_score_anchor *anchors = NULL;
    silbe_score_sync sync = SILBE_SCORE_SYNC_INIT;
    silbe_words *words = &result->words;
    const silbe_recording recording = silbe_score_recording(inputs);
    silbe_score_sync_options options = silbe_score_options_from(c->config);
    silbe_try(err, silbe_score_anchors_read(inputs, &anchors, &options.n_anchors, report, err));
    options.anchors = anchors;
    silbe_try(err, silbe_score_sync_run(&inputs->labels.score, &recording, &options, &sync, err));
    if (silbe_failed(err)) {
        goto done;
    }
    silbe_item_note(report, "transposition %+d semitones, key ratio %.3f, sharpness %.3f",
                    sync.coarse.transposition_semitones, sync.coarse.key_ratio, sync.sharpness);
    silbe_score_times times = {.event_q = sync.events.onset_q,
                               .event_s = sync.event_s,
                               .confidence = sync.confidence,
                               .n_events = sync.events.n_events,
                               .duration_s = inputs->features.duration_s};
    silbe_align_begin_words(c, inputs, inputs->features.duration_s, words, err);
    silbe_try(err, silbe_score_word_times(&words->lyrics, &times, &words->times, err));
    silbe_score_path_fill(&sync, result, err);
done:
    silbe_score_sync_free(&sync);
    free(anchors);
    return err->status;
}

const silbe_align_mode silbe_align_mode_score = {.solve = solve};
