/*
 * What is known of a language: one table each, in a file of its own. Between the files of
 * language.h.
 *
 * A new language is a new file with its table, and a row in tables.c. Words are written as they
 * come out of the tokeniser: lower case, NFC, "'" for every apostrophe, with blanks between. A word
 * that ends in "'" is one that is glued to the next ("l'" of "l'amour"), one that begins with it
 * was glued to the one before ("'s" of "hab's").
 */
#ifndef SILBE_LANGUAGE_TABLE_H
#define SILBE_LANGUAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *code;  /* ISO 639-1 */
    const char *voice; /* of eSpeak NG; NULL: it is the code */
    const char *name;  /* in English */
    bool is_read;      /* false: only there so that its texts are not taken for another language */
    const char
        *function;     /* articles, pronouns, prepositions, forms of verbs; frequent ones first */
    const char *words; /* what songs are about; spelling is learnt from both */
} silbe_language_table;

extern const silbe_language_table silbe_language_german;
extern const silbe_language_table silbe_language_english;
extern const silbe_language_table silbe_language_french;
extern const silbe_language_table silbe_language_italian;
extern const silbe_language_table silbe_language_spanish;
extern const silbe_language_table silbe_language_dutch;
extern const silbe_language_table silbe_language_latin;
extern const silbe_language_table silbe_language_swedish;

/* Those that are not read. */
extern const silbe_language_table silbe_language_others[];
extern const size_t silbe_language_n_others;

#endif
