#include "pipeline/ctc_matrix/times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/builder.h"

enum { MAX_WARNINGS = 12 };

static silbe_span span_of(const silbe_frame_clock *clock, const silbe_aligned_word *word)
{
    double start_s = clock->offset_s + (double)word->begin_frame * clock->hop_s;
    double end_s = clock->offset_s + (double)word->end_frame * clock->hop_s;
    start_s = start_s > 0 ? start_s : 0; /* a negative offset */
    double least_s = start_s + 0.5 * clock->hop_s;
    return (silbe_span){start_s, end_s > least_s ? end_s : least_s, word->confidence};
}

static silbe_status add_word(silbe_lyrics_builder *builder, const char *text, silbe_err *err)
{
    size_t n = strlen(text);
    silbe_status status = silbe_builder_word(builder, text, n, err);
    return status == SILBE_OK ? silbe_builder_syllable(builder, text, n, NAN, NAN, err) : status;
}

static void add_unmatched(const silbe_posteriors_problem *p, const silbe_aligned_word *word,
                          size_t w, silbe_posteriors_times *times)
{
    size_t l = p->text->words[w].line;
    silbe_span span = span_of(p->clock, word);
    times->unmatched[times->n_unmatched++] =
        (silbe_output_unmatched){.text = p->text->words[w].text,
                                 .line = l + 1,
                                 .word = w - p->text->lines[l].first_word + 1,
                                 .start_s = word->skipped ? NAN : span.start_s,
                                 .end_s = word->skipped ? NAN : span.end_s,
                                 .confidence = word->confidence};
}

static void warn_word(const silbe_posteriors_problem *p, const silbe_posteriors_times *times,
                      const silbe_aligned_word *word, silbe_item_report *report)
{
    const silbe_output_unmatched *u = &times->unmatched[times->n_unmatched - 1];
    silbe_item_warning(report,
                       "unmatched: line %zu, word %zu, \"%s\" (at best %.2f s, mean "
                       "log-probability %.1f)",
                       p->text->lines[u->line - 1].number, u->word, u->text, u->start_s,
                       word->mean_logp);
}

/* Line l: its words go to the lyrics or to the unmatched ones. *n_warnings counts what was
 * reported. */
static silbe_status add_line(const silbe_posteriors_problem *p,
                             const silbe_posteriors_result *result, size_t l,
                             silbe_lyrics_builder *builder, silbe_posteriors_times *times,
                             size_t *n_warnings, silbe_item_report *report, silbe_err *err)
{
    const silbe_text_line *line = &p->text->lines[l];
    size_t n_found = 0;
    silbe_status status = SILBE_OK;
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        n_found += result->words[w].matched;
    }
    if (n_found > 0) {
        times->line_numbers[builder->lyrics.n_lines] = l + 1;
        status = silbe_builder_line(builder, line->text, strlen(line->text), line->stanza, err);
    } else if ((*n_warnings)++ < MAX_WARNINGS) {
        silbe_item_warning(report, "unmatched: line %zu, \"%s\"", line->number, line->text);
    }
    for (size_t w = line->first_word; w < line->first_word + line->n_words && status == SILBE_OK;
         w++) {
        const silbe_aligned_word *word = &result->words[w];
        if (word->matched) {
            silbe_span span = span_of(p->clock, word);
            times->times.words[times->times.n_words++] = span;
            times->times.syllables[times->times.n_syllables++] = span;
            status = add_word(builder, p->text->words[w].text, err);
            continue;
        }
        add_unmatched(p, word, w, times);
        if (n_found > 0 && (*n_warnings)++ < MAX_WARNINGS) {
            warn_word(p, times, word, report);
        }
    }
    return status;
}

static silbe_status allocate(const silbe_posteriors_problem *p, silbe_posteriors_times *times,
                             silbe_err *err)
{
    size_t n_words = p->text->n_words;
    times->times.words = calloc(n_words, sizeof *times->times.words);
    times->times.syllables = calloc(n_words, sizeof *times->times.syllables);
    times->line_numbers = calloc(p->text->n_lines, sizeof *times->line_numbers);
    times->unmatched = calloc(n_words, sizeof *times->unmatched);
    return times->times.words != NULL && times->times.syllables != NULL &&
                   times->line_numbers != NULL && times->unmatched != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", n_words);
}

silbe_status silbe_posteriors_times_make(const silbe_posteriors_problem *problem,
                                         const silbe_posteriors_result *result,
                                         silbe_posteriors_times *times, silbe_item_report *report,
                                         silbe_err *err)
{
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    const silbe_frame_clock *clock = problem->clock;
    size_t n_warnings = 0;
    times->duration_s = clock->offset_s + (double)clock->n_frames * clock->hop_s;
    silbe_status status = allocate(problem, times, err);
    if (status == SILBE_OK && !(times->duration_s > 0)) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "posteriors.offset_ms %g moves all %zu frames before the beginning",
                            clock->offset_s * 1e3, clock->n_frames);
    }
    for (size_t l = 0; l < problem->text->n_lines && status == SILBE_OK; l++) {
        status = add_line(problem, result, l, &builder, times, &n_warnings, report, err);
    }
    if (n_warnings > MAX_WARNINGS) {
        silbe_item_warning(report, "unmatched: %zu more words or lines, see the JSON file",
                           n_warnings - MAX_WARNINGS);
    }
    if (status == SILBE_OK && builder.lyrics.n_words == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "none of the %zu words is in this recording (all have a mean "
                            "log-probability below posteriors.unmatched_logp %g); is it the right "
                            "text, and is the vocabulary in the order of the columns?",
                            problem->text->n_words, problem->config->posteriors.unmatched_logp);
    }
    times->lyrics = builder.lyrics;
    if (status != SILBE_OK) {
        silbe_posteriors_times_free(times);
    }
    return status;
}

void silbe_posteriors_times_free(silbe_posteriors_times *times)
{
    silbe_lyrics_free(&times->lyrics);
    silbe_word_times_free(&times->times);
    free(times->line_numbers);
    free(times->unmatched);
    *times = (silbe_posteriors_times)SILBE_POSTERIORS_TIMES_INIT;
}
