/*
 * Which phones of a pronunciation are which syllable of its word: a dynamic programme over the
 * cuts.
 *
 * Every syllable gets at least one phone where there are enough of them, all phones in order. Cost:
 *
 *   - consonants between two nuclei: as many go to the second syllable as German words can begin
 *     with (the longest legal onset); 1 for each that a cut is away from there
 *   - a syllable without a nucleus (the score has more syllables than the word has vowels): 100 if
 *     a glide or j can carry it ("Li-li-e"), 120 a nasal, l or r ("zitt-r"), 160 anything else
 *   - a nucleus too many (the score has fewer: "Ruhe" on one note): 100; 80 if nothing lies between
 *     it and the one before, and 10 less if it is a schwa
 *
 * Of equal costs the cut furthest to the left is taken. The nucleus of a syllable is its first
 * stressed one, else its first; without one, the phone that carries it in the order above.
 */
#ifndef SILBE_PHONE_SYLLABLES_H
#define SILBE_PHONE_SYLLABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/phones.h"
#include "features/base/status.h"

typedef struct {
    size_t first_phone; /* the first sound that is heard of it */
    size_t n_phones;    /* >= 1; 0 only if the word has fewer phones than syllables: the last ones
                           are then empty, with first_phone = nucleus = the last phone */
    size_t nucleus;     /* index into the word's phones: what falls on the note */
    bool exact;         /* it has one nucleus, as it should */
} silbe_phone_syllable;

/* Fills syllables[0 .. n_syllables). n_phones >= 1, n_syllables >= 1, else SILBE_ERR_ARGUMENT.
 * SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_phone_syllables(const silbe_phone *phones, size_t n_phones,
                                                    size_t n_syllables,
                                                    silbe_phone_syllable *syllables,
                                                    silbe_err *err);

/* How many of the n consonants before a nucleus begin its syllable: the longest legal onset. */
size_t silbe_phone_onset_length(const silbe_phone *consonants, size_t n);

#endif
