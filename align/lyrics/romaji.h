/*
 * Japanese in Latin letters (Hepburn and its relatives) by rules: libespeak-ng would spell it.
 */
#ifndef SILBE_ROMAJI_H
#define SILBE_ROMAJI_H

#include "align/lyrics/phones.h"

/* A step (features/base/status.h). Appends the phones of key (lower case, see spelling.h); macrons
 * and circumflexes mark long vowels. "n" is n before vowels and otherwise the syllabic nasal,
 * mapped to n, marked as syllabic before the end, a consonant, or "'". SILBE_ERR_DATA naming the
 * first sign that is no romaji. */
void silbe_romaji_phones(const char *key, silbe_phone *phones, size_t capacity, size_t *n_phones,
                         silbe_err *err);

#endif
