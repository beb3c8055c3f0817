#include <errno.h>
#include <math.h>
#include <string.h>

#include "pipeline/compare/compare.h"
#include "pipeline/evaluate/report/figures_json.h"
#include "pipeline/evaluate/report/table.h"
#include "pipeline/output/text.h"

static const char *name_of(silbe_time_level level)
{
    return level == SILBE_LEVEL_LINES ? "lines" : "words";
}

/* The last part of the path. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static void put_title(FILE *stream, const silbe_file_comparison *c)
{
    silbe_text_put(stream, c->estimate.path, SILBE_TEXT_PLAIN);
    (void)fputs(" against ", stream);
    silbe_text_put(stream, c->reference.path, SILBE_TEXT_PLAIN);
    (void)fprintf(stream, ": %zu of %zu and %zu words paired, %zu %s compared\n\n", c->n_paired,
                  c->estimate.n_words, c->reference.n_words, c->figures.words.n,
                  c->level == SILBE_LEVEL_LINES ? "starts of lines" : "starts");
}

static void put_unpaired(FILE *stream, const silbe_compared_file *file)
{
    if (file->n_unpaired == 0) {
        return;
    }
    (void)fputs("without partner in ", stream);
    silbe_text_put(stream, base_name(file->path), SILBE_TEXT_PLAIN);
    (void)fprintf(stream, ", %zu of %zu words:", file->n_unpaired, file->n_words);
    for (size_t i = 0; i < file->n_listed; i++) {
        (void)fputs(i > 0 ? ", " : " ", stream);
        silbe_text_put(stream, file->listed[i].text, SILBE_TEXT_PLAIN);
        if (!isnan(file->listed[i].start_s)) {
            (void)fprintf(stream, " (%.2f s)", file->listed[i].start_s);
        }
    }
    (void)fputs(file->n_unpaired > file->n_listed ? ", ...\n" : "\n", stream);
}

silbe_status silbe_file_comparison_print(const silbe_file_comparison *comparison, FILE *stream,
                                         silbe_err *err)
{
    const silbe_file_comparison *c = comparison;
    put_title(stream, c);
    silbe_table_put_head(stream, "estimate", "");
    silbe_text_put_padded(stream, base_name(c->estimate.path),
                          SILBE_TABLE_WORK_WIDTH + 1 + SILBE_TABLE_VERSION_WIDTH);
    silbe_table_put_metrics(stream, &c->figures.words);
    silbe_table_put_summary(stream, &c->figures);
    if (!isnan(c->figures.mean_confidence)) {
        (void)fprintf(stream, "mean confidence %.2f, below 0.5: %zu of %zu\n",
                      c->figures.mean_confidence, c->figures.n_unsure, c->figures.words.n);
    }
    put_unpaired(stream, &c->reference);
    put_unpaired(stream, &c->estimate);
    if (fflush(stream) != 0 || ferror(stream)) {
        return silbe_fail(err, SILBE_ERR_IO, "the table cannot be printed: %s", strerror(errno));
    }
    return SILBE_OK;
}

/* ---- JSON ---- */

static json_t *file_of(const silbe_compared_file *file, int *failed)
{
    json_t *object = json_object(), *listed = json_array();
    for (size_t i = 0; i < file->n_listed; i++) {
        json_t *word = json_object();
        silbe_report_put(word, "text", silbe_report_string(file->listed[i].text), failed);
        silbe_report_put(word, "start_s", silbe_report_number(file->listed[i].start_s), failed);
        *failed |= json_array_append_new(listed, word) != 0;
    }
    silbe_report_put(object, "file", silbe_report_string(file->path), failed);
    silbe_report_put(object, "level", silbe_report_string(name_of(file->level)), failed);
    silbe_report_put(object, "words", json_integer((json_int_t)file->n_words), failed);
    silbe_report_put(object, "unpaired", json_integer((json_int_t)file->n_unpaired), failed);
    silbe_report_put(object, "listed", listed, failed);
    return object;
}

static json_t *document_of(const silbe_file_comparison *c, int *failed)
{
    json_t *document = json_object();
    const silbe_report_figures *figures = &c->figures;
    silbe_report_put(document, "estimate", file_of(&c->estimate, failed), failed);
    silbe_report_put(document, "reference", file_of(&c->reference, failed), failed);
    silbe_report_put(document, "level", silbe_report_string(name_of(c->level)), failed);
    silbe_report_put(document, "paired", json_integer((json_int_t)c->n_paired), failed);
    silbe_report_put(document, "compared", json_integer((json_int_t)figures->words.n), failed);
    silbe_report_put_metrics(document, &figures->words, failed);
    silbe_report_put(document, "correct_segments", silbe_report_number(figures->correct_segments),
                     failed);
    silbe_report_put(document, "confidence_auc", silbe_report_number(figures->confidence_auc),
                     failed);
    silbe_report_put(document, "confidence_auc_0.3",
                     silbe_report_number(figures->confidence_auc_plain), failed);
    silbe_report_put(document, "mean_confidence", silbe_report_number(figures->mean_confidence),
                     failed);
    silbe_report_put(document, "reliability",
                     isnan(figures->mean_confidence) ? json_null()
                                                     : silbe_report_reliability(figures, failed),
                     failed);
    return document;
}

silbe_status silbe_file_comparison_print_json(const silbe_file_comparison *comparison, FILE *stream,
                                              silbe_err *err)
{
    int failed = 0;
    json_t *document = document_of(comparison, &failed);
    silbe_status status = SILBE_OK;
    if (failed != 0 || document == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the figures");
    } else if (json_dumpf(document, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) != 0 ||
               fputc('\n', stream) == EOF || fflush(stream) != 0) {
        status =
            silbe_fail(err, SILBE_ERR_IO, "the figures cannot be printed: %s", strerror(errno));
    }
    json_decref(document);
    return status;
}
