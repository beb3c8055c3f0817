#include "align/language/words.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "features/base/compare.h"
#include "features/base/memory.h"

enum { MAX_CLITIC_BYTES = 2 }; /* "'s", "'st", "'ll" are no words by themselves */

/* Sung in any language. */
static const char *const SYLLABLES[] = {"ah",  "ahh", "eh", "hey", "hm",  "hmm", "mm",
                                        "mmm", "oh",  "oo", "ooh", "tra", "uh"};

typedef struct {
    silbe_is_known is_known;
    const void *context;
    char *bytes; /* words, each with its NUL */
    size_t n_bytes;
    size_t last; /* of the word before, in bytes; SIZE_MAX: there is none */
    size_t n_words;
} collector;

static bool is_apostrophe(ucs4_t point)
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2bc || point == 0x2018 ||
           point == 0x2019 || point == 0x2032;
}

/* Letters, and marks that NFC has not united with theirs. */
static bool is_letter(ucs4_t point)
{
    return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M);
}

static bool is_syllable(const char *word, size_t n_bytes)
{
    bool is_one = false;
    for (size_t i = 0; i < sizeof SYLLABLES / sizeof *SYLLABLES; i++) {
        is_one =
            is_one || (strlen(SYLLABLES[i]) == n_bytes && memcmp(SYLLABLES[i], word, n_bytes) == 0);
    }
    return is_one;
}

static void put(collector *to, const char *word, size_t n_bytes)
{
    const char *last = to->last != SIZE_MAX ? to->bytes + to->last : "";
    if (n_bytes == 0 || is_syllable(word, n_bytes) ||
        (strlen(last) == n_bytes && memcmp(last, word, n_bytes) == 0)) {
        return;
    }
    to->last = to->n_bytes;
    memcpy(to->bytes + to->n_bytes, word, n_bytes);
    to->n_bytes += n_bytes;
    to->bytes[to->n_bytes++] = '\0';
    to->n_words++;
}

/* A run of letters and apostrophes. */
static void cut(collector *to, const char *run, size_t n_bytes)
{
    while (n_bytes > 0) {
        const char *apostrophe = memchr(run, '\'', n_bytes);
        if (apostrophe == NULL || to->is_known(to->context, run, n_bytes)) {
            put(to, run, n_bytes);
            return;
        }
        size_t n_left = (size_t)(apostrophe - run);
        if (n_left > 0 && to->is_known(to->context, run, n_left + 1)) {
            put(to, run, n_left + 1);
        } else {
            put(to, run, n_left);
            size_t n_right = n_bytes - n_left - 1;
            if (n_left > 0 && n_right > 0 && n_right <= MAX_CLITIC_BYTES) {
                put(to, apostrophe, n_right + 1);
                return;
            }
        }
        run += n_left + 1;
        n_bytes -= n_left + 1;
    }
}

/* from is lower case and NFC. Each run of it is copied into run first, apostrophes unified. */
static void collect(collector *to, const uint8_t *from, size_t n, char *run)
{
    size_t length = 0;
    for (size_t i = 0; i < n;) {
        ucs4_t point = 0;
        size_t step = (size_t)u8_mbtouc(&point, from + i, n - i);
        if (is_apostrophe(point)) {
            run[length++] = '\'';
        } else if (is_letter(point)) {
            memcpy(run + length, from + i, step);
            length += step;
        } else if (point != 0xad) { /* a soft hyphen is inside a word */
            cut(to, run, length);
            length = 0;
        }
        i += step;
    }
    cut(to, run, length);
}

/* Sorted, each once, with its number. */
static void count(collector *from, silbe_counted_words *words, silbe_err *err)
{
    words->bytes = from->bytes;
    words->items = silbe_alloc(from->n_words, sizeof *words->items, "words", err);
    const char **list = silbe_alloc(from->n_words, sizeof *list, "words", err);
    if (list != NULL) {
        const char *at = from->bytes;
        for (size_t i = 0; i < from->n_words; i++, at += strlen(at) + 1) {
            list[i] = at;
        }
        qsort(list, from->n_words, sizeof *list, silbe_compare_texts);
        for (size_t i = 0; i < from->n_words; i++) {
            if (i == 0 || strcmp(list[i], list[i - 1]) != 0) {
                words->items[words->n++] = (silbe_counted_word){list[i], 0};
            }
            words->items[words->n - 1].count++;
        }
    }
    free(list);
}

silbe_status silbe_counted_words_new(const char *text, size_t n_bytes, silbe_is_known is_known,
                                     const void *context, silbe_counted_words *words,
                                     silbe_err *err)
{
    silbe_err own;
    size_t n = 0;
    uint8_t *lower = NULL;
    err = silbe_err_begin(err, &own);
    if (u8_check((const uint8_t *)text, n_bytes) != NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "the text is not UTF-8");
    }
    if (n_bytes > 0) {
        lower = silbe_need(u8_tolower((const uint8_t *)text, n_bytes, NULL, UNINORM_NFC, NULL, &n),
                           "a text", err);
    }
    /* A word and its NUL take a byte more than what parts them, at most. */
    collector to = {.is_known = is_known,
                    .context = context,
                    .bytes = silbe_alloc(2 * n + 2, 1, "words", err),
                    .last = SIZE_MAX};
    char *run = silbe_alloc(n + 1, 1, "a word", err);
    if (!silbe_failed(err)) {
        collect(&to, lower, n, run);
        count(&to, words, err);
    } else {
        free(to.bytes);
    }
    free(run);
    free(lower);
    return err->status;
}

void silbe_counted_words_free(silbe_counted_words *words)
{
    free(words->bytes);
    free(words->items);
    *words = (silbe_counted_words)SILBE_COUNTED_WORDS_INIT;
}
