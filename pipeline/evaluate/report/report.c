#include "pipeline/evaluate/report/report.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/evaluate/report/report_internal.h"

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
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_report *made = silbe_alloc(1, sizeof *made, "report", err);
    for (size_t f = 0; f < N_FACTS && made != NULL; f++) {
        made->facts[f] = silbe_copy_text(texts[f], err);
    }
    if (silbe_failed(err)) {
        silbe_report_free(made);
        return err->status;
    }
    *report = made;
    return SILBE_OK;
}

silbe_status silbe_report_add_item(silbe_report *report, const silbe_item_result *result,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
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
    report->items =
        silbe_grow(report->items, report->n_items, NULL, sizeof *report->items, "items", err);
    if (!silbe_failed(err)) {
        silbe_report_item_new(result, &report->items[report->n_items], err);
        report->n_items += !silbe_failed(err);
    }
    return err->status;
}

silbe_status silbe_report_add_failure(silbe_report *report, const char *work, const char *version,
                                      const char *stage, const char *reason, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    report->failures = silbe_grow(report->failures, report->n_failures, NULL,
                                  sizeof *report->failures, "failures", err);
    if (!silbe_failed(err)) {
        report->failures[report->n_failures++] =
            (report_failure){.work = silbe_copy_text(work, err),
                             .version = silbe_copy_text(version, err),
                             .stage = silbe_copy_text(stage, err),
                             .reason = silbe_copy_text(reason, err)};
    }
    return err->status;
}

silbe_status silbe_report_add_note(silbe_report *report, const char *work, const char *version,
                                   double time_s, const char *text, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    report->notes =
        silbe_grow(report->notes, report->n_notes, NULL, sizeof *report->notes, "notes", err);
    if (!silbe_failed(err)) {
        report->notes[report->n_notes++] = (report_note){.work = silbe_copy_text(work, err),
                                                         .version = silbe_copy_text(version, err),
                                                         .text = silbe_copy_text(text, err),
                                                         .time_s = time_s};
    }
    return err->status;
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
    silbe_err own;
    err = silbe_err_begin(err, &own);
    free(report->songs);
    free(report->versions);
    report->n_songs = report->n_versions = 0;
    report->songs = silbe_alloc(report->n_items, sizeof *report->songs, "songs", err);
    report->versions = silbe_alloc(report->n_items, sizeof *report->versions, "versions", err);
    silbe_report_pool(report, NULL, NULL, &report->pooled, err);
    for (size_t i = 0; i < report->n_items && !silbe_failed(err); i++) {
        report_item *item = &report->items[i];
        note_group(report->songs, &report->n_songs, item->work);
        note_group(report->versions, &report->n_versions, item->version);
        silbe_report_pool(report, item->work, item->version, &item->figures, err);
    }
    for (size_t g = 0; g < report->n_songs; g++) {
        report_group *song = &report->songs[g];
        silbe_report_pool(report, song->name, NULL, &song->figures, err);
    }
    for (size_t g = 0; g < report->n_versions; g++) {
        report_group *version = &report->versions[g];
        silbe_report_pool(report, NULL, version->name, &version->figures, err);
    }
    silbe_report_mean_over_songs(report, &report->per_song, err);
    return err->status;
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
