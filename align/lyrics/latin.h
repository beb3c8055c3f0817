/*
 * Latin as it is sung, by rules: libespeak-ng's voice speaks that of Caesar's time (pakem, wobis),
 * which nobody sings. There are two ways: Italy's, which is the church's (patschem), and that of
 * German-speaking countries (patsem).
 */
#ifndef SILBE_LATIN_H
#define SILBE_LATIN_H

#include <stdbool.h>

#include "align/lyrics/phones.h"

typedef enum { SILBE_LATIN_ITALIAN = 0, SILBE_LATIN_GERMAN, SILBE_N_LATIN_WAYS } silbe_latin_way;

/* How likely a singer is to take the Italian way; the rest takes the German one. */
extern const double silbe_latin_italian_share;

/* Whether this voice ("la", "la+f2") reads Latin, and whether the rules can read key (spelling.h):
 * Latin letters, with or without accents, and no digits. */
bool silbe_latin_reads(const char *voice, const char *key);

/* A step (features/base/status.h). Appends the phones of a key that silbe_latin_reads. */
void silbe_latin_phones(const char *key, silbe_latin_way way, silbe_phone *phones, size_t capacity,
                        size_t *n_phones, silbe_err *err);

#endif
