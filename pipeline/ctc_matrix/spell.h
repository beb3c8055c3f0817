/*
 * Words to symbols of a model.
 *
 * A word is composed (NFC); if the vocabulary has letters of one case only, the word is folded to
 * it. Then, character by character: what occurs in a token stays; an apostrophe of another shape
 * becomes "'"; a letter that is there only in parts (NFD) is taken apart; with
 * posteriors.substitute it is written otherwise; punctuation is left out; a letter or digit that
 * remains is treated as posteriors.unknown says. What is left is cut into the longest tokens, from
 * left to right; a SentencePiece vocabulary gets its word mark in front.
 */
#ifndef SILBE_CTC_MATRIX_SPELL_H
#define SILBE_CTC_MATRIX_SPELL_H

#include <stddef.h>
#include <stdint.h>

#include "align/lyrics/lyrics_text.h"
#include "features/base/status.h"
#include "pipeline/ctc_matrix/vocabulary.h"

typedef struct {
    int32_t *symbols;   /* of all words; SILBE_TRELLIS_WILDCARD for any sound */
    size_t *first;      /* n_words + 1: word w has symbols[first[w]] .. symbols[first[w + 1] - 1] */
    size_t n_words;     /* each has one symbol at least */
    size_t n_wildcards; /* among the symbols */
    size_t n_dropped;   /* letters and digits that were left out */
} silbe_spelt;

#define SILBE_SPELT_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

/* text_path and vocab_path are for messages. A word of which nothing is left (posteriors.unknown:
 * drop) is any sound. SILBE_ERR_DATA names line, word and character; SILBE_ERR_MEMORY. *spelt must
 * be SILBE_SPELT_INIT; the caller frees it. */
SILBE_MUST_CHECK silbe_status silbe_spell(const silbe_lyrics_text *text, const char *text_path,
                                          const silbe_vocabulary *vocabulary,
                                          const char *vocab_path, const silbe_config *config,
                                          silbe_spelt *spelt, silbe_err *err);

void silbe_spelt_free(silbe_spelt *spelt);

#endif
