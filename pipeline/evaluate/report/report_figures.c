/* Figures of groups of items. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/evaluate/report/report_internal.h"

/* What is gathered from the items of a group. */
typedef struct {
    double *difference_s; /* of all words */
    size_t n;
    double *judged_s; /* of the words that have a confidence */
    double *confidence;
    size_t n_judged;
    double *measure_s;
    size_t n_measures;
    double overlap_s;
    double total_s;
    size_t n_confident; /* words that mean_confidence is over */
} pool;

static void append(double *values, size_t *n, const double *more, size_t n_more)
{
    if (n_more > 0) {
        memcpy(values + *n, more, n_more * sizeof *values);
        *n += n_more;
    }
}

/* All arrays in one block, which begins with difference_s. */
static void new_pool(const silbe_report *report, pool *made, silbe_err *err)
{
    size_t n_words = 0, n_measures = 0;
    for (size_t i = 0; i < report->n_items; i++) {
        n_words += report->items[i].n_words;
        n_measures += report->items[i].n_measures;
    }
    double *values = silbe_alloc(3 * n_words + n_measures, sizeof *values, "figures", err);
    *made = (pool){0};
    if (values != NULL) {
        made->difference_s = values;
        made->judged_s = values + n_words;
        made->confidence = values + 2 * n_words;
        made->measure_s = values + 3 * n_words;
    }
}

static void add_to_pool(const report_item *item, pool *into, silbe_report_figures *figures)
{
    size_t n_judged = into->n_judged;
    append(into->difference_s, &into->n, item->difference_s, item->n_words);
    if (item->confidence != NULL) {
        append(into->judged_s, &n_judged, item->difference_s, item->n_words);
        append(into->confidence, &into->n_judged, item->confidence, item->n_words);
    }
    append(into->measure_s, &into->n_measures, item->measure_difference_s, item->n_measures);
    into->overlap_s += item->segments_overlap_s;
    into->total_s += item->segments_total_s;
    figures->n_items++;
    figures->n_placed += item->figures.n_placed;
    if (item->figures.n_placed > 0 && !isnan(item->figures.mean_confidence)) {
        double before = isnan(figures->mean_confidence) ? 0 : figures->mean_confidence;
        into->n_confident += item->figures.n_placed;
        figures->mean_confidence = before + (item->figures.mean_confidence - before) *
                                                (double)item->figures.n_placed /
                                                (double)into->n_confident;
    }
    figures->n_unsure += item->figures.n_unsure;
    figures->n_unmatched += item->figures.n_unmatched;
    figures->audio_s += item->figures.audio_s;
    if (!isnan(item->figures.wall_s)) {
        figures->wall_s = (isnan(figures->wall_s) ? 0 : figures->wall_s) + item->figures.wall_s;
    }
}

static void judge_confidences(const pool *all, silbe_report_figures *figures, silbe_err *err)
{
    const double *off_s = all->judged_s, *confidence = all->confidence;
    size_t n = all->n_judged;
    if (n > 0) {
        silbe_try(err, silbe_confidence_auc(off_s, confidence, n, SILBE_REPORT_ERROR_S,
                                            &figures->confidence_auc, err));
        silbe_try(err, silbe_confidence_auc(off_s, confidence, n, SILBE_REPORT_PLAIN_ERROR_S,
                                            &figures->confidence_auc_plain, err));
    }
    silbe_try(err, silbe_confidence_reliability(off_s, confidence, n, SILBE_REPORT_ERROR_S,
                                                &figures->reliability, err));
    silbe_try(err, silbe_confidence_reliability(off_s, confidence, n, SILBE_REPORT_PLAIN_ERROR_S,
                                                &figures->reliability_plain, err));
}

