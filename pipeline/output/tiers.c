#include "pipeline/output/tiers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"

/* One of the spans that follow each other: its time, what it takes at least, its place. */
typedef struct {
    const silbe_span *span;
    int64_t least_ticks;
    silbe_tick_span *placed;
} slot;

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

/*
 * Places n spans into [begin, end): first the starts from left to right, each leaving room for
 * itself and all that follow, then the ends up to the next start. The sum of the least widths must
 * fit.
 */
static void place(const slot *slots, size_t n, int64_t begin, int64_t end, int64_t ticks_per_second)
{
    int64_t needed = 0;
    for (size_t i = 0; i < n; i++) {
        needed += slots[i].least_ticks;
    }
    int64_t earliest = begin;
    for (size_t i = 0; i < n; i++) {
        int64_t start = to_ticks(slots[i].span->start_s, ticks_per_second);
        slots[i].placed->start = clamp(start, earliest, end - needed);
        earliest = slots[i].placed->start + slots[i].least_ticks;
        needed -= slots[i].least_ticks;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t latest = i + 1 < n ? slots[i + 1].placed->start : end;
        slots[i].placed->end = clamp(to_ticks(slots[i].span->end_s, ticks_per_second),
                                     slots[i].placed->start + slots[i].least_ticks, latest);
    }
}

/* slots: room for the words; those of a voice need a tick for each syllable, if these are placed.
 */
static void place_words(const silbe_words *words, size_t voice, slot *slots,
                        silbe_output_tiers *tiers)
{
    size_t n = 0;
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        if (words->is_matched[w] && words->voice[w] == voice) {
            size_t n_ticks = tiers->syllables != NULL ? words->lyrics.words[w].n_syllables : 1;
            slots[n++] = (slot){&words->times.words[w], (int64_t)n_ticks, &tiers->words[w]};
        }
    }
    place(slots, n, 0, tiers->duration, tiers->ticks_per_second);
}

/* Phones are a tier of their own: the consonants before its first vowel lie outside the word. */
static void place_phones(const silbe_words *words, size_t voice, slot *slots,
                         silbe_output_tiers *tiers)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n_phones; i++) {
        if (words->voice[words->phones[i].word] == voice) {
            slots[n++] = (slot){&words->phones[i].span, 1, &tiers->phones[i]};
        }
    }
    place(slots, n, 0, tiers->duration, tiers->ticks_per_second);
}

static void place_syllables(const silbe_words *words, slot *slots, silbe_output_tiers *tiers)
{
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        const silbe_word *word = &words->lyrics.words[w];
        silbe_tick_span *first = tiers->syllables + word->first_syllable;
        if (!words->is_matched[w]) {
            continue;
        }
        for (size_t i = 0; i < word->n_syllables; i++) {
            slots[i] = (slot){&words->times.syllables[word->first_syllable + i], 1, &first[i]};
        }
        place(slots, word->n_syllables, tiers->words[w].start, tiers->words[w].end,
              tiers->ticks_per_second);
        first[0].start = tiers->words[w].start;
        first[word->n_syllables - 1].end = tiers->words[w].end;
    }
}

static void place_lines(const silbe_words *words, silbe_output_tiers *tiers)
{
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        silbe_tick_span *line = &tiers->lines[words->lyrics.words[w].line];
        const silbe_tick_span *word = &tiers->words[w];
        if (!words->is_matched[w]) {
            continue;
        }
        if (!silbe_tick_span_is_placed(line)) {
            *line = *word;
        }
        line->start = word->start < line->start ? word->start : line->start;
        line->end = word->end > line->end ? word->end : line->end;
    }
}

