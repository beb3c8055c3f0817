/*
 * Characters instead of phones: the label set for texts that no voice reads, and for comparison.
 * a to z, a o u with umlaut, the apostrophe; sharp s is ss; other accents are taken off (e acute is
 * e), ligatures taken apart. Label 0 is silence, as in the phone set.
 */
#ifndef SILBE_CHARACTERS_H
#define SILBE_CHARACTERS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

enum { SILBE_N_CHARACTERS = 31 };

/* "sil", "a" .. "z", a o u with umlaut (UTF-8), "'"; NULL from SILBE_N_CHARACTERS on. */
const char *silbe_character_get(size_t character);

/*
 * The labels of a word as it stands in the text; punctuation (and hyphens) left out, apostrophes
 * inside and at the ends kept. *labels: *n_labels values, freed by the caller. SILBE_ERR_DATA,
 * naming the word: a letter of another script, a digit (write numbers out), no letter at all;
 * SILBE_ERR_FORMAT: not UTF-8; SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_characters_of_word(const char *text, uint8_t **labels,
                                                       size_t *n_labels, silbe_err *err);

#endif
