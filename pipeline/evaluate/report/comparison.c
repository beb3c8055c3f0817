#include "pipeline/evaluate/report/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/evaluate/report/comparison_internal.h"

const double COMPARISON_EDGES[SILBE_COMPARISON_N_BINS + 1] = {0, 0.5, 0.9, 1};

static silbe_status fail_memory(silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MEMORY, "comparison of modes: out of memory");
}

/* The report's item of the same recording, or NULL. */
static const report_item *find_item(const silbe_report *report, const report_item *item)
{
    for (size_t i = 0; i < report->n_items; i++) {
        if (strcmp(report->items[i].work, item->work) == 0 &&
            strcmp(report->items[i].version, item->version) == 0) {
            return &report->items[i];
        }
    }
    return NULL;
}

/* Whether every report that has items has this one; lacks[m] says which does not. */
static bool is_in_all(const silbe_comparison *c, const report_item *item, bool *lacks)
{
    bool in_all = true;
    for (size_t m = 0; m < c->n_reports; m++) {
        lacks[m] = c->reports[m]->n_items > 0 && find_item(c->reports[m], item) == NULL;
        in_all = in_all && !lacks[m];
    }
    return in_all;
}

static bool is_listed(const silbe_comparison *c, const report_item *item)
{
    for (size_t i = 0; i < c->n_left_out; i++) {
        if (strcmp(c->left_out[i].item->work, item->work) == 0 &&
            strcmp(c->left_out[i].item->version, item->version) == 0) {
            return true;
        }
    }
    return false;
}

static silbe_status check_same(const report_item *item, const report_item *other, silbe_err *err)
{
    size_t w = 0;
    while (w < item->n_words && w < other->n_words &&
           item->reference_s[w] == other->reference_s[w]) {
        w++;
    }
    if (w < item->n_words || w < other->n_words) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s %s: %zu reference words in one mode, %zu in another, or at other "
                          "times; align again in all modes",
                          item->work, item->version, item->n_words, other->n_words);
    }
    return SILBE_OK;
}

/* Decides for every item of every report whether it takes part. */
static silbe_status select_items(silbe_comparison *c, silbe_err *err)
{
    size_t n_all = 1;
    for (size_t m = 0; m < c->n_reports; m++) {
        n_all += c->reports[m]->n_items;
    }
    c->left_out = calloc(n_all, sizeof *c->left_out);
    if (c->left_out == NULL) {
        return fail_memory(err);
    }
    for (size_t m = 0; m < c->n_reports; m++) {
        const silbe_report *report = c->reports[m];
        c->is_compared[m] = calloc(report->n_items + 1, sizeof *c->is_compared[m]);
        for (size_t i = 0; i < report->n_items; i++) {
            const report_item *item = &report->items[i];
            bool *lacks = calloc(c->n_reports, sizeof *lacks);
            if (lacks == NULL || c->is_compared[m] == NULL) {
                free(lacks);
                return fail_memory(err);
            }
            c->is_compared[m][i] = is_in_all(c, item, lacks);
            if (!c->is_compared[m][i] && !is_listed(c, item)) {
                c->left_out[c->n_left_out++] = (comparison_left_out){item, lacks};
                continue;
            }
            free(lacks);
            const report_item *first = find_item(c->reports[c->first], item);
            silbe_status status = c->is_compared[m][i] ? check_same(first, item, err) : SILBE_OK;
            if (status != SILBE_OK) {
                return status;
            }
        }
    }
    return SILBE_OK;
}

