/* report.md: tables for reading. */
#include <math.h>

#include "features/base/atomic_file.h"
#include "pipeline/evaluate/report/report_internal.h"
#include "pipeline/output/text.h"

#define N_LARGEST 20
#define N_MISSING 50

static void put_text(FILE *stream, const char *text)
{
    silbe_text_put(stream, text != NULL ? text : "-", SILBE_TEXT_MARKDOWN);
}

static void put_cell(FILE *stream, int decimals, double value)
{
    if (isnan(value)) {
        (void)fputs(" - |", stream);
    } else {
        (void)fprintf(stream, " %.*f |", decimals, value + 0.0);
    }
}

static void put_metrics(FILE *stream, const silbe_onset_metrics *metrics)
{
    (void)fprintf(stream, " %zu |", metrics->n);
    put_cell(stream, 1, 1e3 * metrics->mean_abs_s);
    put_cell(stream, 1, 1e3 * metrics->median_abs_s);
    put_cell(stream, 1, 1e3 * metrics->bias_s);
    put_cell(stream, 1, 1e3 * metrics->p95_abs_s);
    put_cell(stream, 1, 1e3 * metrics->max_abs_s);
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        put_cell(stream, 1, 100 * metrics->within[w]);
    }
    put_cell(stream, 3, metrics->perceptual);
    put_cell(stream, 1, 100 * metrics->derailed);
}

/* first: heads of the columns in front, "a | b"; n_first of them. */
static void put_table_head(FILE *stream, const char *first, int n_first, const char *counted,
                           const char *last)
{
    (void)fprintf(stream,
                  "| %s | %s | mean (ms) | median (ms) | bias (ms) | 95 %% (ms) | max (ms) | "
                  "0.05 s (%%) | 0.1 s (%%) | 0.2 s (%%) | 0.3 s (%%) | 0.5 s (%%) | 1.0 s (%%) | "
                  "perceptual | derailed (%%) |%s\n|",
                  first, counted, last);
    for (int i = 0; i < n_first; i++) {
        (void)fputs("---|", stream);
    }
    for (int i = 0; i < 14; i++) {
        (void)fputs("--:|", stream);
    }
    for (const char *c = last; *c != '\0'; c++) {
        if (*c == '|') {
            (void)fputs("--:|", stream);
        }
    }
    (void)fputc('\n', stream);
}

#define WORD_COLUMNS                                                                               \
    " segments (%) | AUC 0.1 s | AUC 0.3 s | missing | unmatched | confidence | unsure | audio "   \
    "(s) |"

static void put_figures(FILE *stream, const silbe_report_figures *figures)
{
    put_metrics(stream, &figures->words);
    put_cell(stream, 1, 100 * figures->correct_segments);
    put_cell(stream, 3, figures->confidence_auc);
    put_cell(stream, 3, figures->confidence_auc_plain);
    (void)fprintf(stream, " %zu | %zu |", figures->words.n_missing, figures->n_unmatched);
    put_cell(stream, 3, figures->mean_confidence);
    (void)fprintf(stream, " %zu |", figures->n_unsure);
    put_cell(stream, 1, figures->audio_s);
    (void)fputc('\n', stream);
}

static void put_fact(FILE *stream, const char *name, const char *value)
{
    (void)fprintf(stream, "- %s: ", name);
    put_text(stream, value);
    (void)fputc('\n', stream);
}

static void put_head(FILE *stream, const silbe_report *report)
{
    (void)fputs("# Word times: ", stream);
    put_text(stream, report->facts[FACT_DATASET]);
    (void)fputs(", mode ", stream);
    put_text(stream, report->facts[FACT_MODE]);
    (void)fprintf(stream,
                  "\n\n%zu items, %zu words placed, %zu evaluated, %zu without reference or time, "
                  "%zu items failed, %.1f s of audio.\n\n",
                  report->n_items, report->pooled.n_placed, report->pooled.words.n,
                  report->pooled.n_unmatched, report->n_failures, report->pooled.audio_s);
    if (report->facts[FACT_REFERENCE_NOTE] != NULL) {
        put_text(stream, report->facts[FACT_REFERENCE_NOTE]);
        (void)fputs("\n\n", stream);
    }
    put_fact(stream, "Program version", report->facts[FACT_PROGRAM_VERSION]);
    put_fact(stream, "Settings digest", report->facts[FACT_SETTINGS_DIGEST]);
    put_fact(stream, "Command", report->facts[FACT_COMMAND]);
}

static void put_failures(FILE *stream, const silbe_report *report)
{
    if (report->n_failures == 0) {
        return;
    }
    (void)fputs("\n## Failed\n\n| work | version | stage | reason |\n|---|---|---|---|\n", stream);
    for (size_t i = 0; i < report->n_failures; i++) {
        const report_failure *failure = &report->failures[i];
        const char *const cells[] = {failure->work, failure->version, failure->stage,
                                     failure->reason};
        for (size_t c = 0; c < 4; c++) {
            (void)fputs("| ", stream);
            put_text(stream, cells[c]);
            (void)fputc(' ', stream);
        }
        (void)fputs("|\n", stream);
    }
}

