#include "pipeline/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/word_pairing.h"
#include "features/base/memory.h"
#include "pipeline/compare/word_list.h"

/* A file while it is compared. */
typedef struct {
    silbe_time_list times;
    silbe_word_list words; /* sorted by group, then time */
    size_t *group;         /* of each voice */
} side;

/* Both files, and which words are the same. */
typedef struct {
    side estimate;
    side reference;
    size_t *partner;   /* of each word of the reference: one of the estimate's, or SILBE_UNPAIRED */
    bool *has_partner; /* of each word of the estimate */
} pairing;

/* A word that both files have the start of. */
typedef struct {
    double reference_s, estimate_s, confidence;
} timed_pair;

static void free_side(side *of)
{
    silbe_time_list_free(&of->times);
    silbe_word_list_free(&of->words);
    free(of->group);
}

static void free_file(silbe_compared_file *file)
{
    for (size_t i = 0; i < file->n_listed; i++) {
        free(file->listed[i].text);
    }
    free(file->path);
}

void silbe_file_comparison_free(silbe_file_comparison *comparison)
{
    free_file(&comparison->estimate);
    free_file(&comparison->reference);
    *comparison = (silbe_file_comparison)SILBE_FILE_COMPARISON_INIT;
}

static void read_side(const char *path, side *into, silbe_compared_file *file, silbe_err *err)
{
    file->path = silbe_copy_text(path, err);
    silbe_try(err, silbe_time_list_read(path, &into->times, err));
    if (!silbe_failed(err)) {
        silbe_word_list_new(&into->times, &into->words, err);
        into->group = silbe_alloc(into->times.n_voices, sizeof *into->group, "voices", err);
    }
    if (!silbe_failed(err)) {
        file->level = into->times.level;
        file->n_words = into->words.n_words;
    }
}

/* Voices of the same name, where both files have several, are a group each; a voice that only the
 * estimate has comes behind those of the reference. Else all words are one group, by time. */
static void find_groups(pairing *both)
{
    const silbe_time_list *estimate = &both->estimate.times, *reference = &both->reference.times;
    if (estimate->n_voices < 2 || reference->n_voices < 2) {
        return;
    }
    for (size_t v = 0; v < reference->n_voices; v++) {
        both->reference.group[v] = v;
    }
    for (size_t v = 0; v < estimate->n_voices; v++) {
        size_t g = 0;
        while (g < reference->n_voices && strcmp(reference->voices[g], estimate->voices[v]) != 0) {
            g++;
        }
        both->estimate.group[v] = g;
    }
}

/* By time, then in the order of the file. */
static int compare_words(const void *left, const void *right)
{
    const silbe_listed_word *a = left, *b = right;
    if (a->voice != b->voice) {
        return a->voice < b->voice ? -1 : 1;
    }
    if (a->reached_s != b->reached_s) {
        return a->reached_s < b->reached_s ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* voice becomes the group. */
static void sort_side(side *of)
{
    for (size_t w = 0; w < of->words.n_words; w++) {
        of->words.words[w].voice = of->group[of->words.words[w].voice];
    }
    qsort(of->words.words, of->words.n_words, sizeof *of->words.words, compare_words);
}

/* The texts of the words, in order; allocated. */
static const char **texts_of(const side *of, silbe_err *err)
{
    const char **texts = silbe_alloc(of->words.n_words, sizeof *texts, "words", err);
    for (size_t w = 0; texts != NULL && w < of->words.n_words; w++) {
        texts[w] = of->words.words[w].text;
    }
    return texts;
}

/* Behind the words of the group that begin at first. */
static size_t end_of_group(const side *of, size_t first, size_t group)
{
    while (first < of->words.n_words && of->words.words[first].voice <= group) {
        first++;
    }
    return first;
}

/* Pairs group by group. */
static void pair(pairing *both, silbe_err *err)
{
    const char **reference = texts_of(&both->reference, err);
    const char **estimate = texts_of(&both->estimate, err);
    size_t n_reference = both->reference.words.n_words, r = 0, e = 0;
    both->partner = silbe_alloc(n_reference, sizeof *both->partner, "words", err);
    both->has_partner =
        silbe_alloc(both->estimate.words.n_words, sizeof *both->has_partner, "words", err);
    while (r < n_reference && !silbe_failed(err)) {
        size_t group = both->reference.words.words[r].voice;
        size_t end = end_of_group(&both->reference, r, group);
        size_t end_e = end_of_group(&both->estimate, e, group);
        silbe_try(err, silbe_pair_words(reference + r, end - r, estimate + e, end_e - e,
                                        both->partner + r, err));
        for (; r < end && !silbe_failed(err); r++) {
            if (both->partner[r] != SILBE_UNPAIRED) {
                both->partner[r] += e;
                both->has_partner[both->partner[r]] = true;
            }
        }
        e = end_e;
    }
    free(reference);
    free(estimate);
}

static void list_unpaired(silbe_compared_file *file, const silbe_listed_word *word, silbe_err *err)
{
    if (file->n_unpaired++ < SILBE_COMPARE_N_LISTED && !silbe_failed(err)) {
        silbe_unpaired_word *listed = &file->listed[file->n_listed++];
        *listed = (silbe_unpaired_word){silbe_copy_text(word->text, err), word->start_s};
    }
}

static void count_pairs(const pairing *both, silbe_file_comparison *into, silbe_err *err)
{
    for (size_t r = 0; r < both->reference.words.n_words; r++) {
        if (both->partner[r] == SILBE_UNPAIRED) {
            list_unpaired(&into->reference, &both->reference.words.words[r], err);
        } else {
            into->n_paired++;
        }
    }
    for (size_t e = 0; e < both->estimate.words.n_words; e++) {
        if (!both->has_partner[e]) {
            list_unpaired(&into->estimate, &both->estimate.words.words[e], err);
        }
    }
    if (4 * into->n_paired < into->estimate.n_words + into->reference.n_words) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MISMATCH,
                                  "%.300s and %.300s are of different texts: only %zu of the %zu "
                                  "and %zu words have a partner; give two files of the same song",
                                  into->estimate.path, into->reference.path, into->n_paired,
                                  into->estimate.n_words, into->reference.n_words));
    }
}

