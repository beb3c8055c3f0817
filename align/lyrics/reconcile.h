/*
 * Score and lyrics text to one silbe_lyrics: places and syllable boundaries from the score, lines,
 * words and spelling from the text.
 *
 * The syllables of the score are aligned with the words of the text by a dynamic programme over
 * letters (see reconcile_dp.h for its costs). What the score says about word boundaries
 * (<syllabic>) is a hint that the text overrules.
 *
 * - A word in both: word and syllable texts in the text's spelling, punctuation included; the
 *   syllable texts of a word, joined, are the word. A score syllable without letters left in the
 *   text's spelling joins its neighbour. Words that share a note share its time in equal parts.
 * - A word in the text alone has no place: it is left out (its line's text still shows it).
 * - A word in the score alone is kept in the score's spelling: inside a verse it belongs to that
 *   verse, between two verses a run of such words is a line of its own.
 * Whatever differs is listed. Letters are compared in NFKC with case folding (so ss = sharp s) and
 * without punctuation: differences in these alone are none.
 */
#ifndef SILBE_RECONCILE_H
#define SILBE_RECONCILE_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/score.h"
#include "features/base/status.h"

typedef enum {
    SILBE_DIFFERENCE_TEXT_ONLY = 0, /* a run of words that the score lacks; they get no time */
    SILBE_DIFFERENCE_SCORE_ONLY,    /* a run of words that the text lacks; they are kept */
    SILBE_DIFFERENCE_SPELLING,      /* other letters */
    SILBE_DIFFERENCE_DIVISION,      /* same letters, divided into other words */
    SILBE_N_DIFFERENCE_KINDS
} silbe_difference_kind;

typedef struct {
    silbe_difference_kind kind;
    size_t text_line; /* 1-based line of the lyrics file; 0 where the text has nothing */
    int measure;      /* number of the measure; -1 where the score has nothing */
    double onset_q;   /* where in the score; NAN where the score has nothing */
    char *in_text;    /* UTF-8, owned; words with blanks between, "" where there are none */
    char *in_score;   /* UTF-8, owned; likewise */
} silbe_difference;

typedef struct {
    silbe_difference *items; /* in the order of the text and the score */
    size_t n_items;
} silbe_differences;

#define SILBE_DIFFERENCES_INIT                                                                     \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

void silbe_differences_free(silbe_differences *differences);

/* "text only", "score only", "spelling", "division"; NULL for anything else. */
const char *silbe_difference_kind_str(silbe_difference_kind kind);

/* Share of the letters of the smaller side that must have a partner in the other; below it the two
 * are taken for different songs. Among the 24 songs of Winterreise the right lyrics reach 1.0,
 * those of another song at most 0.45. */
#define SILBE_RECONCILE_MIN_SHARE 0.6

/*
 * text: n_bytes of a lyrics file as in lyrics_text.h, or NULL: words, lines and stanzas then come
 * from the score alone, lines being guessed (score_words.h). *lyrics and *differences
 * must be their _INIT; the caller frees both.
 *
 * SILBE_ERR_DATA: a score without syllables, a text without words. SILBE_ERR_FORMAT: text that is
 * not UTF-8. Errors of silbe_lyrics_text_check_tags. SILBE_ERR_MISMATCH: fewer than
 * SILBE_RECONCILE_MIN_SHARE of the letters fit; the message gives the share. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_lyrics_reconcile(const silbe_score *score, const char *text,
                                                     size_t n_bytes, silbe_lyrics *lyrics,
                                                     silbe_differences *differences,
                                                     silbe_err *err);

#endif
