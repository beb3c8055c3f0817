/*
 * The user's pronunciation list: text, one pronunciation a line,
 *
 *     word<TAB>phone phone phone
 *
 * Phones are symbols of the phone set or IPA as in its table, a length mark after a vowel is
 * accepted ("a:", "aː"); a word on several lines has several pronunciations, equally likely. "#"
 * starts a comment line; blank lines are skipped. Words are compared as silbe_spelling_key makes
 * them: without punctuation at the ends, in lower case.
 */
#ifndef SILBE_PRONOUNCE_LIST_H
#define SILBE_PRONOUNCE_LIST_H

#include <stddef.h>

#include "align/lyrics/phones.h"
#include "features/base/status.h"

typedef struct {
    char *word;          /* key, UTF-8, owned */
    silbe_phone *phones; /* owned */
    size_t n_phones;     /* >= 1 */
    size_t line;         /* 1-based */
} silbe_listed_word;

typedef struct {
    silbe_listed_word *items; /* sorted by word, then line */
    size_t n_items;
} silbe_pronunciation_list;

#define SILBE_PRONUNCIATION_LIST_INIT                                                              \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

void silbe_pronunciation_list_free(silbe_pronunciation_list *list);

/*
 * Reads n_bytes of text (UTF-8, with or without byte order mark; LF, CRLF or CR). name is the
 * file's, for messages ("words.tsv:3: ..."). *list must be _INIT; the caller frees it. An empty
 * list is legal. SILBE_ERR_FORMAT: not UTF-8, no tab, more than one tab, no word, no phones, an
 * unknown phone, the same pronunciation twice. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_pronunciation_list_parse(const char *name, const char *text,
                                                             size_t n_bytes,
                                                             silbe_pronunciation_list *list,
                                                             silbe_err *err);

/* The pronunciations of the word whose key this is: *n of them from the pointer on; NULL and 0 if
 * there are none. */
const silbe_listed_word *silbe_pronunciation_list_find(const silbe_pronunciation_list *list,
                                                       const char *key, size_t *n);

#endif
