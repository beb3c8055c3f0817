/* The table for the terminal: 100 columns at most. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "pipeline/evaluate/report/report_internal.h"
#include "pipeline/evaluate/report/table.h"
#include "pipeline/output/text.h"

static void put_row(FILE *stream, const char *work, const char *version,
                    const silbe_onset_metrics *metrics)
{
    silbe_text_put_padded(stream, work, SILBE_TABLE_WORK_WIDTH);
    (void)fputc(' ', stream);
    silbe_text_put_padded(stream, version, SILBE_TABLE_VERSION_WIDTH);
    silbe_table_put_metrics(stream, metrics);
}

/* Without any reference: what there is to say about the words. */
static void put_confidences(FILE *stream, const silbe_report *report)
{
    (void)fprintf(stream, "%-*s %-*s%9s%9s%12s%10s\n", SILBE_TABLE_WORK_WIDTH, "",
                  SILBE_TABLE_VERSION_WIDTH, "", "words", "", "mean", "below");
    (void)fprintf(stream, "%-*s %-*s%9s%9s%12s%10s\n", SILBE_TABLE_WORK_WIDTH, "work",
                  SILBE_TABLE_VERSION_WIDTH, "version", "placed", "no time", "confidence", "0.5");
    silbe_table_put_rule(stream);
    for (size_t i = 0; i <= report->n_items; i++) {
        bool is_total = i == report->n_items;
        const silbe_report_figures *figures =
            is_total ? &report->pooled : &report->items[i].figures;
        if (is_total) {
            silbe_table_put_rule(stream);
        }
        silbe_text_put_padded(stream, is_total ? "all words" : report->items[i].work,
                              SILBE_TABLE_WORK_WIDTH);
        (void)fputc(' ', stream);
        silbe_text_put_padded(stream, is_total ? "" : report->items[i].version,
                              SILBE_TABLE_VERSION_WIDTH);
        (void)fprintf(stream, "%9zu%9zu", figures->n_placed, figures->n_unmatched);
        silbe_table_put_number(stream, 12, 2, figures->mean_confidence);
        (void)fprintf(stream, "%10zu\n", figures->n_unsure);
    }
    (void)fputs("\nNo item has a reference (NAME.words.csv beside the recording): no errors to "
                "show.\n",
                stream);
}

static void put_title(FILE *stream, const silbe_report *report)
{
    silbe_text_put(stream, report->facts[FACT_DATASET], SILBE_TEXT_PLAIN);
    (void)fputs(", mode ", stream);
    silbe_text_put(stream, report->facts[FACT_MODE], SILBE_TEXT_PLAIN);
    (void)fprintf(stream, ": %zu items, %zu words placed, %zu evaluated, %zu unmatched, %zu failed",
                  report->n_items, report->pooled.n_placed, report->pooled.words.n,
                  report->pooled.n_unmatched, report->n_failures);
    (void)fputs("\n\n", stream);
}

static void put_table(FILE *stream, const silbe_report *report)
{
    for (size_t i = 0; i < report->n_items; i++) {
        const report_item *item = &report->items[i];
        put_row(stream, item->work, item->version, &item->figures.words);
    }
    silbe_table_put_rule(stream);
    for (size_t g = 0; report->n_versions > 1 && g < report->n_versions; g++) {
        put_row(stream, "all songs", report->versions[g].name, &report->versions[g].figures.words);
    }
    put_row(stream, "mean over songs", "", &report->per_song.words);
    put_row(stream, "all words pooled", "", &report->pooled.words);
    if (report->pooled.measures.n > 0) {
        put_row(stream, "measure positions", "", &report->pooled.measures);
    }
}

static void put_speed(FILE *stream, const silbe_report_figures *pooled)
{
    (void)fprintf(stream, "%.1f s of audio", pooled->audio_s);
    if (pooled->wall_s > 0) {
        (void)fprintf(stream, " took %.1f s of work (%.0f times real time)", pooled->wall_s,
                      pooled->audio_s / pooled->wall_s);
    }
    (void)fputc('\n', stream);
}

static void put_summary(FILE *stream, const silbe_report *report)
{
    silbe_table_put_summary(stream, &report->pooled);
    put_speed(stream, &report->pooled);
    if (report->facts[FACT_REFERENCE_NOTE] != NULL) {
        silbe_text_put(stream, report->facts[FACT_REFERENCE_NOTE], SILBE_TEXT_PLAIN);
        (void)fputc('\n', stream);
    }
}

static void put_item_name(FILE *stream, const char *work, const char *version)
{
    silbe_text_put(stream, work != NULL ? work : "-", SILBE_TEXT_PLAIN);
    (void)fputc(' ', stream);
    silbe_text_put(stream, version != NULL ? version : "-", SILBE_TEXT_PLAIN);
}

static void put_remarks(FILE *stream, const silbe_report *report)
{
    for (size_t i = 0; i < report->n_notes; i++) {
        const report_note *note = &report->notes[i];
        (void)fputs("note: ", stream);
        put_item_name(stream, note->work, note->version);
        if (!isnan(note->time_s)) {
            (void)fprintf(stream, " at %.2f s", note->time_s);
        }
        (void)fputs(": ", stream);
        silbe_text_put(stream, note->text != NULL ? note->text : "", SILBE_TEXT_PLAIN);
        (void)fputc('\n', stream);
    }
    for (size_t i = 0; i < report->n_failures; i++) {
        const report_failure *failure = &report->failures[i];
        (void)fputs("FAILED ", stream);
        put_item_name(stream, failure->work, failure->version);
        (void)fputs(" in ", stream);
        silbe_text_put(stream, failure->stage != NULL ? failure->stage : "?", SILBE_TEXT_PLAIN);
        (void)fputs(": ", stream);
        silbe_text_put(stream, failure->reason != NULL ? failure->reason : "?", SILBE_TEXT_PLAIN);
        (void)fputc('\n', stream);
    }
}

silbe_status silbe_report_print(const silbe_report *report, FILE *stream, silbe_err *err)
{
    put_title(stream, report);
    if (report->pooled.words.n == 0 && report->n_items > 0) {
        put_confidences(stream, report);
        put_speed(stream, &report->pooled);
    } else if (report->n_items > 0) {
        silbe_table_put_head(stream, "work", "version");
        put_table(stream, report);
        put_summary(stream, report);
    }
    put_remarks(stream, report);
    if (fflush(stream) != 0 || ferror(stream)) {
        return silbe_fail(err, SILBE_ERR_IO, "the table cannot be printed: %s", strerror(errno));
    }
    return SILBE_OK;
}
