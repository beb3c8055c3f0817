/*
 * How a language spells: letters by the two before them. Internal to align/language.
 */
#ifndef SILBE_LANGUAGE_LETTERS_H
#define SILBE_LANGUAGE_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

/* Word ends, 26 letters, the apostrophe, and what stands behind them in letters.c. */
enum { SILBE_N_LETTERS = 64 };

typedef struct {
    uint32_t single[SILBE_N_LETTERS];
    uint16_t *pairs;   /* SILBE_N_LETTERS^2, owned */
    uint16_t *triples; /* SILBE_N_LETTERS^3, owned; the last letter runs fastest */
    uint32_t n;
} silbe_letters;

/* Steps (features/base/status.h). */
void silbe_letters_init(silbe_letters *letters, silbe_err *err);
void silbe_letters_count(silbe_letters *letters, const char *word, size_t n_bytes);
void silbe_letters_free(silbe_letters *letters);

/* Natural logarithm of the probability of a word, its end included. word: lower case, NFC. */
double silbe_letters_logp(const silbe_letters *letters, const char *word, size_t n_bytes);

#endif
