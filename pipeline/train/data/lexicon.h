/*
 * Pronunciations of the words of many texts: each pair of voice and word is pronounced once.
 */
#ifndef SILBE_TRAIN_LEXICON_H
#define SILBE_TRAIN_LEXICON_H

#include <stddef.h>

#include "align/lyrics/pronounce.h"

typedef struct {
    char *key; /* voice, tab, word; owned */
    silbe_word_phones phones;
} silbe_lexicon_word;

typedef struct {
    silbe_lexicon_word *words; /* in order of coming; owned */
    size_t n_words;
    size_t capacity;
    size_t *slots; /* hash table: index + 1, 0 free; owned */
    size_t n_slots;
} silbe_lexicon;

#define SILBE_LEXICON_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0, NULL, 0                                                                        \
    }

void silbe_lexicon_free(silbe_lexicon *lexicon);

/*
 * The word as silbe_pronounce_word says it, in SILBE_STYLE_SPOKEN with up to max_pronunciations;
 * *index is its place. Words of "romaji" may be single consonants; "J" is the palatal glide of
 * singing exercises. Errors of silbe_pronounce_word; nothing is added then.
 */
SILBE_MUST_CHECK silbe_status silbe_lexicon_add(silbe_lexicon *lexicon, const char *voice,
                                                const char *word, size_t max_pronunciations,
                                                size_t *index, silbe_err *err);

/* Symbols of all phones: the classes of the networks trained here. */
void silbe_list_phone_names(const char *names[SILBE_N_PHONES]);

#endif
