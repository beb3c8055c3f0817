#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/evaluate/report/report_internal.h"
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

static const char *const WINDOW_KEYS[SILBE_N_WINDOWS] = {"0.05", "0.1", "0.2", "0.3", "0.5", "1.0"};

/* Number with six decimals (a microsecond), or null. The sum turns -0 into 0. */
json_t *silbe_report_number(double value)
{
    return isfinite(value) ? json_real(round(value * 1e6) / 1e6 + 0.0) : json_null();
}

static json_t *count(size_t n)
{
    return json_integer((json_int_t)n);
}

/* Cleaned string, or null. Bytes that are not UTF-8 (in a message about such a file) become U+FFFD
 * rather than losing the report. */
json_t *silbe_report_string(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    char *clean = silbe_text_copy(text, SILBE_TEXT_PLAIN);
    json_t *made = clean != NULL ? json_string(clean) : NULL;
    free(clean);
    return made;
}

/* jansson's _new functions take a NULL value as failure, so one flag is enough. */
void silbe_report_put(json_t *object, const char *key, json_t *value, int *failed)
{
    *failed |= json_object_set_new(object, key, value) != 0;
}

void silbe_report_put_metrics(json_t *object, const silbe_onset_metrics *metrics, int *failed)
{
    json_t *within = json_object();
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        silbe_report_put(within, WINDOW_KEYS[w], silbe_report_number(metrics->within[w]), failed);
    }
    silbe_report_put(object, "mean_abs_s", silbe_report_number(metrics->mean_abs_s), failed);
    silbe_report_put(object, "median_abs_s", silbe_report_number(metrics->median_abs_s), failed);
    silbe_report_put(object, "bias_s", silbe_report_number(metrics->bias_s), failed);
    silbe_report_put(object, "within", within, failed);
    silbe_report_put(object, "perceptual", silbe_report_number(metrics->perceptual), failed);
    silbe_report_put(object, "derailed", silbe_report_number(metrics->derailed), failed);
    silbe_report_put(object, "p95_abs_s", silbe_report_number(metrics->p95_abs_s), failed);
    silbe_report_put(object, "max_abs_s", silbe_report_number(metrics->max_abs_s), failed);
}

void silbe_report_put_figures(json_t *object, const silbe_report_figures *figures, int *failed)
{
    silbe_report_put(object, "words", count(figures->words.n), failed);
    silbe_report_put(object, "missing", count(figures->words.n_missing), failed);
    silbe_report_put_metrics(object, &figures->words, failed);
    silbe_report_put(object, "correct_segments", silbe_report_number(figures->correct_segments),
                     failed);
    silbe_report_put(object, "confidence_auc", silbe_report_number(figures->confidence_auc),
                     failed);
    silbe_report_put(object, "confidence_auc_0.3",
                     silbe_report_number(figures->confidence_auc_plain), failed);
    silbe_report_put(object, "placed", count(figures->n_placed), failed);
    silbe_report_put(object, "unmatched", count(figures->n_unmatched), failed);
    silbe_report_put(object, "mean_confidence", silbe_report_number(figures->mean_confidence),
                     failed);
    silbe_report_put(object, "unsure", count(figures->n_unsure), failed);
    silbe_report_put(object, "audio_s", silbe_report_number(figures->audio_s), failed);
    silbe_report_put(object, "wall_s", silbe_report_number(figures->wall_s), failed);
    json_t *measures = json_object();
    silbe_report_put(measures, "n", count(figures->measures.n), failed);
    silbe_report_put_metrics(measures, &figures->measures, failed);
    silbe_report_put(object, "measures", measures, failed);
}

json_t *silbe_report_reliability(const silbe_report_figures *figures, int *failed)
{
    const silbe_reliability *fine = &figures->reliability, *plain = &figures->reliability_plain;
    json_t *bins = json_array();
    for (size_t b = 0; b < SILBE_N_CONFIDENCE_BINS; b++) {
        json_t *bin = json_object();
        double width = 1.0 / SILBE_N_CONFIDENCE_BINS;
        silbe_report_put(bin, "from", silbe_report_number((double)b * width), failed);
        silbe_report_put(bin, "to", silbe_report_number((double)(b + 1) * width), failed);
        silbe_report_put(bin, "words", count(fine->bins[b].n), failed);
        silbe_report_put(bin, "expected", silbe_report_number(fine->bins[b].expected), failed);
        silbe_report_put(bin, "within_0.1", silbe_report_number(fine->bins[b].observed), failed);
        silbe_report_put(bin, "within_0.3", silbe_report_number(plain->bins[b].observed), failed);
        *failed |= json_array_append_new(bins, bin) != 0;
    }
    json_t *object = json_object();
    silbe_report_put(object, "bins", bins, failed);
    silbe_report_put(object, "calibration_error_0.1", silbe_report_number(fine->calibration_error),
                     failed);
    silbe_report_put(object, "calibration_error_0.3", silbe_report_number(plain->calibration_error),
                     failed);
    return object;
}