static void put_notes(FILE *stream, const silbe_report *report)
{
    if (report->n_notes == 0) {
        return;
    }
    (void)fputs("\n## Notes\n\n", stream);
    for (size_t i = 0; i < report->n_notes; i++) {
        const report_note *note = &report->notes[i];
        (void)fputs("- ", stream);
        put_text(stream, note->work);
        (void)fputc(' ', stream);
        put_text(stream, note->version);
        if (!isnan(note->time_s)) {
            (void)fprintf(stream, " at %.2f s", note->time_s);
        }
        (void)fputs(": ", stream);
        put_text(stream, note->text);
        (void)fputc('\n', stream);
    }
}

static void put_groups(FILE *stream, const char *heading, const char *column,
                       const report_group *groups, size_t n_groups)
{
    (void)fprintf(stream, "\n## %s\n\n", heading);
    put_table_head(stream, column, 1, "words", WORD_COLUMNS);
    for (size_t g = 0; g < n_groups; g++) {
        (void)fputs("| ", stream);
        put_text(stream, groups[g].name);
        (void)fputs(" |", stream);
        put_figures(stream, &groups[g].figures);
    }
}

static void put_tables(FILE *stream, const silbe_report *report)
{
    (void)fputs("\n## Summary\n\n", stream);
    put_table_head(stream, "group", 1, "words", WORD_COLUMNS);
    (void)fputs("| all words pooled |", stream);
    put_figures(stream, &report->pooled);
    (void)fputs("| mean over songs |", stream);
    put_figures(stream, &report->per_song);
    put_groups(stream, "Versions", "version", report->versions, report->n_versions);
    put_groups(stream, "Songs", "work", report->songs, report->n_songs);
    (void)fputs("\n## Items\n\n", stream);
    put_table_head(stream, "work | version", 2, "words", WORD_COLUMNS);
    for (size_t i = 0; i < report->n_items; i++) {
        (void)fputs("| ", stream);
        put_text(stream, report->items[i].work);
        (void)fputs(" | ", stream);
        put_text(stream, report->items[i].version);
        (void)fputs(" |", stream);
        put_figures(stream, &report->items[i].figures);
    }
}

static void put_measures(FILE *stream, const silbe_report *report)
{
    if (report->pooled.measures.n == 0) {
        return;
    }
    (void)fputs("\n## Measure positions\n\n", stream);
    put_table_head(stream, "work | version", 2, "positions", "");
    for (size_t i = 0; i < report->n_items; i++) {
        if (report->items[i].n_measures > 0) {
            (void)fputs("| ", stream);
            put_text(stream, report->items[i].work);
            (void)fputs(" | ", stream);
            put_text(stream, report->items[i].version);
            (void)fputs(" |", stream);
            put_metrics(stream, &report->items[i].figures.measures);
            (void)fputc('\n', stream);
        }
    }
    (void)fputs("| all pooled | |", stream);
    put_metrics(stream, &report->pooled.measures);
    (void)fputs("\n| mean over songs | |", stream);
    put_metrics(stream, &report->per_song.measures);
    (void)fputc('\n', stream);
}

/* The begin of a row about word w: whose it is, and its reference. */
static void put_word(FILE *stream, const report_item *item, size_t w)
{
    (void)fputs("| ", stream);
    put_text(stream, item->work);
    (void)fputs(" | ", stream);
    put_text(stream, item->version);
    (void)fputs(" | ", stream);
    put_text(stream, item->word_texts != NULL ? item->word_texts[w] : NULL);
    (void)fprintf(stream, " | %zu |", w + 1);
    put_cell(stream, 0, item->line_numbers != NULL ? (double)item->line_numbers[w] : NAN);
    put_cell(stream, 3, item->reference_s[w]);
}

static void put_largest(FILE *stream, const silbe_report *report)
{
    report_place places[N_LARGEST];
    size_t n = silbe_report_largest(report, places, N_LARGEST);
    if (n == 0) {
        return;
    }
    (void)fputs("\n## Largest errors\n\n| work | version | word | number | line | reference (s) | "
                "estimate (s) | difference (ms) | confidence |\n"
                "|---|---|---|--:|--:|--:|--:|--:|--:|\n",
                stream);
    for (size_t p = 0; p < n; p++) {
        const report_item *item = &report->items[places[p].item];
        size_t w = places[p].word;
        put_word(stream, item, w);
        put_cell(stream, 3, item->estimate_s[w]);
        (void)fprintf(stream, " %+.1f |", 1e3 * item->difference_s[w]);
        put_cell(stream, 3, item->confidence != NULL ? item->confidence[w] : NAN);
        (void)fputc('\n', stream);
    }
}

