/*
 * Between the files of reconcile.h:
 *
 *   reconcile.c              the phases in order; whether score and text belong together
 *   reconcile_dp.c           which syllables are which words
 *   reconcile_emit.c         the steps to lines, words and syllables
 *   reconcile_differences.c  the steps to the list of differences
 */
#ifndef SILBE_RECONCILE_INTERNAL_H
#define SILBE_RECONCILE_INTERNAL_H

#include "align/lyrics/builder.h"
#include "align/lyrics/letters.h"
#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/reconcile.h"
#include "align/lyrics/reconcile_dp.h"

typedef struct {
    const silbe_score *score;
    silbe_lyrics_text text;
    silbe_letters score_letters;
    silbe_letters text_letters; /* offsets are within each word */
    size_t *first_score_letter; /* [syllable], n_syllables + 1 values */
    size_t *first_text_letter;  /* [word], n_words + 1 values */
    bool *boundary;             /* [syllable], see reconcile_dp.h */
    bool *line_start;           /* [word] */
    silbe_reconcile_step *steps;
    size_t n_steps;
} silbe_reconciliation;

/* Functions that take an err are steps (features/base/status.h). */

/* Lines, words and syllables of the steps. */
void silbe_reconcile_emit(const silbe_reconciliation *all, silbe_lyrics *lyrics, silbe_err *err);

/* What was built; syllables that start together (two words or syllables on one note) share their
 * time in equal parts. Leaves *lyrics as it is, and frees what was built, after a failure. */
void silbe_take_lyrics(silbe_lyrics_builder *builder, silbe_lyrics *lyrics, silbe_err *err);

/* What differs. */
void silbe_reconcile_differences(const silbe_reconciliation *all, silbe_differences *differences,
                                 silbe_err *err);

/* Number of letters of n syllables or words from first on, by their table of first letters. */
static inline size_t silbe_n_letters(const size_t *first_letter, size_t first, size_t n)
{
    return first_letter[first + n] - first_letter[first];
}

#endif