static json_t *phones_of(const silbe_report *report, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_phones; i++) {
        const report_phone *phone = &report->phones[i];
        json_t *object = json_object();
        silbe_report_put(object, "phone", silbe_report_string(phone->phone), failed);
        silbe_report_put(object, "n", count(phone->n), failed);
        silbe_report_put(object, "mean_s", silbe_report_number(phone->mean_s), failed);
        silbe_report_put(object, "median_s", silbe_report_number(phone->median_s), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *items_of(const silbe_report *report, int *failed)
{
    json_t *items = json_array();
    for (size_t i = 0; i < report->n_items; i++) {
        json_t *item = json_object();
        silbe_report_put(item, "work", silbe_report_string(report->items[i].work), failed);
        silbe_report_put(item, "version", silbe_report_string(report->items[i].version), failed);
        silbe_report_put_figures(item, &report->items[i].figures, failed);
        *failed |= json_array_append_new(items, item) != 0;
    }
    return items;
}

static json_t *groups_of(const report_group *groups, size_t n_groups, const char *key, int *failed)
{
    json_t *array = json_array();
    for (size_t g = 0; g < n_groups; g++) {
        json_t *group = json_object();
        silbe_report_put(group, key, silbe_report_string(groups[g].name), failed);
        silbe_report_put(group, "items", count(groups[g].figures.n_items), failed);
        silbe_report_put_figures(group, &groups[g].figures, failed);
        *failed |= json_array_append_new(array, group) != 0;
    }
    return array;
}

static json_t *failures_of(const silbe_report *report, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_failures; i++) {
        const report_failure *failure = &report->failures[i];
        json_t *object = json_object();
        silbe_report_put(object, "work", silbe_report_string(failure->work), failed);
        silbe_report_put(object, "version", silbe_report_string(failure->version), failed);
        silbe_report_put(object, "stage", silbe_report_string(failure->stage), failed);
        silbe_report_put(object, "reason", silbe_report_string(failure->reason), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *notes_of(const silbe_report *report, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_notes; i++) {
        const report_note *note = &report->notes[i];
        json_t *object = json_object();
        silbe_report_put(object, "work", silbe_report_string(note->work), failed);
        silbe_report_put(object, "version", silbe_report_string(note->version), failed);
        silbe_report_put(object, "time_s", silbe_report_number(note->time_s), failed);
        silbe_report_put(object, "text", silbe_report_string(note->text), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *run_of(const silbe_report *report, int *failed)
{
    json_t *run = json_object();
    silbe_report_put(run, "version", silbe_report_string(report->facts[FACT_PROGRAM_VERSION]),
                     failed);
    silbe_report_put(run, "settings_digest",
                     silbe_report_string(report->facts[FACT_SETTINGS_DIGEST]), failed);
    silbe_report_put(run, "command", silbe_report_string(report->facts[FACT_COMMAND]), failed);
    silbe_report_put(run, "reference", silbe_report_string(report->facts[FACT_REFERENCE_NOTE]),
                     failed);
    silbe_report_put(
        run, "units",
        silbe_report_string(
            "errors in seconds, estimate minus reference; within, derailed, perceptual, "
            "correct_segments and confidence_auc as fractions 0..1; null = does not exist; "
            "words that are missing count as errors without bound, and are left out of mean, "
            "maximum and bias"),
        failed);
    return run;
}

static json_t *document_of(const silbe_report *report, int *failed)
{
    json_t *document = json_object();
    silbe_report_put(document, "dataset", silbe_report_string(report->facts[FACT_DATASET]), failed);
    silbe_report_put(document, "mode", silbe_report_string(report->facts[FACT_MODE]), failed);
    silbe_report_put(document, "run", run_of(report, failed), failed);
    json_t *pooled = json_object();
    silbe_report_put(pooled, "items", count(report->pooled.n_items), failed);
    silbe_report_put_figures(pooled, &report->pooled, failed);
    silbe_report_put(pooled, "reliability", silbe_report_reliability(&report->pooled, failed),
                     failed);
    silbe_report_put(document, "pooled", pooled, failed);
    json_t *per_song = json_object();
    silbe_report_put(per_song, "items", count(report->per_song.n_items), failed);
    silbe_report_put_figures(per_song, &report->per_song, failed);
    silbe_report_put(per_song, "songs", groups_of(report->songs, report->n_songs, "work", failed),
                     failed);
    silbe_report_put(document, "per_song", per_song, failed);
    silbe_report_put(document, "per_version",
                     groups_of(report->versions, report->n_versions, "version", failed), failed);
    silbe_report_put(document, "items", items_of(report, failed), failed);
    silbe_report_put(document, "phones", phones_of(report, failed), failed);
    silbe_report_put(document, "failed", failures_of(report, failed), failed);
    silbe_report_put(document, "notes", notes_of(report, failed), failed);
    return document;
}

silbe_status silbe_report_save_json(json_t *document, int failed, const char *path, silbe_err *err)
{
    char *text =
        failed == 0 ? json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    silbe_status status;
    if (text == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    } else {
        size_t length = strlen(text);
        text[length] = '\n'; /* in place of the terminator */
        status = silbe_output_write_file(path, text, length + 1, err);
    }
    free(text);
    json_decref(document);
    return status;
}

silbe_status silbe_report_write_json(const silbe_report *report, const char *path, silbe_err *err)
{
    int failed = 0;
    json_t *document = document_of(report, &failed);
    return silbe_report_save_json(document, failed, path, err);
}