/* Checks that there are as many ticks as spans in the finest tier, and makes room for all. */
static void allocate(const silbe_words *words, bool with_syllables, silbe_output_tiers *tiers,
                     silbe_err *err)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    size_t n_leaves = 0;
    for (size_t w = 0; w < lyrics->n_words; w++) {
        size_t n = with_syllables ? lyrics->words[w].n_syllables : 1;
        n_leaves += words->is_matched[w] ? n : 0;
    }
    bool by_phones = with_syllables && words->phones != NULL && words->n_phones > n_leaves;
    n_leaves = by_phones ? words->n_phones : n_leaves;
    if (tiers->duration < (int64_t)n_leaves) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "%s %s: %zu %s do not fit into a recording of %g s with steps of %g s",
                         words->work, words->version, n_leaves,
                         by_phones        ? "phones"
                         : with_syllables ? "syllables"
                                          : "words",
                         words->duration_s, 1.0 / (double)tiers->ticks_per_second);
    }
    tiers->lines = silbe_alloc(lyrics->n_lines, sizeof *tiers->lines, "lines", err);
    tiers->words = silbe_alloc(lyrics->n_words, sizeof *tiers->words, "words", err);
    if (with_syllables) {
        tiers->syllables =
            silbe_alloc(lyrics->n_syllables, sizeof *tiers->syllables, "syllables", err);
    }
    if (with_syllables && words->phones != NULL && words->n_phones > 0) {
        tiers->phones = silbe_alloc(words->n_phones, sizeof *tiers->phones, "phones", err);
    }
    if (words->sounding_start_s != NULL) {
        tiers->sounding_starts =
            silbe_alloc(lyrics->n_words, sizeof *tiers->sounding_starts, "words", err);
    }
}

static void place_all(const silbe_words *words, slot *slots, silbe_output_tiers *tiers)
{
    for (size_t v = 0; v < words->n_voices; v++) {
        place_words(words, v, slots, tiers);
        if (tiers->phones != NULL) {
            place_phones(words, v, slots, tiers);
        }
    }
    if (tiers->syllables != NULL) {
        place_syllables(words, slots, tiers);
    }
    place_lines(words, tiers);
    for (size_t w = 0; tiers->sounding_starts != NULL && w < words->lyrics.n_words; w++) {
        if (words->is_matched[w]) {
            int64_t ticks = to_ticks(words->sounding_start_s[w], tiers->ticks_per_second);
            tiers->sounding_starts[w] = clamp(ticks, 0, tiers->words[w].start);
        }
    }
}

silbe_status silbe_output_tiers_new(const silbe_words *words, int64_t ticks_per_second,
                                    bool with_syllables, silbe_output_tiers *tiers, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *tiers = (silbe_output_tiers)SILBE_OUTPUT_TIERS_INIT;
    silbe_try(err, silbe_output_check(words, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    tiers->ticks_per_second = ticks_per_second;
    tiers->duration = to_ticks(words->duration_s, ticks_per_second);
    allocate(words, with_syllables, tiers, err);
    slot *slots =
        silbe_alloc(words->lyrics.n_syllables + words->n_phones, sizeof *slots, "spans", err);
    if (!silbe_failed(err)) {
        place_all(words, slots, tiers);
    } else {
        silbe_output_tiers_free(tiers);
    }
    free(slots);
    return err->status;
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

silbe_status silbe_output_check_one_voice(const silbe_words *words, silbe_err *err)
{
    return words->n_voices <= 1
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_DATA,
                            "%s %s: %zu voices, of which this format can hold one; the format json "
                            "of output.formats holds all",
                            words->work, words->version, words->n_voices);
}

silbe_status silbe_output_write_text(const char *path, const silbe_words *words,
                                     int64_t ticks_per_second, bool with_syllables,
                                     silbe_output_emit emit, silbe_err *err)
{
    silbe_err own;
    silbe_output_tiers tiers = SILBE_OUTPUT_TIERS_INIT;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_output_tiers_new(words, ticks_per_second, with_syllables, &tiers, err));
    silbe_try(err, silbe_output_check_one_voice(words, err));
    if (silbe_failed(err)) {
        silbe_output_tiers_free(&tiers);
        return silbe_fail_prefix(err, err->status, path);
    }
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        emit(file.stream, words, &tiers);
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    silbe_output_tiers_free(&tiers);
    return err->status;
}

silbe_status silbe_output_write_file(const char *path, const void *bytes, size_t size,
                                     silbe_err *err)
{
    silbe_err own;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        (void)fwrite(bytes, 1, size, file.stream); /* an error shows when committing */
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    return err->status;
}

const char *silbe_output_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
