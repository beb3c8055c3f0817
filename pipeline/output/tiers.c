#include "pipeline/output/tiers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"

static int64_t clamp(int64_t value, int64_t lowest, int64_t highest)
{
    if (value > highest) {
        value = highest;
    }
    return value < lowest ? lowest : value;
}

static int64_t to_ticks(double time_s, int64_t ticks_per_second)
{
    return (int64_t)llround(time_s * (double)ticks_per_second);
}

/* Least ticks of span i: one for each syllable of a word, else one. words may be NULL. */
static int64_t least_width(const silbe_word *words, size_t i)
{
    return words != NULL ? (int64_t)words[i].n_syllables : 1;
}

/*
 * Places n spans into [begin, end): first the starts from left to right, each leaving room for
 * itself and all that follow, then the ends up to the next start. The sum of the least widths must
 * fit.
 */
static void place(const silbe_span *spans, const silbe_word *words, size_t n, int64_t begin,
                  int64_t end, int64_t ticks_per_second, silbe_tick_span *placed)
{
    int64_t needed = 0;
    for (size_t i = 0; i < n; i++) {
        needed += least_width(words, i);
    }
    int64_t earliest = begin;
    for (size_t i = 0; i < n; i++) {
        placed[i].start =
            clamp(to_ticks(spans[i].start_s, ticks_per_second), earliest, end - needed);
        earliest = placed[i].start + least_width(words, i);
        needed -= least_width(words, i);
    }
    for (size_t i = 0; i < n; i++) {
        int64_t latest = i + 1 < n ? placed[i + 1].start : end;
        placed[i].end = clamp(to_ticks(spans[i].end_s, ticks_per_second),
                              placed[i].start + least_width(words, i), latest);
    }
}

static void place_syllables(const silbe_output_item *item, silbe_output_tiers *tiers)
{
    for (size_t w = 0; w < item->lyrics->n_words; w++) {
        const silbe_word *word = &item->lyrics->words[w];
        silbe_tick_span *first = tiers->syllables + word->first_syllable;
        place(item->times->syllables + word->first_syllable, NULL, word->n_syllables,
              tiers->words[w].start, tiers->words[w].end, tiers->ticks_per_second, first);
        first[0].start = tiers->words[w].start;
        first[word->n_syllables - 1].end = tiers->words[w].end;
    }
}

/* Phones are a tier of their own: the consonants before its first vowel lie outside the word. */
static silbe_status place_sounds(const silbe_output_item *item, bool with_phones,
                                 silbe_output_tiers *tiers, silbe_err *err)
{
    size_t n_phones = with_phones && item->phones != NULL ? item->n_phones : 0;
    silbe_span *spans = calloc(n_phones + 1, sizeof *spans);
    tiers->phones = n_phones > 0 ? calloc(n_phones, sizeof *tiers->phones) : NULL;
    tiers->sounding_starts = item->sounding_start_s != NULL
                                 ? calloc(item->lyrics->n_words, sizeof *tiers->sounding_starts)
                                 : NULL;
    if (spans == NULL || (n_phones > 0 && tiers->phones == NULL) ||
        (item->sounding_start_s != NULL && tiers->sounding_starts == NULL)) {
        free(spans);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s %s: out of memory for %zu phones", item->work,
                          item->version, n_phones);
    }
    for (size_t i = 0; i < n_phones; i++) {
        spans[i] = item->phones[i].span;
    }
    place(spans, NULL, n_phones, 0, tiers->duration, tiers->ticks_per_second, tiers->phones);
    for (size_t w = 0; tiers->sounding_starts != NULL && w < item->lyrics->n_words; w++) {
        tiers->sounding_starts[w] = clamp(
            to_ticks(item->sounding_start_s[w], tiers->ticks_per_second), 0, tiers->words[w].start);
    }
    free(spans);
    return SILBE_OK;
}

