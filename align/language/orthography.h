/*
 * How a language spells: letters by the two before them. Internal to align/language.
 */
#ifndef SILBE_LANGUAGE_ORTHOGRAPHY_H
#define SILBE_LANGUAGE_ORTHOGRAPHY_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

/* Word ends, 26 letters, the apostrophe, and what stands behind them in orthography.c. */
enum { SILBE_N_SIGNS = 64 };

typedef struct {
    uint32_t single[SILBE_N_SIGNS];
    uint16_t *pairs;   /* SILBE_N_SIGNS^2, owned */
    uint16_t *triples; /* SILBE_N_SIGNS^3, owned; the last letter runs fastest */
    uint32_t n;
} silbe_orthography;

/* Steps (features/base/status.h). */
void silbe_orthography_init(silbe_orthography *spelling, silbe_err *err);
void silbe_orthography_count(silbe_orthography *spelling, const char *word, size_t n_bytes);
void silbe_orthography_free(silbe_orthography *spelling);

/* Natural logarithm of the probability of a word, its end included. word: lower case, NFC. */
double silbe_orthography_logp(const silbe_orthography *spelling, const char *word, size_t n_bytes);

#endif
