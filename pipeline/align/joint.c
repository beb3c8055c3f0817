/* Mode joint: synchronises recordings with scores, and finds the phones of the text. */
#include <stdlib.h>

#include "align/joint/joint_sync.h"
#include "align/score/word_times.h"
#include "pipeline/align/joint_text.h"
#include "pipeline/align/phone_onsets.h"
#include "pipeline/align/score_evidence.h"
#include "pipeline/align/text_language.h"

typedef struct {
    silbe_align_inputs *inputs; /* borrowed */
    silbe_words *words;         /* borrowed; holds the text from the beginning on */
    silbe_score_anchor *anchors;
    size_t n_anchors;
    silbe_phone_text pronounced;
    silbe_joint_text text;
    silbe_phone_costs costs;
    silbe_joint_sync joint;
} joint_item;

static void free_item(joint_item *it)
{
    silbe_joint_sync_free(&it->joint);
    silbe_phone_costs_free(&it->costs);
    silbe_joint_text_free(&it->text);
    silbe_phone_text_free(&it->pronounced);
    free(it->anchors);
}

/* The text's phones, and what each costs in each frame. */
static void find_phones(const silbe_config *config, joint_item *it, silbe_err *err)
{
    const silbe_lyrics *lyrics = &it->words->lyrics;
    const silbe_posteriorgram_facts *facts = &it->inputs->posteriorgram;
    silbe_try(err, silbe_phone_text_new(config, lyrics, facts->hop_s, 0, &it->pronounced, err));
    silbe_try(err, silbe_joint_text_new(lyrics, it->pronounced.words, &it->text, err));
    silbe_try(err, silbe_phone_costs_new(&it->inputs->posteriors, facts->hop_s, facts->log_prior,
                                         config->joint.prior_scale, config->joint.max_phone_nats,
                                         &it->costs, err));
}

static void synchronise(const silbe_config *config, joint_item *it, silbe_err *err)
{
    double seconds_per_q = it->inputs->features.duration_s / it->inputs->labels.score.end_q;
    const silbe_sung_text text = {.syllables = it->text.syllables,
                                  .n_syllables = it->words->lyrics.n_syllables,
                                  .n_phones_set = SILBE_N_PHONES,
                                  .silence = SILBE_PHONE_SILENCE,
                                  .consonant_q =
                                      config->joint.consonants_ms * 1e-3 / seconds_per_q};
    const silbe_phone_evidence evidence = {.costs = &it->costs,
                                           .text = &text,
                                           .match_weight = config->joint.match_weight,
                                           .hold_weight = config->joint.hold_weight,
                                           .onset_weight = config->joint.onset_weight,
                                           .before_s = config->joint.before_ms * 1e-3,
                                           .after_s = config->joint.after_ms * 1e-3};
    const silbe_recording recording = silbe_score_recording(it->inputs);
    silbe_joint_options options = {.score = silbe_score_options_from(config),
                                   .wide_window_s = config->joint.window_s,
                                   .max_jump_nats = config->joint.jump_nats,
                                   .same_s = config->joint.same_ms * 1e-3,
                                   .margin_nats = config->joint.margin_nats,
                                   .sure = config->joint.sure,
                                   .believable = config->joint.believable};
    options.score.anchors = it->anchors;
    options.score.n_anchors = it->n_anchors;
    silbe_try(err, silbe_joint_sync_run(&it->inputs->labels.score, &recording, &evidence, &options,
                                        &it->joint, err));
}

static void make_words(const silbe_config *config, joint_item *it, silbe_err *err)
{
    const silbe_score_sync *sync = &it->joint.sync;
    const silbe_score_times times = {.event_q = sync->events.onset_q,
                                     .event_s = sync->event_s,
                                     .confidence = sync->confidence,
                                     .n_events = sync->events.n_events,
                                     .duration_s = it->words->duration_s};
    silbe_words *words = it->words;
    silbe_try(err, silbe_score_word_times(&words->lyrics, &times, &words->times, err));
    silbe_try(err, silbe_joint_phones_find(config, &it->text, &it->costs, words, err));
}

static silbe_status solve(const silbe_align_context *c, silbe_align_inputs *inputs,
                          silbe_align_result *result, silbe_item_report *report, silbe_err *err)
{
    joint_item it = {.inputs = inputs, .words = &result->words};
    silbe_try(err, silbe_score_anchors_read(inputs, &it.anchors, &it.n_anchors, report, err));
    silbe_align_begin_words(c, inputs, inputs->features.duration_s, it.words, err);
    if (!silbe_failed(err)) {
        silbe_text_language_report(c->config, &it.words->lyrics, inputs->text_path, report, err);
        find_phones(c->config, &it, err);
        synchronise(c->config, &it, err);
        make_words(c->config, &it, err);
        silbe_score_path_fill(&it.joint.sync, result, err);
    }
    if (!silbe_failed(err)) {
        silbe_item_note(report, "%zu of %zu events moved from the score's times, in %zu stretches",
                        it.joint.n_moved, it.joint.sync.events.n_events, it.joint.n_stretches);
    }
    free_item(&it);
    return err->status;
}

const silbe_align_mode silbe_align_mode_joint = {.solve = solve,
                                                 .finish = silbe_phone_onsets_write};