void silbe_report_pool_selected(const silbe_report *report, const bool *is_selected,
                                silbe_report_figures *figures, silbe_err *err)
{
    silbe_report_figures made = {
        .mean_confidence = NAN,
        .wall_s = NAN,
        .words = silbe_onset_metrics_none(),
        .correct_segments = NAN,
        .confidence_auc = NAN,
        .confidence_auc_plain = NAN,
        .measures = silbe_onset_metrics_none(),
    };
    pool all;
    new_pool(report, &all, err);
    for (size_t i = 0; i < report->n_items && !silbe_failed(err); i++) {
        if (is_selected[i]) {
            add_to_pool(&report->items[i], &all, &made);
        }
    }
    if (all.n > 0) {
        silbe_try(err, silbe_onset_metrics_pooled(all.difference_s, all.n, &made.words, err));
    }
    judge_confidences(&all, &made, err);
    if (all.n_measures > 0) {
        silbe_try(err,
                  silbe_onset_metrics_pooled(all.measure_s, all.n_measures, &made.measures, err));
    }
    if (all.total_s > 0) {
        made.correct_segments = all.overlap_s / all.total_s;
    }
    free(all.difference_s);
    *figures = made;
}

void silbe_report_pool(const silbe_report *report, const char *work, const char *version,
                       silbe_report_figures *figures, silbe_err *err)
{
    bool *is_selected = silbe_alloc(report->n_items, sizeof *is_selected, "items", err);
    for (size_t i = 0; i < report->n_items && is_selected != NULL; i++) {
        const report_item *item = &report->items[i];
        is_selected[i] = (work == NULL || strcmp(item->work, work) == 0) &&
                         (version == NULL || strcmp(item->version, version) == 0);
    }
    silbe_report_pool_selected(report, is_selected, figures, err);
    free(is_selected);
}

/* Mean of the values that exist. */
typedef struct {
    double sum;
    size_t n;
} running_mean;

static void add_known(running_mean *mean, double value)
{
    if (!isnan(value)) {
        mean->sum += value;
        mean->n++;
    }
}

static double mean_of(const running_mean *mean)
{
    return mean->n > 0 ? mean->sum / (double)mean->n : NAN;
}

void silbe_report_mean_over_songs(const silbe_report *report, silbe_report_figures *figures,
                                  silbe_err *err)
{
    silbe_onset_metrics *words = silbe_alloc(2 * report->n_songs, sizeof *words, "songs", err);
    silbe_onset_metrics *measures = words + (words != NULL ? report->n_songs : 0);
    if (words == NULL) {
        return;
    }
    running_mean segments = {0, 0};
    running_mean auc = {0, 0};
    running_mean auc_plain = {0, 0};
    for (size_t g = 0; g < report->n_songs; g++) {
        const silbe_report_figures *song = &report->songs[g].figures;
        words[g] = song->words;
        measures[g] = song->measures;
        add_known(&segments, song->correct_segments);
        add_known(&auc, song->confidence_auc);
        add_known(&auc_plain, song->confidence_auc_plain);
    }
    *figures = report->pooled; /* counts and times are the same sums */
    figures->words = silbe_onset_metrics_mean(words, report->n_songs);
    figures->measures = silbe_onset_metrics_mean(measures, report->n_songs);
    figures->correct_segments = mean_of(&segments);
    figures->confidence_auc = mean_of(&auc);
    figures->confidence_auc_plain = mean_of(&auc_plain);
    free(words);
}

size_t silbe_report_largest(const silbe_report *report, report_place *places, size_t capacity)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_items; i++) {
        const report_item *item = &report->items[i];
        for (size_t w = 0; w < item->n_words; w++) {
            if (isinf(item->difference_s[w])) {
                continue;
            }
            double size = fabs(item->difference_s[w]);
            size_t at = n;
            while (at > 0 &&
                   fabs(report->items[places[at - 1].item].difference_s[places[at - 1].word]) <
                       size) {
                at--;
            }
            if (at == capacity) {
                continue;
            }
            n += n < capacity;
            memmove(places + at + 1, places + at, (n - at - 1) * sizeof *places);
            places[at] = (report_place){i, w};
        }
    }
    return n;
}
