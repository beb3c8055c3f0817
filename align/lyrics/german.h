/*
 * German for singers: old spelling, words that libespeak-ng gets wrong, and repairs of what it
 * says.
 */
#ifndef SILBE_GERMAN_H
#define SILBE_GERMAN_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/phones.h"
#include "features/base/status.h"

/* Whether a voice is German: "de", "de+f2", "de-at", "German". */
bool silbe_german_is_voice(const char *voice);

/* What an abbreviation (a key, see spelling.h) that is written with a full stop stands for, in
 * words: "dr" is "doktor", "d.h" is "das heißt". NULL for anything else. Static. */
const char *silbe_german_abbreviation(const char *key);

/*
 * One part (no blanks) in today's spelling and without apostrophes at its ends: "thun" tun, "seyn"
 * sein, "muß" muss, "hab'" hab. Compounds with t and h get a blank between: "gast hof". *modern is
 * freed by the caller. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_german_modern(const char *part, char **modern, silbe_err *err);

/* Phones, as silbe_phones_read reads them, of a word in today's spelling, or of a clitic with its
 * apostrophe ("'s"), that libespeak-ng gets wrong; "|" between several. NULL: none. Static. */
const char *silbe_german_exception(const char *word);

/* Symbols of a word without vowel letters ("pst", "hm", "zwst"), which libespeak-ng would spell;
 * *n is 0 if the word has a vowel or a digit. SILBE_ERR_DATA if capacity is too small. */
SILBE_MUST_CHECK silbe_status silbe_german_consonants(const char *word, silbe_phone *phones,
                                                      size_t capacity, size_t *n, silbe_err *err);

/* Repairs stems that libespeak-ng gets wrong in every word that has their letters ("Mond" in
 * "Mondnacht"); word in today's spelling. Returns the number of phones, at most capacity. */
size_t silbe_german_repair_stems(const char *word, silbe_phone *phones, size_t n, size_t capacity);

/* Whether the built-in lists are in order; for the tests. SILBE_ERR_DATA or _FORMAT, naming a word.
 */
SILBE_MUST_CHECK silbe_status silbe_german_check(silbe_err *err);

/*
 * Repairs n phones in place and returns how many are left: plosives are voiceless before voiceless
 * consonants (Mäd-chen), short y is Y, two equal consonants are one long one.
 */
size_t silbe_german_repair(silbe_phone *phones, size_t n);

#endif
