#define _POSIX_C_SOURCE 200809L
#include "pipeline/evaluate/report/report.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/evaluate/report/report_internal.h"

static silbe_status fail_memory(silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MEMORY, "report: out of memory");
}

/* array with room for one more element behind n, that one zero; NULL, leaving array as it is, if
 * memory is short. */
static void *grown(void *array, size_t n, size_t element_size)
{
    void *bigger = n < SIZE_MAX / element_size - 1 ? realloc(array, (n + 1) * element_size) : NULL;
    if (bigger != NULL) {
        memset((char *)bigger + n * element_size, 0, element_size);
    }
    return bigger;
}

static void free_failure(report_failure *failure)
{
    free(failure->work);
    free(failure->version);
    free(failure->stage);
    free(failure->reason);
    *failure = (report_failure){0};
}

static void free_note(report_note *note)
{
    free(note->work);
    free(note->version);
    free(note->text);
    *note = (report_note){0};
}

void silbe_report_free(silbe_report *report)
{
    if (report == NULL) {
        return;
    }
    for (size_t f = 0; f < N_FACTS; f++) {
        free(report->facts[f]);
    }
    for (size_t i = 0; i < report->n_items; i++) {
        silbe_report_item_free(&report->items[i]);
    }
    for (size_t i = 0; i < report->n_failures; i++) {
        free_failure(&report->failures[i]);
    }
    for (size_t i = 0; i < report->n_notes; i++) {
        free_note(&report->notes[i]);
    }
    for (size_t i = 0; i < report->n_phones; i++) {
        free(report->phones[i].phone);
    }
    free(report->phones);
    free(report->items);
    free(report->failures);
    free(report->notes);
    free(report->songs);
    free(report->versions);
    free(report);
}

silbe_status silbe_report_new(const silbe_report_facts *facts, silbe_report **report,
                              silbe_err *err)
{
    *report = NULL;
    if (facts->dataset == NULL || facts->mode == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "a report needs a dataset and a mode");
    }
    const char *const texts[N_FACTS] = {
        [FACT_DATASET] = facts->dataset,
        [FACT_MODE] = facts->mode,
        [FACT_PROGRAM_VERSION] = facts->program_version,
        [FACT_SETTINGS_DIGEST] = facts->settings_digest,
        [FACT_COMMAND] = facts->command,
        [FACT_REFERENCE_NOTE] = facts->reference_note,
    };
    silbe_report *made = calloc(1, sizeof *made);
    bool ok = made != NULL;
    for (size_t f = 0; ok && f < N_FACTS; f++) {
        made->facts[f] = silbe_report_copy_text(texts[f], &ok);
    }
    if (!ok) {
        silbe_report_free(made);
        return fail_memory(err);
    }
    *report = made;
    return SILBE_OK;
}

silbe_status silbe_report_add_item(silbe_report *report, const silbe_item_result *result,
                                   silbe_err *err)
{
    if (result->work == NULL || result->version == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "an item needs a work and a version");
    }
    for (size_t i = 0; i < report->n_items; i++) {
        if (strcmp(report->items[i].work, result->work) == 0 &&
            strcmp(report->items[i].version, result->version) == 0) {
            return silbe_fail(err, SILBE_ERR_MISMATCH, "%s %s: is in the report already",
                              result->work, result->version);
        }
    }
    report_item *items = grown(report->items, report->n_items, sizeof *items);
    if (items == NULL) {
        return fail_memory(err);
    }
    report->items = items;
    report_item *item = &report->items[report->n_items];
    silbe_status status = silbe_report_item_new(result, item, err);
    report->n_items += status == SILBE_OK;
    return status;
}

silbe_status silbe_report_add_failure(silbe_report *report, const char *work, const char *version,
                                      const char *stage, const char *reason, silbe_err *err)
{
    bool ok = true;
    report_failure *failures = grown(report->failures, report->n_failures, sizeof *failures);
    if (failures == NULL) {
        return fail_memory(err);
    }
    report->failures = failures;
    report_failure *failure = &report->failures[report->n_failures];
    failure->work = silbe_report_copy_text(work, &ok);
    failure->version = silbe_report_copy_text(version, &ok);
    failure->stage = silbe_report_copy_text(stage, &ok);
    failure->reason = silbe_report_copy_text(reason, &ok);
    if (!ok) {
        free_failure(failure);
        return fail_memory(err);
    }
    report->n_failures++;
    return SILBE_OK;
}

silbe_status silbe_report_add_note(silbe_report *report, const char *work, const char *version,
                                   double time_s, const char *text, silbe_err *err)
{
    bool ok = true;
    report_note *notes = grown(report->notes, report->n_notes, sizeof *notes);
    if (notes == NULL) {
        return fail_memory(err);
    }
    report->notes = notes;
    report_note *note = &report->notes[report->n_notes];
    note->work = silbe_report_copy_text(work, &ok);
    note->version = silbe_report_copy_text(version, &ok);
    note->text = silbe_report_copy_text(text, &ok);
    note->time_s = time_s;
    if (!ok) {
        free_note(note);
        return fail_memory(err);
    }
    report->n_notes++;
    return SILBE_OK;
}

/* Appends a group of that name unless there is one; the array has room. */
static void note_group(report_group *groups, size_t *n_groups, const char *name)
{
    for (size_t g = 0; g < *n_groups; g++) {
        if (strcmp(groups[g].name, name) == 0) {
            return;
        }
    }
    groups[(*n_groups)++].name = name;
}

silbe_status silbe_report_finish(silbe_report *report, silbe_err *err)
{
    free(report->songs);
    free(report->versions);
    report->n_songs = report->n_versions = 0;
    report->songs = calloc(report->n_items + 1, sizeof *report->songs);
    report->versions = calloc(report->n_items + 1, sizeof *report->versions);
    if (report->songs == NULL || report->versions == NULL) {
        return fail_memory(err);
    }
    silbe_status status = silbe_report_pool(report, NULL, NULL, &report->pooled, err);
    for (size_t i = 0; i < report->n_items && status == SILBE_OK; i++) {
        report_item *item = &report->items[i];
        note_group(report->songs, &report->n_songs, item->work);
        note_group(report->versions, &report->n_versions, item->version);
        status = silbe_report_pool(report, item->work, item->version, &item->figures, err);
    }
    for (size_t g = 0; g < report->n_songs && status == SILBE_OK; g++) {
        report_group *song = &report->songs[g];
        status = silbe_report_pool(report, song->name, NULL, &song->figures, err);
    }
    for (size_t g = 0; g < report->n_versions && status == SILBE_OK; g++) {
        report_group *version = &report->versions[g];
        status = silbe_report_pool(report, NULL, version->name, &version->figures, err);
    }
    if (status == SILBE_OK) {
        status = silbe_report_mean_over_songs(report, &report->per_song, err);
    }
    return status;
}

const silbe_report_figures *silbe_report_pooled(const silbe_report *report)
{
    return &report->pooled;
}

const silbe_report_figures *silbe_report_per_song(const silbe_report *report)
{
    return &report->per_song;
}

size_t silbe_report_n_items(const silbe_report *report)
{
    return report->n_items;
}

size_t silbe_report_n_failed(const silbe_report *report)
{
    return report->n_failures;
}

const silbe_report_figures *silbe_report_item(const silbe_report *report, size_t i)
{
    return &report->items[i].figures;
}
