/*
 * Which syllables of the score are which words of the text: a dynamic programme of minimal cost
 * over the steps
 *
 *   match  k syllables with n words: (n = 1, k = 1..12) or (n = 2..3, k = 1..4), allowed if
 *          2 D <= max(letters of both) and, for n > 1, if the first letters agree and D = 0 or the
 *          score sees fewer boundaries inside than the text. D is the Levenshtein distance of their
 * folded letters (letters.h). Cost 8 D,
 *          + 3 for each place where the score's <syllabic> sees a word boundary and the text does
 *          not, or the other way round, + 3 (n - 1)
 *   skip a syllable or a word: cost 4 per letter (1 if it has none), + 2 where a run of skipping
 *          starts inside a verse of the text
 *
 * One letter of difference costs less than leaving both letters out, and boundaries decide only
 * what letters leave open. Of equal costs the step found first is kept: from earlier syllables,
 * then from earlier words, matches before skipped words before skipped syllables.
 */
#ifndef SILBE_RECONCILE_DP_H
#define SILBE_RECONCILE_DP_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/letters.h"

/* Letters of all syllables, or of all words, one after the other. */
typedef struct {
    const silbe_letter *letters;
    const size_t *first; /* [unit]: index of its first letter; n_units + 1 values */
    size_t n_units;
} silbe_letter_units;

/* One step. n_words == 0: syllables skipped; n_syllables == 0: words skipped (one step for each).
 */
typedef struct {
    size_t first_syllable;
    size_t n_syllables;
    size_t first_word;
    size_t n_words;
    size_t distance; /* of a match */
} silbe_reconcile_step;

/*
 * boundary[i], i = 0..n_syllables: the score sees a word boundary before syllable i.
 * line_start[j], j = 0..n_words: word j is the first of its verse (true at the end).
 * The steps (caller frees) cover every syllable and every word once, in order. A step of
 * features/base/status.h itself; SILBE_ERR_MEMORY, also where the table of back-pointers would be
 * larger than 2 GiB. Time and memory grow with the length of the lyrics times the cost of their
 * differences.
 */
silbe_reconcile_step *silbe_reconcile_align(const silbe_letter_units *score, const bool *boundary,
                                            const silbe_letter_units *text, const bool *line_start,
                                            size_t *n_steps, silbe_err *err);

#endif
