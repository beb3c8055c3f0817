/*
 * Between the files of pronounce.h. Functions that take an err are steps (features/base/status.h).
 */
#ifndef SILBE_PRONOUNCE_INTERNAL_H
#define SILBE_PRONOUNCE_INTERNAL_H

#include "align/lyrics/pronounce.h"

/* silbe_pronounce_word with checked options and, unless said is NULL, what the voice said for the
 * word in its line (IPA). German voices ignore said. */
void silbe_pronounce_said(const silbe_pronounce_options *options, const char *text,
                          const char *said, silbe_word_phones *word, silbe_err *err);

/*
 * --- pronounce_variants.c: several pronunciations of a word ---
 *
 * German rules. Each applies to all places of a word at once or to none, independently of the
 * others, so the probability of a variant is a product. Probabilities are guesses by ear, to be
 * re-estimated from alignments.
 *
 *   rule       example                                              sung  spoken
 *   er         Wasser: v a s 6 -> v a s @ r                         0.30  0
 *   r          after a vowel, not before one: Herz -> h E 6 t s     0.25  0.70
 *   schwa      Liebe: l i b @ -> l i b E (stage German, sung open)  0.30  0.05
 *   syllabic   -en -em -el after a consonant: haben -> h a b n      0     0.50
 *   ig         ewig: e v I C -> e v I k (the south; many singers)   0.15  0.20
 *   elided     hab': h a p -> h a b (before a vowel; old school)    0.40  0.20
 *   long E     Mädchen: m E: -> m e:                                0.20  0.40
 */

/* Appends one pronunciation. */
void silbe_pronunciation_add(silbe_word_phones *word, const silbe_phone *phones, size_t n_phones,
                             double logp, silbe_err *err);

/* Appends phones and all variants of them; key is the word's (spelling.h). logp is shared out. */
void silbe_pronunciation_add_german(silbe_word_phones *word, const silbe_phone *phones,
                                    size_t n_phones, double logp, silbe_pronounce_style style,
                                    const char *key, silbe_err *err);

/* Sorts (likeliest first, of equal ones the one added first), drops doubles (phones alone count),
 * keeps at most max, and makes the probabilities sum to 1. */
void silbe_pronunciation_settle(silbe_word_phones *word, size_t max);

#endif