static int compare_pairs(const void *left, const void *right)
{
    const timed_pair *a = left, *b = right;
    if (a->reference_s != b->reference_s) {
        return a->reference_s < b->reference_s ? -1 : 1;
    }
    return (a->estimate_s > b->estimate_s) - (a->estimate_s < b->estimate_s);
}

/* The pairs whose starts are known, in the order of the reference; allocated. */
static timed_pair *timed_pairs(const pairing *both, size_t *n_pairs, silbe_err *err)
{
    size_t n = both->reference.words.n_words;
    timed_pair *pairs = silbe_alloc(n, sizeof *pairs, "words", err);
    for (size_t r = 0; pairs != NULL && r < n; r++) {
        if (both->partner[r] != SILBE_UNPAIRED) {
            const silbe_listed_word *word = &both->estimate.words.words[both->partner[r]];
            double reference_s = both->reference.words.words[r].start_s;
            if (!isnan(reference_s) && !isnan(word->start_s)) {
                pairs[(*n_pairs)++] = (timed_pair){reference_s, word->start_s, word->confidence};
            }
        }
    }
    if (*n_pairs > 0) {
        qsort(pairs, *n_pairs, sizeof *pairs, compare_pairs);
    }
    return pairs;
}

/* The report's figures of the two files as its one item. */
static void measure(const silbe_item_result *result, silbe_report_figures *figures, silbe_err *err)
{
    const silbe_report_facts facts = {.dataset = "files", .mode = "files"};
    silbe_report *report = NULL;
    silbe_try(err, silbe_report_new(&facts, &report, err));
    silbe_try(err, silbe_report_add_item(report, result, err));
    silbe_try(err, silbe_report_finish(report, err));
    if (!silbe_failed(err)) {
        *figures = *silbe_report_pooled(report);
    }
    silbe_report_free(report);
}

static void measure_pairs(const timed_pair *pairs, size_t n, silbe_report_figures *figures,
                          silbe_err *err)
{
    double *columns = silbe_alloc(3 * n, sizeof *columns, "words", err);
    double sum = 0.0, length_s = 1.0;
    silbe_item_result result = {.work = "",
                                .version = "",
                                .wall_s = NAN,
                                .n_placed = n,
                                .n_words = n,
                                .reference_s = columns,
                                .estimate_s = columns + n,
                                .confidence = columns + 2 * n};
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        columns[i] = pairs[i].reference_s;
        columns[n + i] = pairs[i].estimate_s;
        columns[2 * n + i] = pairs[i].confidence;
        length_s = fmax(length_s, fmax(pairs[i].reference_s, pairs[i].estimate_s));
        sum += pairs[i].confidence;
        result.n_unsure += pairs[i].confidence < 0.5;
    }
    result.audio_s = length_s;
    result.mean_confidence = sum / (double)n;
    result.confidence = isnan(sum) ? NULL : result.confidence;
    measure(&result, figures, err);
    free(columns);
}

silbe_status silbe_compare_files(const char *estimate, const char *reference,
                                 silbe_file_comparison *comparison, silbe_err *err)
{
    silbe_err own;
    pairing both = {.partner = NULL};
    size_t n_pairs = 0;
    timed_pair *pairs = NULL;
    err = silbe_err_begin(err, &own);
    *comparison = (silbe_file_comparison)SILBE_FILE_COMPARISON_INIT;
    read_side(estimate, &both.estimate, &comparison->estimate, err);
    read_side(reference, &both.reference, &comparison->reference, err);
    if (!silbe_failed(err)) {
        find_groups(&both);
        sort_side(&both.estimate);
        sort_side(&both.reference);
        pair(&both, err);
    }
    if (!silbe_failed(err)) {
        count_pairs(&both, comparison, err);
        pairs = timed_pairs(&both, &n_pairs, err);
    }
    if (!silbe_failed(err) && n_pairs == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%.300s and %.300s have no start of a word in common",
                         estimate, reference);
    }
    if (!silbe_failed(err)) {
        bool has_lines = comparison->estimate.level == SILBE_LEVEL_LINES ||
                         comparison->reference.level == SILBE_LEVEL_LINES;
        comparison->level = has_lines ? SILBE_LEVEL_LINES : SILBE_LEVEL_WORDS;
        measure_pairs(pairs, n_pairs, &comparison->figures, err);
    }
    free(pairs);
    free(both.partner);
    free(both.has_partner);
    free_side(&both.estimate);
    free_side(&both.reference);
    return err->status;
}
