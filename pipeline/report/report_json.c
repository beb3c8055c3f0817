#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"
#include "pipeline/report/report_internal.h"

static const char *const WINDOW_KEYS[SILBE_N_WINDOWS] = {"0.05", "0.1", "0.2", "0.3", "0.5", "1.0"};

/* Number with six decimals (a microsecond), or null. The sum turns -0 into 0. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(round(value * 1e6) / 1e6 + 0.0) : json_null();
}

static json_t *count(size_t n)
{
    return json_integer((json_int_t)n);
}

/* Cleaned string, or null. Bytes that are not UTF-8 (in a message about such a file) become U+FFFD
 * rather than losing the report. */
static json_t *string(const char *text)
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
static void put(json_t *object, const char *key, json_t *value, int *failed)
{
    *failed |= json_object_set_new(object, key, value) != 0;
}

static void put_metrics(json_t *object, const silbe_onset_metrics *metrics, int *failed)
{
    json_t *within = json_object();
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        put(within, WINDOW_KEYS[w], number(metrics->within[w]), failed);
    }
    put(object, "mean_abs_s", number(metrics->mean_abs_s), failed);
    put(object, "median_abs_s", number(metrics->median_abs_s), failed);
    put(object, "bias_s", number(metrics->bias_s), failed);
    put(object, "within", within, failed);
    put(object, "perceptual", number(metrics->perceptual), failed);
    put(object, "derailed", number(metrics->derailed), failed);
    put(object, "p95_abs_s", number(metrics->p95_abs_s), failed);
    put(object, "max_abs_s", number(metrics->max_abs_s), failed);
}

static void put_figures(json_t *object, const silbe_report_figures *figures, int *failed)
{
    put(object, "words", count(figures->words.n), failed);
    put_metrics(object, &figures->words, failed);
    put(object, "correct_segments", number(figures->correct_segments), failed);
    put(object, "confidence_auc", number(figures->confidence_auc), failed);
    put(object, "placed", count(figures->n_placed), failed);
    put(object, "unmatched", count(figures->n_unmatched), failed);
    put(object, "audio_s", number(figures->audio_s), failed);
    put(object, "wall_s", number(figures->wall_s), failed);
    json_t *measures = json_object();
    put(measures, "n", count(figures->measures.n), failed);
    put_metrics(measures, &figures->measures, failed);
    put(object, "measures", measures, failed);
}

static json_t *items_of(const silbe_report *report, int *failed)
{
    json_t *items = json_array();
    for (size_t i = 0; i < report->n_items; i++) {
        json_t *item = json_object();
        put(item, "work", string(report->items[i].work), failed);
        put(item, "version", string(report->items[i].version), failed);
        put_figures(item, &report->items[i].figures, failed);
        *failed |= json_array_append_new(items, item) != 0;
    }
    return items;
}

static json_t *groups_of(const report_group *groups, size_t n_groups, const char *key, int *failed)
{
    json_t *array = json_array();
    for (size_t g = 0; g < n_groups; g++) {
        json_t *group = json_object();
        put(group, key, string(groups[g].name), failed);
        put(group, "items", count(groups[g].figures.n_items), failed);
        put_figures(group, &groups[g].figures, failed);
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
        put(object, "work", string(failure->work), failed);
        put(object, "version", string(failure->version), failed);
        put(object, "stage", string(failure->stage), failed);
        put(object, "reason", string(failure->reason), failed);
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
        put(object, "work", string(note->work), failed);
        put(object, "version", string(note->version), failed);
        put(object, "time_s", number(note->time_s), failed);
        put(object, "text", string(note->text), failed);
        *failed |= json_array_append_new(array, object) != 0;
    }
    return array;
}

static json_t *run_of(const silbe_report *report, int *failed)
{
    json_t *run = json_object();
    put(run, "version", string(report->facts[FACT_PROGRAM_VERSION]), failed);
    put(run, "settings_digest", string(report->facts[FACT_SETTINGS_DIGEST]), failed);
    put(run, "command", string(report->facts[FACT_COMMAND]), failed);
    put(run, "reference", string(report->facts[FACT_REFERENCE_NOTE]), failed);
    put(run, "units",
        string("errors in seconds, estimate minus reference; within, derailed, perceptual, "
               "correct_segments and confidence_auc as fractions 0..1; null = does not exist"),
        failed);
    return run;
}

static json_t *document_of(const silbe_report *report, int *failed)
{
    json_t *document = json_object();
    put(document, "dataset", string(report->facts[FACT_DATASET]), failed);
    put(document, "mode", string(report->facts[FACT_MODE]), failed);
    put(document, "run", run_of(report, failed), failed);
    json_t *pooled = json_object();
    put(pooled, "items", count(report->pooled.n_items), failed);
    put_figures(pooled, &report->pooled, failed);
    put(document, "pooled", pooled, failed);
    json_t *per_song = json_object();
    put(per_song, "items", count(report->per_song.n_items), failed);
    put_figures(per_song, &report->per_song, failed);
    put(per_song, "songs", groups_of(report->songs, report->n_songs, "work", failed), failed);
    put(document, "per_song", per_song, failed);
    put(document, "per_version", groups_of(report->versions, report->n_versions, "version", failed),
        failed);
    put(document, "items", items_of(report, failed), failed);
    put(document, "failed", failures_of(report, failed), failed);
    put(document, "notes", notes_of(report, failed), failed);
    return document;
}

silbe_status silbe_report_write_json(const silbe_report *report, const char *path, silbe_err *err)
{
    int failed = 0;
    json_t *document = document_of(report, &failed);
    char *text =
        failed == 0 ? json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    silbe_status status;
    if (text == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    } else {
        size_t length = strlen(text);
        text[length] = '\n'; /* in place of the terminator */
        status = silbe_output_save(path, text, length + 1, err);
    }
    free(text);
    json_decref(document);
    return status;
}
