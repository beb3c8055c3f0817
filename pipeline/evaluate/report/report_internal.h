/* The report's inside, shared by its writers. */
#ifndef SILBE_REPORT_INTERNAL_H
#define SILBE_REPORT_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>

#include "pipeline/evaluate/report/figures_json.h"
#include "pipeline/evaluate/report/report.h"

/* Index into silbe_report.facts. */
enum {
    FACT_DATASET,
    FACT_MODE,
    FACT_PROGRAM_VERSION,
    FACT_SETTINGS_DIGEST,
    FACT_COMMAND,
    FACT_REFERENCE_NOTE,
    N_FACTS
};

typedef struct {
    char *work;
    char *version;
    size_t n_words;
    double *reference_s;
    double *estimate_s;
    double *difference_s; /* INFINITY for a word without time; its estimate_s is NAN */
    double *confidence;   /* NULL if there is none */
    char **word_texts;    /* NULL if unknown */
    size_t *line_numbers; /* NULL if unknown */
    size_t n_measures;
    double *measure_difference_s;
    double segments_overlap_s;
    double segments_total_s; /* 0 if the item has no segments */
    silbe_report_figures figures;
} report_item;

/* A row of phone_onsets.json. */
typedef struct {
    char *phone;
    size_t n;
    double mean_s;
    double median_s;
} report_phone;

typedef struct {
    char *work;
    char *version;
    char *stage;
    char *reason;
} report_failure;

typedef struct {
    char *work;
    char *version;
    double time_s;
    char *text;
} report_note;

/* Items that share a work or a version. */
typedef struct {
    const char *name; /* borrowed from the first such item */
    silbe_report_figures figures;
} report_group;

struct silbe_report {
    char *facts[N_FACTS];
    report_item *items;
    size_t n_items;
    report_failure *failures;
    size_t n_failures;
    report_note *notes;
    size_t n_notes;
    report_phone *phones;
    size_t n_phones;
    report_group *songs; /* in order of first appearance, after silbe_report_finish */
    size_t n_songs;
    report_group *versions;
    size_t n_versions;
    silbe_report_figures pooled;
    silbe_report_figures per_song;
};

/* Place of a word with a large error. */
typedef struct {
    size_t item;
    size_t word;
} report_place;

/* Those that take err and return nothing are steps (features/base/status.h). */

/* Fills *item; after a failure it is empty. */
void silbe_report_item_new(const silbe_item_result *result, report_item *item, silbe_err *err);
void silbe_report_item_free(report_item *item);

/* Writes document, which it frees, unless failed. */
SILBE_MUST_CHECK silbe_status silbe_report_save_json(json_t *document, int failed, const char *path,
                                                     silbe_err *err);

/* The n_places <= capacity words with the largest |difference|, largest first; ties in order of
 * items, then of words. Words without time are left out. */
size_t silbe_report_largest(const silbe_report *report, report_place *places, size_t capacity);

/* Pools the items i with is_selected[i], n_items of them, into *figures. */
void silbe_report_pool_selected(const silbe_report *report, const bool *is_selected,
                                silbe_report_figures *figures, silbe_err *err);

/* Pools the items of a work and version (NULL = any) into *figures. */
void silbe_report_pool(const silbe_report *report, const char *work, const char *version,
                       silbe_report_figures *figures, silbe_err *err);

/* Mean of the songs' figures, each figure over the songs that have it; counts and times are sums.
 */
void silbe_report_mean_over_songs(const silbe_report *report, silbe_report_figures *figures,
                                  silbe_err *err);

#endif
