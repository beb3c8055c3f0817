/* The comparison as JSON, for reading, and for the terminal. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "pipeline/evaluate/report/comparison_internal.h"
#include "pipeline/output/text.h"

static const char *mode_of(const silbe_comparison *c, size_t m)
{
    return c->reports[m]->facts[FACT_MODE];
}

static bool has_bins(const silbe_comparison *c)
{
    size_t n = 0;
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS && c->first < c->n_reports; b++) {
        n += c->bins[b][c->first].n;
    }
    return n > 0;
}

/* ---- JSON ---- */

static json_t *left_out_of(const silbe_comparison *c, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->n_left_out; i++) {
        json_t *object = json_object(), *without = json_array();
        for (size_t m = 0; m < c->n_reports; m++) {
            if (c->left_out[i].lacks[m]) {
                *failed |= json_array_append_new(without, silbe_report_string(mode_of(c, m))) != 0;
            }
        }
        silbe_report_put(object, "work", silbe_report_string(c->left_out[i].item->work), failed);
        silbe_report_put(object, "version", silbe_report_string(c->left_out[i].item->version),
                         failed);
        silbe_report_put(object, "without", without, failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *modes_of(const silbe_comparison *c, int *failed)
{
    json_t *array = json_array();
    for (size_t m = 0; m < c->n_reports; m++) {
        const silbe_report_figures *figures = &c->figures[m];
        json_t *object = json_object();
        silbe_report_put(object, "mode", silbe_report_string(mode_of(c, m)), failed);
        silbe_report_put(object, "items", json_integer((json_int_t)figures->n_items), failed);
        silbe_report_put(object, "failed", json_integer((json_int_t)c->reports[m]->n_failures),
                         failed);
        silbe_report_put_figures(object, figures, failed);
        silbe_report_put(object, "reliability", silbe_report_reliability(figures, failed), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *bins_of(const silbe_comparison *c, int *failed)
{
    if (!has_bins(c)) {
        return json_null();
    }
    json_t *object = json_object(), *bins = json_array();
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        json_t *bin = json_object(), *modes = json_object();
        for (size_t m = 0; m < c->n_reports; m++) {
            json_t *metrics = json_object();
            silbe_report_put_metrics(metrics, &c->bins[b][m], failed);
            silbe_report_put(modes, mode_of(c, m), metrics, failed);
        }
        silbe_report_put(bin, "from", silbe_report_number(COMPARISON_EDGES[b]), failed);
        silbe_report_put(bin, "to", silbe_report_number(COMPARISON_EDGES[b + 1]), failed);
        silbe_report_put(bin, "words", json_integer((json_int_t)c->bins[b][c->first].n), failed);
        silbe_report_put(bin, "modes", modes, failed);
        *failed |= json_array_append_new(bins, bin) != 0;
    }
    silbe_report_put(object, "mode", silbe_report_string(mode_of(c, c->first)), failed);
    silbe_report_put(object, "bins", bins, failed);
    return object;
}

silbe_status silbe_comparison_write_json(const silbe_comparison *comparison, const char *path,
                                         silbe_err *err)
{
    int failed = 0;
    char *const *facts = comparison->reports[0]->facts;
    json_t *document = json_object(), *run = json_object();
    silbe_report_put(document, "dataset", silbe_report_string(facts[FACT_DATASET]), &failed);
    silbe_report_put(document, "rule", silbe_report_string(SILBE_COMPARISON_RULE), &failed);
    silbe_report_put(document, "items",
                     json_integer((json_int_t)silbe_comparison_n_items(comparison)), &failed);
    silbe_report_put(document, "words",
                     json_integer((json_int_t)silbe_comparison_n_words(comparison)), &failed);
    silbe_report_put(document, "left_out", left_out_of(comparison, &failed), &failed);
    silbe_report_put(document, "modes", modes_of(comparison, &failed), &failed);
    silbe_report_put(document, "by_confidence", bins_of(comparison, &failed), &failed);
    silbe_report_put(run, "version", silbe_report_string(facts[FACT_PROGRAM_VERSION]), &failed);
    silbe_report_put(run, "command", silbe_report_string(facts[FACT_COMMAND]), &failed);
    silbe_report_put(run, "reference", silbe_report_string(facts[FACT_REFERENCE_NOTE]), &failed);
    silbe_report_put(document, "run", run, &failed);
    return silbe_report_save_json(document, failed, path, err);
}

/* ---- for reading ---- */

static void put_cell(FILE *stream, int decimals, double value)
{
    if (isnan(value)) {
        (void)fputs(" - |", stream);
    } else {
        (void)fprintf(stream, " %.*f |", decimals, value + 0.0);
    }
}

static void put_text(FILE *stream, const char *text)
{
    silbe_text_put(stream, text != NULL ? text : "-", SILBE_TEXT_MARKDOWN);
}

static void put_metrics(FILE *stream, const silbe_onset_metrics *metrics)
{
    (void)fprintf(stream, " %zu | %zu |", metrics->n, metrics->n_missing);
    put_cell(stream, 1, 1e3 * metrics->mean_abs_s);
    put_cell(stream, 1, 1e3 * metrics->median_abs_s);
    put_cell(stream, 1, 1e3 * metrics->bias_s);
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        put_cell(stream, 1, 100 * metrics->within[w]);
    }
    put_cell(stream, 1, 100 * metrics->derailed);
}

#define METRICS_HEAD                                                                               \
    " words | missing | mean (ms) | median (ms) | bias (ms) | 0.05 s (%) | 0.1 s (%) | 0.2 s "     \
    "(%) | 0.3 s (%) | 0.5 s (%) | 1.0 s (%) | derailed (%) |"
#define METRICS_RULE "--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"

static void put_bins(FILE *stream, const silbe_comparison *c)
{
    if (!has_bins(c)) {
        return;
    }
    const char *judge = mode_of(c, c->first);
    (void)fprintf(stream,
                  "\n## Where mode %s is sure and where not\n\nThe same words, by the confidence "
                  "that mode %s gave them.\n\n",
                  judge, judge);
    (void)fputs("| confidence | mode |" METRICS_HEAD "\n|---|---|" METRICS_RULE "\n", stream);
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        for (size_t m = 0; m < c->n_reports; m++) {
            if (c->reports[m]->n_items > 0) {
                (void)fprintf(stream, "| %.1f to %.1f | ", COMPARISON_EDGES[b],
                              COMPARISON_EDGES[b + 1]);
                put_text(stream, mode_of(c, m));
                (void)fputs(" |", stream);
                put_metrics(stream, &c->bins[b][m]);
                (void)fputc('\n', stream);
            }
        }
    }
}

/* "Schubert_D911-22 SC06 (not in lyrics, joint)" */
static void put_left_out(FILE *stream, const silbe_comparison *c, size_t i, silbe_text_style style)
{
    const char *before = " (not in ";
    silbe_text_put(stream, c->left_out[i].item->work, style);
    (void)fputc(' ', stream);
    silbe_text_put(stream, c->left_out[i].item->version, style);
    for (size_t m = 0; m < c->n_reports; m++) {
        if (c->left_out[i].lacks[m]) {
            (void)fputs(before, stream);
            silbe_text_put(stream, mode_of(c, m), style);
            before = ", ";
        }
    }
    (void)fputs(")\n", stream);
}

silbe_status silbe_comparison_write_markdown(const silbe_comparison *comparison, const char *path,
                                             silbe_err *err)
{
    const silbe_comparison *c = comparison;
    silbe_atomic_file file;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    FILE *stream = file.stream;
    (void)fputs("# Modes side by side: ", stream);
    put_text(stream, c->reports[0]->facts[FACT_DATASET]);
    (void)fprintf(stream,
                  "\n\n%zu words of %zu items, %zu items left out. " SILBE_COMPARISON_RULE
                  " Each mode has a report of its own on all of its items: `MODE/report.md`, which "
                  "says what the columns mean.\n\n- Command: ",
                  silbe_comparison_n_words(c), silbe_comparison_n_items(c), c->n_left_out);
    put_text(stream, c->reports[0]->facts[FACT_COMMAND]);
    (void)fputs("\n\n| mode |" METRICS_HEAD " AUC 0.1 s | AUC 0.3 s |\n|---|" METRICS_RULE
                "--:|--:|\n",
                stream);
    for (size_t m = 0; m < c->n_reports; m++) {
        (void)fputs("| ", stream);
        put_text(stream, mode_of(c, m));
        (void)fputs(" |", stream);
        put_metrics(stream, &c->figures[m].words);
        put_cell(stream, 3, c->figures[m].confidence_auc);
        put_cell(stream, 3, c->figures[m].confidence_auc_plain);
        (void)fputc('\n', stream);
    }
    put_bins(stream, c);
    if (c->n_left_out > 0) {
        (void)fputs("\n## Left out\n\n", stream);
    }
    for (size_t i = 0; i < c->n_left_out; i++) {
        (void)fputs("- ", stream);
        put_left_out(stream, c, i, SILBE_TEXT_MARKDOWN);
    }
    return silbe_atomic_commit(&file, err);
}

/* ---- for the terminal ---- */

enum { MODE_WIDTH = 12 };

static void put_number(FILE *stream, int width, int decimals, double value)
{
    if (isnan(value)) {
        (void)fprintf(stream, "%*s", width, "-");
    } else {
        (void)fprintf(stream, "%*.*f", width, decimals, value + 0.0);
    }
}

static void put_ms(FILE *stream, double value_s)
{
    put_number(stream, 9, fabs(value_s) < 9.999 ? 1 : 0, 1e3 * value_s);
}

static void put_row(FILE *stream, const silbe_comparison *c, size_t m)
{
    const silbe_onset_metrics *words = &c->figures[m].words;
    silbe_text_put_padded(stream, mode_of(c, m), MODE_WIDTH);
    if (c->reports[m]->n_items == 0) {
        (void)fprintf(stream, "no item succeeded, %zu failed\n", c->reports[m]->n_failures);
        return;
    }
    (void)fprintf(stream, "%7zu%8zu", words->n, words->n_missing);
    put_ms(stream, words->mean_abs_s);
    put_ms(stream, words->median_abs_s);
    put_ms(stream, words->bias_s);
    put_number(stream, 7, 1, 100 * words->within[1]);
    put_number(stream, 7, 1, 100 * words->within[3]);
    put_number(stream, 9, 1, 100 * words->derailed);
    put_number(stream, 10, 3, c->figures[m].confidence_auc);
    put_number(stream, 10, 3, c->figures[m].confidence_auc_plain);
    (void)fputc('\n', stream);
}

/* Without any reference. */
static void put_confidences(FILE *stream, const silbe_comparison *c)
{
    (void)fprintf(stream, "%-*s%9s%9s%17s%11s\n", MODE_WIDTH, "mode", "placed", "no time",
                  "mean confidence", "below 0.5");
    for (int i = 0; i < MODE_WIDTH + 46; i++) {
        (void)fputc('-', stream);
    }
    (void)fputc('\n', stream);
    for (size_t m = 0; m < c->n_reports; m++) {
        const silbe_report_figures *figures = &c->figures[m];
        silbe_text_put_padded(stream, mode_of(c, m), MODE_WIDTH);
        if (c->reports[m]->n_items == 0) {
            (void)fprintf(stream, "no item succeeded, %zu failed\n", c->reports[m]->n_failures);
            continue;
        }
        (void)fprintf(stream, "%9zu%9zu", figures->n_placed, figures->n_unmatched);
        put_number(stream, 17, 2, figures->mean_confidence);
        (void)fprintf(stream, "%11zu\n", figures->n_unsure);
    }
    (void)fputs("\nNo item has a reference (NAME.words.csv beside the recording): no errors to "
                "show.\n",
                stream);
}

static void put_figures(FILE *stream, const silbe_comparison *c)
{
    (void)fprintf(stream, "%-*s%7s%8s%9s%9s%9s%14s%9s%20s\n", MODE_WIDTH, "", "", "no", "mean",
                  "median", "median", "within, %", "derailed", "confidence AUC, off");
    (void)fprintf(stream, "%-*s%7s%8s%9s%9s%9s%7s%7s%9s%10s%10s\n", MODE_WIDTH, "mode", "words",
                  "time", "|e| ms", "|e| ms", "e ms", "0.1 s", "0.3 s", "%", ">0.1 s", ">0.3 s");
    for (int i = 0; i < MODE_WIDTH + 85; i++) {
        (void)fputc('-', stream);
    }
    (void)fputc('\n', stream);
    for (size_t m = 0; m < c->n_reports; m++) {
        put_row(stream, c, m);
    }
    (void)fputs("\ne = estimate - reference (positive: late); a word without time is in no window "
                "and derailed,\nand is left out of the mean and of the median of e\n",
                stream);
}

/* Whether an earlier mode failed on the same item for the same reason. */
static bool is_told(const silbe_comparison *c, size_t m, const report_failure *failure)
{
    for (size_t k = 0; k < m; k++) {
        for (size_t i = 0; i < c->reports[k]->n_failures; i++) {
            const report_failure *other = &c->reports[k]->failures[i];
            if (strcmp(other->work, failure->work) == 0 &&
                strcmp(other->version, failure->version) == 0 &&
                strcmp(other->stage, failure->stage) == 0 &&
                strcmp(other->reason, failure->reason) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void put_failures(FILE *stream, const silbe_comparison *c)
{
    for (size_t m = 0; m < c->n_reports; m++) {
        for (size_t i = 0; i < c->reports[m]->n_failures; i++) {
            const report_failure *failure = &c->reports[m]->failures[i];
            if (!is_told(c, m, failure)) {
                const char *const parts[] = {"FAILED ",   failure->work,  " ",  failure->version,
                                             " in mode ", mode_of(c, m),  ", ", failure->stage,
                                             ": ",        failure->reason};
                for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
                    silbe_text_put(stream, parts[k] != NULL ? parts[k] : "-", SILBE_TEXT_PLAIN);
                }
                (void)fputc('\n', stream);
            }
        }
    }
}

silbe_status silbe_comparison_print(const silbe_comparison *comparison, FILE *stream,
                                    silbe_err *err)
{
    const silbe_comparison *c = comparison;
    silbe_text_put(stream, c->reports[0]->facts[FACT_DATASET], SILBE_TEXT_PLAIN);
    (void)fprintf(stream,
                  ", modes side by side: the same %zu words with a reference, of %zu items, in "
                  "each\n\n",
                  silbe_comparison_n_words(c), silbe_comparison_n_items(c));
    if (silbe_comparison_n_words(c) > 0) {
        put_figures(stream, c);
    } else {
        put_confidences(stream, c);
    }
    for (size_t i = 0; i < c->n_left_out; i++) {
        (void)fputs("left out: ", stream);
        put_left_out(stream, c, i, SILBE_TEXT_PLAIN);
    }
    put_failures(stream, c);
    if (fflush(stream) != 0 || ferror(stream)) {
        return silbe_fail(err, SILBE_ERR_IO, "the table cannot be printed: %s", strerror(errno));
    }
    return SILBE_OK;
}
