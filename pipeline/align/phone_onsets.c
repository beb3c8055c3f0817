#include "pipeline/align/phone_onsets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "align/lyrics/phones.h"
#include "align/metrics.h"
#include "features/base/atomic_file.h"
#include "features/base/compare.h"
#include "features/base/memory.h"
#include "pipeline/output/output.h"

/* Differences start - sounding start of one phone. */
typedef struct {
    double *values_s;
    size_t n;
    size_t capacity;
} sample;

static void add_value(sample *to, double value_s, silbe_err *err)
{
    to->values_s =
        silbe_grow(to->values_s, to->n, &to->capacity, sizeof *to->values_s, "words", err);
    if (!silbe_failed(err)) {
        to->values_s[to->n++] = value_s;
    }
}

static void add_words(const silbe_words *words, sample *samples, silbe_err *err)
{
    size_t next_word = 0;
    for (size_t i = 0; i < words->n_phones && !silbe_failed(err); i++) {
        const silbe_timed_phone *phone = &words->phones[i];
        size_t k = silbe_phone_find(phone->symbol, strlen(phone->symbol));
        if (phone->word >= next_word && k < SILBE_N_PHONES && words->sounding_start_s != NULL) {
            add_value(&samples[k],
                      words->times.words[phone->word].start_s -
                          words->sounding_start_s[phone->word],
                      err);
        }
        next_word = phone->word >= next_word ? phone->word + 1 : next_word;
    }
}

/* The words of an item, if they are there. */
static void read_item(const silbe_align_context *context, const silbe_item *item, sample *samples,
                      silbe_err *err)
{
    char *path = silbe_chain_path(context->config, SILBE_FILE_WORDS, context->mode, item, err);
    silbe_words words = SILBE_WORDS_INIT;
    if (path != NULL && access(path, F_OK) == 0) {
        silbe_try(err, silbe_output_read_json(path, &words, err));
        add_words(&words, samples, err);
        silbe_words_free(&words);
    }
    free(path);
}

static void write_table(const char *path, sample *samples, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    const char *separator = "\n";
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return;
    }
    (void)fputs("{\n  \"format\": \"silbe-phone-onsets\",\n  \"version\": 1,\n  \"phones\": [",
                file.stream);
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        sample *at = &samples[k];
        const silbe_phone_info *phone = silbe_phone_get(k);
        double sum_s = 0;
        for (size_t i = 0; i < at->n; i++) {
            sum_s += at->values_s[i];
        }
        if (at->n > 0) {
            qsort(at->values_s, at->n, sizeof *at->values_s, silbe_compare_doubles);
            (void)fprintf(file.stream,
                          "%s    {\"phone\": \"%s\", \"ipa\": \"%s\", \"n\": %zu, "
                          "\"mean_s\": %.4f, \"median_s\": %.4f}",
                          separator, phone->symbol, phone->ipa, at->n, sum_s / (double)at->n,
                          silbe_quantile(at->values_s, at->n, 0.5));
            separator = ",\n";
        }
    }
    (void)fputs("\n  ]\n}\n", file.stream);
    silbe_try(err, silbe_atomic_commit(&file, err));
}

silbe_status silbe_phone_onsets_write(const silbe_align_context *context, silbe_err *err)
{
    silbe_err own;
    sample samples[SILBE_N_PHONES] = {0};
    err = silbe_err_begin(err, &own);
    char *path =
        silbe_chain_path(context->config, SILBE_FILE_PHONE_ONSETS, context->mode, NULL, err);
    for (size_t i = 0; i < context->dataset->n_items && !silbe_failed(err); i++) {
        read_item(context, &context->dataset->items[i], samples, err);
    }
    write_table(path, samples, err);
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        free(samples[k].values_s);
    }
    free(path);
    return err->status;
}
