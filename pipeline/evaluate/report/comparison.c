#include "pipeline/evaluate/report/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/evaluate/report/comparison_internal.h"

const double COMPARISON_EDGES[SILBE_COMPARISON_N_BINS + 1] = {0, 0.5, 0.9, 1};

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

/* Whether an item takes part; if not, it is listed once. */
static bool select_item(silbe_comparison *c, const report_item *item, silbe_err *err)
{
    bool *lacks = silbe_alloc(c->n_reports, sizeof *lacks, "modes", err);
    if (lacks == NULL) {
        return false;
    }
    bool is_compared = is_in_all(c, item, lacks);
    if (is_compared) {
        silbe_try(err, check_same(find_item(c->reports[c->first], item), item, err));
    } else if (!is_listed(c, item)) {
        c->left_out[c->n_left_out++] = (comparison_left_out){item, lacks};
        return false;
    }
    free(lacks);
    return is_compared;
}

/* Decides for every item of every report whether it takes part. */
static void select_items(silbe_comparison *c, silbe_err *err)
{
    size_t n_all = 0;
    for (size_t m = 0; m < c->n_reports; m++) {
        n_all += c->reports[m]->n_items;
    }
    c->left_out = silbe_alloc(n_all, sizeof *c->left_out, "items", err);
    for (size_t m = 0; m < c->n_reports && !silbe_failed(err); m++) {
        const silbe_report *report = c->reports[m];
        c->is_compared[m] = silbe_alloc(report->n_items, sizeof *c->is_compared[m], "items", err);
        for (size_t i = 0; i < report->n_items && !silbe_failed(err); i++) {
            c->is_compared[m][i] = select_item(c, &report->items[i], err);
        }
    }
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

static void measure(silbe_comparison *c, silbe_err *err)
{
    for (size_t m = 0; m < c->n_reports && !silbe_failed(err); m++) {
        silbe_report_pool_selected(c->reports[m], c->is_compared[m], &c->figures[m], err);
    }
    size_t n_words = silbe_failed(err) ? 0 : silbe_comparison_n_words(c);
    double *difference_s = silbe_alloc(n_words, sizeof *difference_s, "words", err);
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        for (size_t m = 0; m < c->n_reports && !silbe_failed(err); m++) {
            c->bins[b][m] = silbe_onset_metrics_none();
            if (c->first < c->n_reports && c->reports[m]->n_items > 0) {
                silbe_try(err, measure_bin(c, m, b, difference_s, err));
            }
        }
    }
    free(difference_s);
}

silbe_status silbe_comparison_new(const silbe_report *const *reports, size_t n_reports,
                                  silbe_comparison **comparison, silbe_err *err)
{
    *comparison = NULL;
    if (n_reports == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "there are no modes to compare");
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_comparison *c = silbe_alloc(1, sizeof *c, "comparison", err);
    if (c == NULL) {
        return err->status;
    }
    c->reports = reports;
    c->n_reports = n_reports;
    while (c->first < n_reports && reports[c->first]->n_items == 0) {
        c->first++;
    }
    c->figures = silbe_alloc(n_reports, sizeof *c->figures, "modes", err);
    c->is_compared = silbe_alloc(n_reports, sizeof *c->is_compared, "modes", err);
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        c->bins[b] = silbe_alloc(n_reports, sizeof *c->bins[b], "modes", err);
    }
    select_items(c, err);
    measure(c, err);
    if (silbe_failed(err)) {
        silbe_comparison_free(c);
        return err->status;
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