static void put_missing(FILE *stream, const silbe_report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_items && report->pooled.words.n_missing > 0; i++) {
        const report_item *item = &report->items[i];
        for (size_t w = 0; w < item->n_words; w++) {
            if (!isnan(item->estimate_s[w]) || n++ >= N_MISSING) {
                continue;
            }
            if (n == 1) {
                (void)fputs(
                    "\n## Words without a time\n\n| work | version | word | number | line | "
                    "reference (s) | confidence |\n|---|---|---|--:|--:|--:|--:|\n",
                    stream);
            }
            put_word(stream, item, w);
            put_cell(stream, 3, item->confidence != NULL ? item->confidence[w] : NAN);
            (void)fputc('\n', stream);
        }
    }
    if (n > N_MISSING) {
        (void)fprintf(stream, "\n%zu more are not listed.\n", n - N_MISSING);
    }
}

static void put_reliability(FILE *stream, const silbe_report *report)
{
    const silbe_report_figures *pooled = &report->pooled;
    if (isnan(pooled->reliability.calibration_error)) {
        return;
    }
    (void)fputs(
        "\n## Confidence\n\nMode score means the probability that a word is right to within "
        "0.1 s, the modes that hear phones mean 0.3 s.\n\n| confidence | words | mean (%) | "
        "within 0.1 s (%) | within 0.3 s (%) |\n|---|--:|--:|--:|--:|\n",
        stream);
    for (size_t b = 0; b < SILBE_N_CONFIDENCE_BINS; b++) {
        const silbe_reliability_bin *bin = &pooled->reliability.bins[b];
        (void)fprintf(stream, "| %.1f to %.1f | %zu |", 0.1 * (double)b, 0.1 * (double)(b + 1),
                      bin->n);
        put_cell(stream, 1, 100 * bin->expected);
        put_cell(stream, 1, 100 * bin->observed);
        put_cell(stream, 1, 100 * pooled->reliability_plain.bins[b].observed);
        (void)fputc('\n', stream);
    }
    (void)fprintf(stream, "\nExpected calibration error: %.1f %% (0.1 s), %.1f %% (0.3 s).\n",
                  100 * pooled->reliability.calibration_error,
                  100 * pooled->reliability_plain.calibration_error);
}

static void put_phones(FILE *stream, const silbe_report *report)
{
    if (report->n_phones == 0) {
        return;
    }
    (void)fputs("\n## First phones\n\nHow long before its musical onset a word is heard, by its "
                "first phone.\n\n| phone | words | mean (ms) | median (ms) |\n|---|--:|--:|--:|\n",
                stream);
    for (size_t i = 0; i < report->n_phones; i++) {
        (void)fputs("| ", stream);
        put_text(stream, report->phones[i].phone);
        (void)fprintf(stream, " | %zu |", report->phones[i].n);
        put_cell(stream, 0, 1e3 * report->phones[i].mean_s);
        put_cell(stream, 0, 1e3 * report->phones[i].median_s);
        (void)fputc('\n', stream);
    }
}

static void put_explanations(FILE *stream)
{
    (void)fputs(
        "\n## What the columns mean\n\n"
        "Onsets of words (or measure positions); e = estimate - reference. Definitions as in "
        "mir\\_eval.alignment.\n\n"
        "- words: number of words that have a reference; the figures are over these.\n"
        "- missing: of these without a time. Each counts as an error without bound: it is within "
        "no window, derailed, scores 0, and lies above all others in median and 95 %. Mean, bias "
        "and max are over the others.\n"
        "- mean, median: of the absolute error |e|. In \"mean over songs\" every figure is the "
        "mean of the songs' figures, so that each song counts alike.\n"
        "- bias: median of e; positive is late.\n"
        "- 95 %, max: 95 % of the words have at most this |e|; the largest |e|.\n"
        "- 0.05 s ... 1.0 s: share of the words with |e| of at most that.\n"
        "- perceptual: mean score of perceived synchrony (Lizé Masclef et al. 2021), about 1 at "
        "best, 0.96 for exact onsets.\n"
        "- derailed: share of the words with |e| above 1 s.\n"
        "- segments: share of the time from the first to the last word at which estimate and "
        "reference are in the same word.\n"
        "- AUC: probability that a word with |e| above 0.1 s (0.3 s) has a lower confidence than "
        "one below; 0.5 is chance; - if there are no such errors.\n"
        "- unmatched: words of the lyrics without a reference or without a time.\n"
        "- confidence, unsure: mean over all words placed; those of them below 0.5.\n"
        "- A dash stands for a figure that does not exist. Times of computation are in "
        "report.json.\n",
        stream);
}

silbe_status silbe_report_write_markdown(const silbe_report *report, const char *path,
                                         silbe_err *err)
{
    silbe_atomic_file file;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    put_head(file.stream, report);
    put_tables(file.stream, report);
    put_measures(file.stream, report);
    put_largest(file.stream, report);
    put_missing(file.stream, report);
    put_reliability(file.stream, report);
    put_phones(file.stream, report);
    put_notes(file.stream, report);
    put_failures(file.stream, report);
    put_explanations(file.stream);
    return silbe_atomic_commit(&file, err);
}
