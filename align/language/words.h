/*
 * A text as the words that are weighed, each once. Internal to align/language.
 */
#ifndef SILBE_LANGUAGE_WORDS_H
#define SILBE_LANGUAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    const char *text; /* points into the bytes of the words */
    size_t count;     /* how often, what follows itself at once left out */
} silbe_counted_word;

typedef struct {
    char *bytes;               /* owned */
    silbe_counted_word *items; /* owned; by their bytes, ascending */
    size_t n;
} silbe_counted_words;

#define SILBE_COUNTED_WORDS_INIT                                                                   \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }

/* Whether a word with an apostrophe ("don't", "l'", "'tis") is one that some language knows. */
typedef bool (*silbe_is_known)(const void *context, const char *word, size_t n_bytes);

/*
 * text: n_bytes of UTF-8. Lower case, NFC, "'" for every apostrophe; letters and apostrophes make a
 * word, all else parts them. A word with an apostrophe that is not known as it is ("l'amour",
 * "love's") is cut there: behind it, if what stands before it is known ("l'"), or before it.
 * *words must be _INIT; the caller frees it.
 * SILBE_ERR_FORMAT: not UTF-8. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_counted_words_new(const char *text, size_t n_bytes,
                                                      silbe_is_known is_known, const void *context,
                                                      silbe_counted_words *words, silbe_err *err);

void silbe_counted_words_free(silbe_counted_words *words);

#endif
