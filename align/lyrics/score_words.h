/*
 * Words and lines as the score alone shows them.
 *
 * Word: a new one starts at a syllable whose <syllabic> is single or begin, or after one whose is
 * single or end; so a missing end or begin still ends a word. White space and hyphens or
 * underscores at the ends of syllables are no part of the spelling.
 *
 * Line, for want of a text: a new one starts at a word that comes
 * - after a rest of SILBE_LINE_REST_Q quarters or more,
 * - after any punctuation and a rest of SILBE_PHRASE_REST_Q or more, or
 * - after one of . ! ? ; : if it begins with a capital.
 * A rest of SILBE_STANZA_REST_Q starts a new stanza. This is a guess, good enough to show text in
 * pieces of a readable length.
 */
#ifndef SILBE_SCORE_WORDS_H
#define SILBE_SCORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/builder.h"
#include "features/base/score.h"

#define SILBE_LINE_REST_Q 2.0
#define SILBE_PHRASE_REST_Q 0.25
#define SILBE_STANZA_REST_Q 8.0

/* Whether the score sees a word boundary before syllable i, 0 <= i <= n_syllables. */
bool silbe_score_word_starts(const silbe_score *score, size_t i);

/* Functions that take an err are steps (features/base/status.h). */

/* Spelling of the syllables [first, last), words separated by one blank, to be freed by the caller;
 * NULL after a failure. */
char *silbe_score_spelling(const silbe_score *score, size_t first, size_t last, silbe_err *err);

/*
 * Appends the words of syllables [first, last) in the score's spelling. With in_line they go into
 * the builder's last line, otherwise into lines of their own, stanzas counted from *stanza on
 * (updated). Syllables without a letter are left out.
 */
void silbe_score_words_append(const silbe_score *score, size_t first, size_t last, bool in_line,
                              size_t *stanza, silbe_lyrics_builder *builder, silbe_err *err);

#endif
