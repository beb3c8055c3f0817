/* One item of the report: checked, copied, measured. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/evaluate/report/report_internal.h"

char *silbe_report_copy_text(const char *text, bool *ok)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    *ok = *ok && (copy != NULL || text == NULL);
    return copy;
}

/* Copy of n values of value_size; NULL for NULL or n == 0. */
static void *copy_array(const void *values, size_t n, size_t value_size, bool *ok)
{
    if (values == NULL || n == 0) {
        return NULL;
    }
    void *copy = n <= SIZE_MAX / value_size ? malloc(n * value_size) : NULL;
    if (copy != NULL) {
        memcpy(copy, values, n * value_size);
    }
    *ok = *ok && copy != NULL;
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

/* Copies result into the zeroed *item; false if memory is short. */
static bool copy_item(const silbe_item_result *result, report_item *item)
{
    bool ok = true;
    size_t n = result->n_words;
    item->work = silbe_report_copy_text(result->work, &ok);
    item->version = silbe_report_copy_text(result->version, &ok);
    item->reference_s = copy_array(result->reference_s, n, sizeof(double), &ok);
    item->estimate_s = copy_array(result->estimate_s, n, sizeof(double), &ok);
    item->difference_s = copy_array(result->estimate_s, n, sizeof(double), &ok);
    item->confidence = copy_array(result->confidence, n, sizeof(double), &ok);
    item->line_numbers = copy_array(result->line_numbers, n, sizeof(size_t), &ok);
    item->measure_difference_s =
        copy_array(result->measure_estimate_s, result->n_measures, sizeof(double), &ok);
    item->n_words = n;
    item->n_measures = result->n_measures;
    if (result->word_texts != NULL && n > 0) {
        item->word_texts = calloc(n, sizeof *item->word_texts);
        ok = ok && item->word_texts != NULL;
        for (size_t w = 0; ok && w < n; w++) {
            item->word_texts[w] = silbe_report_copy_text(result->word_texts[w], &ok);
        }
    }
    if (ok) {
        for (size_t w = 0; w < n; w++) {
            bool is_missing = result->is_missing != NULL && result->is_missing[w];
            item->estimate_s[w] = is_missing ? NAN : result->estimate_s[w];
            item->difference_s[w] =
                is_missing ? INFINITY : result->estimate_s[w] - result->reference_s[w];
        }
        for (size_t m = 0; m < result->n_measures; m++) {
            item->measure_difference_s[m] -= result->measure_reference_s[m];
        }
    }
    return ok;
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
 * the word before it goes on; n_words, allocated, or NULL. */
static double *shown_times(const silbe_item_result *result)
{
    size_t n = result->n_words;
    double *shown_s = malloc((n + 1) * sizeof *shown_s);
    if (shown_s == NULL) {
        return NULL;
    }
    /* Behind the last word found, nothing is right: the word found goes on to the end. */
    double next_s = n > 0 ? result->reference_s[n - 1] : 0;
    for (size_t w = n; w-- > 0;) {
        bool is_missing = result->is_missing != NULL && result->is_missing[w];
        next_s = is_missing ? next_s : result->estimate_s[w];
        shown_s[w] = next_s;
    }
    return shown_s;
}

/* Everything about one item but the sums over its onsets, which silbe_report_pool makes. */
static silbe_status measure_item(const silbe_item_result *result, const double *shown_s,
                                 report_item *item, silbe_err *err)
{
    silbe_onset_metrics checked;
    silbe_status status = check_times(result, err);
    if (status == SILBE_OK && result->n_words > 0) {
        status =
            silbe_onset_metrics_run(result->reference_s, shown_s, result->n_words, &checked, err);
    }
    if (status == SILBE_OK && result->n_measures > 0) {
        status = silbe_onset_metrics_run(result->measure_reference_s, result->measure_estimate_s,
                                         result->n_measures, &checked, err);
        if (status != SILBE_OK) {
            status = silbe_fail_prefix(err, status, "measure positions");
        }
    }
    if (status == SILBE_OK && result->n_words >= 2 &&
        result->reference_s[result->n_words - 1] > result->reference_s[0]) {
        status = silbe_correct_segments(result->reference_s, shown_s, result->n_words, 0,
                                        &item->segments_overlap_s, &item->segments_total_s, err);
    }
    item->figures.n_placed = result->n_placed;
    item->figures.n_unmatched = result->n_unmatched;
    item->figures.mean_confidence = result->mean_confidence;
    item->figures.n_unsure = result->n_unsure;
    item->figures.audio_s = result->audio_s;
    item->figures.wall_s = result->wall_s;
    return status;
}

static silbe_status prefix_item(silbe_err *err, silbe_status status, const char *work,
                                const char *version)
{
    char name[256];
    (void)snprintf(name, sizeof name, "%s %s", work, version);
    return silbe_fail_prefix(err, status, name);
}

silbe_status silbe_report_item_new(const silbe_item_result *result, report_item *item,
                                   silbe_err *err)
{
    double *shown_s = shown_times(result);
    if (shown_s == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "report: out of memory");
    }
    silbe_status status = measure_item(result, shown_s, item, err);
    free(shown_s);
    if (status != SILBE_OK) {
        return prefix_item(err, status, result->work, result->version);
    }
    if (!copy_item(result, item)) {
        silbe_report_item_free(item);
        return silbe_fail(err, SILBE_ERR_MEMORY, "report: out of memory");
    }
    return SILBE_OK;
}
