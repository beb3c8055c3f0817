/*
 * French as it is sung: the mute e at the end of a word has a note more often than not.
 */
#ifndef SILBE_FRENCH_H
#define SILBE_FRENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/phones.h"

/* "fr", "fr-be", "fr+f2" and the like. */
bool silbe_french_is_voice(const char *voice);

/* Whether a word, key (spelling.h), pronounced as these phones, may be sung with one more, a schwa:
 * it ends in -e or -es that is not spoken, behind a consonant ("belle", "roses"). */
bool silbe_french_has_mute_e(const char *key, const silbe_phone *phones, size_t n_phones);

/* How likely it is sung. */
extern const double silbe_french_mute_e_share;

#endif
