#include "pipeline/ctc_matrix/times.h"

#include <math.h>
#include <string.h>

#include "align/lyrics/builder.h"
#include "features/base/memory.h"

enum { MAX_WARNINGS = 12 };

static silbe_span span_of(const silbe_frame_clock *clock, const silbe_aligned_word *word)
{
    double start_s = clock->offset_s + (double)word->begin_frame * clock->hop_s;
    double end_s = clock->offset_s + (double)word->end_frame * clock->hop_s;
    start_s = start_s > 0 ? start_s : 0; /* a negative offset */
    double least_s = start_s + 0.5 * clock->hop_s;
    return (silbe_span){start_s, end_s > least_s ? end_s : least_s, word->confidence};
}

/* All lines and words of the text. */
static void build_text(const silbe_lyrics_text *text, silbe_lyrics *lyrics, silbe_err *err)
{
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    for (size_t l = 0; l < text->n_lines; l++) {
        const silbe_text_line *line = &text->lines[l];
        silbe_try(err,
                  silbe_builder_line(&builder, line->text, strlen(line->text), line->stanza, err));
        for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
            const char *word = text->words[w].text;
            silbe_try(err, silbe_builder_word(&builder, word, strlen(word), err));
            silbe_try(err, silbe_builder_syllable(&builder, word, strlen(word), NAN, NAN, err));
        }
    }
    *lyrics = builder.lyrics;
}

static void begin_words(const silbe_lyrics_text *text, silbe_words *words, silbe_err *err)
{
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_word_times *times = &words->times;
    build_text(text, &lyrics, err);
    silbe_words_begin(words, &lyrics, err);
    times->words = silbe_alloc(text->n_words, sizeof *times->words, "words", err);
    times->syllables = silbe_alloc(text->n_words, sizeof *times->syllables, "words", err);
    times->n_words = times->n_syllables = text->n_words;
    silbe_lyrics_free(&lyrics); /* still there after a failure */
}

static void warn_word(const silbe_ctc_matrix_problem *p, size_t w, double start_s, double mean_logp,
                      silbe_item_report *report)
{
    const silbe_text_line *line = &p->text->lines[p->text->words[w].line];
    silbe_item_warning(report,
                       "unmatched: line %zu, word %zu, \"%s\" (at best %.2f s, mean "
                       "log-probability %.1f)",
                       line->number, w - line->first_word + 1, p->text->words[w].text, start_s,
                       mean_logp);
}

/* Times of the words of a line. *n_warnings counts what was reported. */
static void fill_line(const silbe_ctc_matrix_problem *p, const silbe_ctc_matrix_result *result,
                      const silbe_text_line *line, silbe_words *words, size_t *n_warnings,
                      silbe_item_report *report)
{
    size_t n_found = 0;
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        n_found += result->words[w].matched;
    }
    if (n_found == 0 && (*n_warnings)++ < MAX_WARNINGS) {
        silbe_item_warning(report, "unmatched: line %zu, \"%s\"", line->number, line->text);
    }
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        const silbe_aligned_word *word = &result->words[w];
        silbe_span span = span_of(p->clock, word);
        if (!word->matched && word->skipped) {
            span.start_s = span.end_s = NAN;
        }
        words->times.words[w] = words->times.syllables[w] = span;
        words->is_matched[w] = word->matched;
        if (!word->matched && n_found > 0 && (*n_warnings)++ < MAX_WARNINGS) {
            warn_word(p, w, span.start_s, word->mean_logp, report);
        }
    }
}

silbe_status silbe_ctc_matrix_fill_words(const silbe_ctc_matrix_problem *problem,
                                         const silbe_ctc_matrix_result *result, silbe_words *words,
                                         silbe_item_report *report, silbe_err *err)
{
    silbe_err own;
    const silbe_lyrics_text *text = problem->text;
    const silbe_frame_clock *clock = problem->clock;
    size_t n_warnings = 0;
    err = silbe_err_begin(err, &own);
    begin_words(text, words, err);
    words->duration_s = clock->offset_s + (double)clock->n_frames * clock->hop_s;
    if (!silbe_failed(err) && !(words->duration_s > 0)) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "posteriors.offset_ms %g moves all %zu frames before the beginning",
                         clock->offset_s * 1e3, clock->n_frames);
    }
    for (size_t l = 0; l < text->n_lines && !silbe_failed(err); l++) {
        fill_line(problem, result, &text->lines[l], words, &n_warnings, report);
    }
    if (n_warnings > MAX_WARNINGS) {
        silbe_item_warning(report, "unmatched: %zu more words or lines, see the JSON file",
                           n_warnings - MAX_WARNINGS);
    }
    if (!silbe_failed(err) && silbe_words_n_matched(words) == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "none of the %zu words is in this recording (all have a mean "
                         "log-probability below posteriors.unmatched_logp %g); is it the right "
                         "text, and is the vocabulary in the order of the columns?",
                         text->n_words, problem->config->posteriors.unmatched_logp);
    }
    return err->status;
}