/* The words of bin b in report m; difference_s has room for all words. */
static silbe_status measure_bin(silbe_comparison *c, size_t m, size_t b, double *difference_s,
                                silbe_err *err)
{
    const silbe_report *first = c->reports[c->first];
    bool is_last = b + 1 == SILBE_COMPARISON_N_BINS;
    size_t n = 0;
    for (size_t i = 0; i < first->n_items; i++) {
        const report_item *judge = &first->items[i];
        if (!c->is_compared[c->first][i] || judge->confidence == NULL) {
            continue;
        }
        const report_item *item = find_item(c->reports[m], judge);
        for (size_t w = 0; w < judge->n_words; w++) {
            double confidence = judge->confidence[w];
            if (confidence >= COMPARISON_EDGES[b] &&
                (is_last || confidence < COMPARISON_EDGES[b + 1])) {
                difference_s[n++] = item->difference_s[w];
            }
        }
    }
    return n > 0 ? silbe_onset_metrics_pooled(difference_s, n, &c->bins[b][m], err) : SILBE_OK;
}

static silbe_status measure(silbe_comparison *c, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t m = 0; m < c->n_reports && status == SILBE_OK; m++) {
        status = silbe_report_pool_selected(c->reports[m], c->is_compared[m], &c->figures[m], err);
    }
    size_t n_words = status == SILBE_OK ? silbe_comparison_n_words(c) : 0;
    double *difference_s = malloc((n_words + 1) * sizeof *difference_s);
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS && difference_s != NULL; b++) {
        for (size_t m = 0; m < c->n_reports && status == SILBE_OK; m++) {
            c->bins[b][m] = silbe_onset_metrics_none();
            if (c->first < c->n_reports && c->reports[m]->n_items > 0) {
                status = measure_bin(c, m, b, difference_s, err);
            }
        }
    }
    if (difference_s == NULL && status == SILBE_OK) {
        status = fail_memory(err);
    }
    free(difference_s);
    return status;
}

silbe_status silbe_comparison_new(const silbe_report *const *reports, size_t n_reports,
                                  silbe_comparison **comparison, silbe_err *err)
{
    *comparison = NULL;
    if (n_reports == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "there are no modes to compare");
    }
    silbe_comparison *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return fail_memory(err);
    }
    c->reports = reports;
    c->n_reports = n_reports;
    while (c->first < n_reports && reports[c->first]->n_items == 0) {
        c->first++;
    }
    c->figures = calloc(n_reports, sizeof *c->figures);
    c->is_compared = calloc(n_reports, sizeof *c->is_compared);
    bool has_memory = c->figures != NULL && c->is_compared != NULL;
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        c->bins[b] = calloc(n_reports, sizeof *c->bins[b]);
        has_memory = has_memory && c->bins[b] != NULL;
    }
    silbe_status status = has_memory ? select_items(c, err) : fail_memory(err);
    if (status == SILBE_OK) {
        status = measure(c, err);
    }
    if (status != SILBE_OK) {
        silbe_comparison_free(c);
        return status;
    }
    *comparison = c;
    return SILBE_OK;
}

void silbe_comparison_free(silbe_comparison *comparison)
{
    if (comparison == NULL) {
        return;
    }
    for (size_t m = 0; comparison->is_compared != NULL && m < comparison->n_reports; m++) {
        free(comparison->is_compared[m]);
    }
    for (size_t i = 0; i < comparison->n_left_out; i++) {
        free(comparison->left_out[i].lacks);
    }
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        free(comparison->bins[b]);
    }
    free(comparison->left_out);
    free(comparison->is_compared);
    free(comparison->figures);
    free(comparison);
}

const silbe_report_figures *silbe_comparison_mode(const silbe_comparison *comparison, size_t m)
{
    return comparison->reports[m]->n_items > 0 ? &comparison->figures[m] : NULL;
}

size_t silbe_comparison_n_items(const silbe_comparison *comparison)
{
    return comparison->first < comparison->n_reports
               ? comparison->figures[comparison->first].n_items
               : 0;
}

size_t silbe_comparison_n_words(const silbe_comparison *comparison)
{
    return comparison->first < comparison->n_reports
               ? comparison->figures[comparison->first].words.n
               : 0;
}

size_t silbe_comparison_n_left_out(const silbe_comparison *comparison)
{
    return comparison->n_left_out;
}