silbe_status silbe_output_tiers_new(const silbe_output_item *item, int64_t ticks_per_second,
                                    bool with_syllables, silbe_output_tiers *tiers, silbe_err *err)
{
    *tiers = (silbe_output_tiers)SILBE_OUTPUT_TIERS_INIT;
    silbe_status status = silbe_output_check(item, err);
    if (status != SILBE_OK) {
        return status;
    }
    const silbe_lyrics *lyrics = item->lyrics;
    tiers->ticks_per_second = ticks_per_second;
    tiers->duration = to_ticks(item->duration_s, ticks_per_second);
    size_t n_leaves = with_syllables ? lyrics->n_syllables : lyrics->n_words;
    bool by_phones = with_syllables && item->phones != NULL && item->n_phones > n_leaves;
    n_leaves = by_phones ? item->n_phones : n_leaves;
    if (tiers->duration < (int64_t)n_leaves) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s %s: %zu %s do not fit into a recording of %g s with steps of %g s",
                          item->work, item->version, n_leaves,
                          by_phones        ? "phones"
                          : with_syllables ? "syllables"
                                           : "words",
                          item->duration_s, 1.0 / (double)ticks_per_second);
    }
    tiers->lines = calloc(lyrics->n_lines, sizeof *tiers->lines);
    tiers->words = calloc(lyrics->n_words, sizeof *tiers->words);
    tiers->syllables =
        with_syllables ? calloc(lyrics->n_syllables, sizeof *tiers->syllables) : NULL;
    if (tiers->lines == NULL || tiers->words == NULL ||
        (with_syllables && tiers->syllables == NULL)) {
        silbe_output_tiers_free(tiers);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s %s: out of memory for %zu words", item->work,
                          item->version, lyrics->n_words);
    }
    place(item->times->words, with_syllables ? lyrics->words : NULL, lyrics->n_words, 0,
          tiers->duration, ticks_per_second, tiers->words);
    if (with_syllables) {
        place_syllables(item, tiers);
    }
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        tiers->lines[l].start = tiers->words[line->first_word].start;
        tiers->lines[l].end = tiers->words[line->first_word + line->n_words - 1].end;
    }
    status = place_sounds(item, with_syllables, tiers, err);
    if (status != SILBE_OK) {
        silbe_output_tiers_free(tiers);
    }
    return status;
}

void silbe_output_tiers_free(silbe_output_tiers *tiers)
{
    free(tiers->lines);
    free(tiers->words);
    free(tiers->syllables);
    free(tiers->phones);
    free(tiers->sounding_starts);
    *tiers = (silbe_output_tiers)SILBE_OUTPUT_TIERS_INIT;
}

void silbe_output_put_seconds(FILE *stream, int64_t ticks, int64_t ticks_per_second)
{
    int n_decimals = 0;
    for (int64_t t = ticks_per_second; t > 1; t /= 10) {
        n_decimals++;
    }
    (void)fprintf(stream, "%lld.%0*lld", (long long)(ticks / ticks_per_second), n_decimals,
                  (long long)(ticks % ticks_per_second));
}

void silbe_output_put_confidence(FILE *stream, double confidence)
{
    silbe_output_put_seconds(stream, to_ticks(confidence, 1000), 1000);
}

silbe_status silbe_output_write_text(const char *path, const silbe_output_item *item,
                                     int64_t ticks_per_second, bool with_syllables,
                                     silbe_output_emit emit, silbe_err *err)
{
    silbe_output_tiers tiers;
    silbe_status status =
        silbe_output_tiers_new(item, ticks_per_second, with_syllables, &tiers, err);
    if (status != SILBE_OK) {
        return silbe_fail_prefix(err, status, path);
    }
    silbe_atomic_file file;
    status = silbe_atomic_open(&file, path, err);
    if (status == SILBE_OK) {
        emit(file.stream, item, &tiers);
        status = silbe_atomic_commit(&file, err);
    }
    silbe_output_tiers_free(&tiers);
    return status;
}

silbe_status silbe_output_save(const char *path, const void *bytes, size_t size, silbe_err *err)
{
    silbe_atomic_file file;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    (void)fwrite(bytes, 1, size, file.stream); /* an error shows when committing */
    return silbe_atomic_commit(&file, err);
}

const char *silbe_output_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
