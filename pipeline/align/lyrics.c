/* Mode lyrics: finds the phones of the text in the posteriorgram of the recording. */
#include <stdlib.h>

#include "pipeline/align/mode.h"
#include "pipeline/align/phone_anchors.h"
#include "pipeline/align/phone_search.h"
#include "pipeline/align/phone_times.h"
#include "pipeline/align/text_language.h"

enum { MAX_WARNINGS = 12 };

typedef struct {
    const silbe_posteriorgram_facts *facts; /* borrowed, as are posteriors and words */
    const silbe_matrix *posteriors;
    silbe_words *words; /* holds the text from the beginning on */
    silbe_phone_text text;
    silbe_phone_anchors anchors;
    silbe_phone_search search;
} lyrics_item;

static void free_item(lyrics_item *it)
{
    silbe_phone_search_free(&it->search);
    silbe_phone_anchors_free(&it->anchors);
    silbe_phone_text_free(&it->text);
}

/* Somebody must sing, or whatever is found is made up. */
static void check_voice(const silbe_config *config, const silbe_posteriorgram_facts *facts,
                        silbe_err *err)
{
    if (facts->clear_share < config->lyrics.min_voice_share) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "nobody seems to sing: a phone is heard clearly in %.2f %% of the time, "
                         "lyrics.min_voice_share asks for %.2f %%",
                         100 * facts->clear_share, 100 * config->lyrics.min_voice_share);
    }
}

static double sung_time(const silbe_posteriorgram_facts *facts)
{
    return facts->voice_share * facts->duration_s;
}

/* A text that can hardly be that of the recording. */
static void warn_text(const silbe_config *config, const lyrics_item *it, silbe_item_report *report)
{
    size_t n = silbe_phone_text_n_syllables(&it->text);
    double sung_s = sung_time(it->facts);
    if (sung_s > config->lyrics.max_syllable_s * (double)n) {
        silbe_item_warning(report,
                           "a text of %zu syllables for %.0f s of singing, %.1f s each: is it the "
                           "whole text?",
                           n, sung_s, n > 0 ? sung_s / (double)n : sung_s);
    }
    if (it->search.mean_llr < config->lyrics.mismatch_llr) {
        silbe_item_warning(report,
                           "the text hardly fits what is heard (mean log-probability of a frame "
                           "%.2f, lyrics.mismatch_llr %.2f): is it the text of this recording, and "
                           "in the language %s (acoustic.voice)?",
                           it->search.mean_llr, config->lyrics.mismatch_llr,
                           silbe_text_language_get(config, &it->words->lyrics).voice);
    }
}

/* The words of lines that are hardly heard are not matched. */
static void match_lines(const silbe_config *config, lyrics_item *it, silbe_item_report *report,
                        silbe_err *err)
{
    const silbe_lyrics *lyrics = &it->words->lyrics;
    size_t n_unmatched = 0;
    for (size_t l = 0; l < lyrics->n_lines && !silbe_failed(err); l++) {
        const silbe_line *line = &lyrics->lines[l];
        bool is_matched = it->search.line_llr[l] >= config->lyrics.unmatched_llr;
        for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
            it->words->is_matched[w] = is_matched;
        }
        silbe_item_note(report, "line %zu: mean log-probability of a frame %.2f", l + 1,
                        it->search.line_llr[l]);
        if (!is_matched && n_unmatched++ < MAX_WARNINGS) {
            silbe_item_warning(report, "unmatched: line %zu, \"%s\" (mean log-probability %.1f)",
                               l + 1, line->text, it->search.line_llr[l]);
        }
    }
    if (n_unmatched > MAX_WARNINGS) {
        silbe_item_warning(report, "unmatched: %zu more lines, see the JSON file",
                           n_unmatched - MAX_WARNINGS);
    }
    if (!silbe_failed(err) && n_unmatched == lyrics->n_lines) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "none of the %zu lines is in this recording; is it the right text?",
                         lyrics->n_lines);
    }
    silbe_words_drop_sounds(it->words);
}

/* From what was read to word times. corrections may be NULL. */
static void align_words(const silbe_config *config, const char *corrections, lyrics_item *it,
                        silbe_item_report *report, silbe_err *err)
{
    double hop_s = it->facts->hop_s, duration_s = it->facts->duration_s;
    check_voice(config, it->facts, err);
    silbe_try(err, silbe_phone_text_new(config, &it->words->lyrics, hop_s, sung_time(it->facts),
                                        &it->text, err));
    if (corrections != NULL && !silbe_failed(err)) {
        silbe_try(err, silbe_phone_anchors_read(config, corrections, hop_s, duration_s, &it->text,
                                                &it->anchors, err));
        silbe_item_note(report, "%zu words set by hand", it->anchors.n_anchors);
    }
    silbe_try(err, silbe_phone_search_run(config, it->facts, it->posteriors, &it->text, &it->search,
                                          err));
    if (silbe_failed(err)) {
        return;
    }
    warn_text(config, it, report);
    silbe_try(err, silbe_phone_times_fill(config, &it->text, &it->search.found, hop_s, duration_s,
                                          it->words, err));
    if (!silbe_failed(err)) {
        silbe_phone_anchors_apply(&it->anchors, &it->words->lyrics, it->words);
        match_lines(config, it, report, err);
    }
}

static silbe_status solve(const silbe_align_context *c, silbe_align_inputs *inputs,
                          silbe_align_result *result, silbe_item_report *report, silbe_err *err)
{
    lyrics_item it = {.facts = &inputs->posteriorgram,
                      .posteriors = &inputs->posteriors,
                      .words = &result->words};
    silbe_align_begin_words(c, inputs, it.facts->duration_s, it.words, err);
    if (!silbe_failed(err)) {
        silbe_text_language_report(c->config, &it.words->lyrics, inputs->text_path, report, err);
        align_words(c->config, inputs->corrections, &it, report, err);
    }
    if (!silbe_failed(err)) {
        silbe_item_note(report, "%zu words, log-probability of the path %.3f a frame",
                        it.words->lyrics.n_words,
                        it.search.found.viterbi_logp / (double)it.facts->n_frames);
    }
    free_item(&it);
    return err->status;
}

const silbe_align_mode silbe_align_mode_lyrics = {.solve = solve};
