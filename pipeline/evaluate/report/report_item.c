/* One item of the report: checked, copied, measured. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/evaluate/report/report_internal.h"

/* Copy of n values of value_size; NULL for NULL or n == 0. */
static void *copy_array(const void *values, size_t n, size_t value_size, silbe_err *err)
{
    void *copy = values != NULL && n > 0 ? silbe_alloc(n, value_size, "values", err) : NULL;
    if (copy != NULL) {
        memcpy(copy, values, n * value_size);
    }
    return copy;
}

void silbe_report_item_free(report_item *item)
{
    for (size_t w = 0; item->word_texts != NULL && w < item->n_words; w++) {
        free(item->word_texts[w]);
    }
    free(item->work);
    free(item->version);
    free(item->reference_s);
    free(item->estimate_s);
    free(item->difference_s);
    free(item->confidence);
    free(item->word_texts);
    free(item->line_numbers);
    free(item->measure_difference_s);
    *item = (report_item){0};
}

static void copy_words(const silbe_item_result *result, report_item *item, silbe_err *err)
{
    item->word_texts = silbe_alloc(result->n_words, sizeof *item->word_texts, "words", err);
    for (size_t w = 0; w < result->n_words && !silbe_failed(err); w++) {
        item->word_texts[w] = silbe_copy_text(result->word_texts[w], err);
    }
}

/* Copies result into *item, which keeps its figures. */
static void copy_item(const silbe_item_result *result, report_item *item, silbe_err *err)
{
    size_t n = result->n_words;
    item->work = silbe_copy_text(result->work, err);
    item->version = silbe_copy_text(result->version, err);
    item->reference_s = copy_array(result->reference_s, n, sizeof(double), err);
    item->estimate_s = copy_array(result->estimate_s, n, sizeof(double), err);
    item->difference_s = copy_array(result->estimate_s, n, sizeof(double), err);
    item->confidence = copy_array(result->confidence, n, sizeof(double), err);
    item->line_numbers = copy_array(result->line_numbers, n, sizeof(size_t), err);
    item->measure_difference_s =
        copy_array(result->measure_estimate_s, result->n_measures, sizeof(double), err);
    item->n_words = n;
    item->n_measures = result->n_measures;
    if (result->word_texts != NULL && n > 0) {
        copy_words(result, item, err);
    }
    for (size_t w = 0; w < n && !silbe_failed(err); w++) {
        bool is_missing = result->is_missing != NULL && result->is_missing[w];
        item->estimate_s[w] = is_missing ? NAN : result->estimate_s[w];
        item->difference_s[w] =
            is_missing ? INFINITY : result->estimate_s[w] - result->reference_s[w];
    }
    for (size_t m = 0; m < result->n_measures && !silbe_failed(err); m++) {
        item->measure_difference_s[m] -= result->measure_reference_s[m];
    }
}

static silbe_status check_times(const silbe_item_result *result, silbe_err *err)
{
    if (!(result->audio_s > 0) || !isfinite(result->audio_s)) {
        return silbe_fail(err, SILBE_ERR_DATA, "audio_s should be > 0, got %g", result->audio_s);
    }
    for (size_t w = 0; result->confidence != NULL && w < result->n_words; w++) {
        if (!(result->confidence[w] >= 0 && result->confidence[w] <= 1)) {
            return silbe_fail(err, SILBE_ERR_DATA, "confidence of word %zu should be 0..1, got %g",
                              w + 1, result->confidence[w]);
        }
    }
    return SILBE_OK;
}

/* estimate_s, where a word without time begins with the one after it, so that it lasts no time and
 * the word before it goes on; n_words, allocated, or NULL after a failure. */
static double *shown_times(const silbe_item_result *result, silbe_err *err)
{
    size_t n = result->n_words;
    double *shown_s = silbe_alloc(n, sizeof *shown_s, "words", err);
    /* Behind the last word found, nothing is right: the word found goes on to the end. */
    double next_s = n > 0 ? result->reference_s[n - 1] : 0;
    for (size_t w = n; w-- > 0 && shown_s != NULL;) {
        bool is_missing = result->is_missing != NULL && result->is_missing[w];
        next_s = is_missing ? next_s : result->estimate_s[w];
        shown_s[w] = next_s;
    }
    return shown_s;
}

/* Everything about one item but the sums over its onsets, which silbe_report_pool makes. */
static void measure_item(const silbe_item_result *result, report_item *item, silbe_err *err)
{
    silbe_onset_metrics checked;
    double *shown_s = shown_times(result, err);
    size_t n = result->n_words;
    silbe_try(err, check_times(result, err));
    if (n > 0) {
        silbe_try(err, silbe_onset_metrics_run(result->reference_s, shown_s, n, &checked, err));
    }
    if (result->n_measures > 0 && !silbe_failed(err) &&
        silbe_onset_metrics_run(result->measure_reference_s, result->measure_estimate_s,
                                result->n_measures, &checked, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, "measure positions");
    }
    if (n >= 2 && result->reference_s[n - 1] > result->reference_s[0]) {
        silbe_try(err,
                  silbe_correct_segments(result->reference_s, shown_s, n, 0,
                                         &item->segments_overlap_s, &item->segments_total_s, err));
    }
    item->figures.n_placed = result->n_placed;
    item->figures.n_unmatched = result->n_unmatched;
    item->figures.mean_confidence = result->mean_confidence;
    item->figures.n_unsure = result->n_unsure;
    item->figures.audio_s = result->audio_s;
    item->figures.wall_s = result->wall_s;
    free(shown_s);
}

void silbe_report_item_new(const silbe_item_result *result, report_item *item, silbe_err *err)
{
    *item = (report_item){0};
    measure_item(result, item, err);
    if (silbe_failed(err)) {
        char name[256];
        (void)snprintf(name, sizeof name, "%s %s", result->work, result->version);
        (void)silbe_fail_prefix(err, err->status, name);
    }
    copy_item(result, item, err);
    if (silbe_failed(err)) {
        silbe_report_item_free(item);
    }
}
