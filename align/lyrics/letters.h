/*
 * What two spellings of a word have in common: its letters and digits after case folding and NFKC,
 * so "Strauß," and "STRAUSS" are the same eight letters, and "für" is the same composed or not.
 */
#ifndef SILBE_LETTERS_H
#define SILBE_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

/* A letter and the character (grapheme cluster) of the UTF-8 text that it comes from. */
typedef struct {
    uint32_t letter; /* code point */
    uint32_t fold;   /* what it is compared as in distances, see silbe_letters_append */
    uint32_t begin;  /* byte offset of the character in the text */
} silbe_letter;

typedef struct {
    silbe_letter *items;
    size_t n_items;
    size_t capacity;
} silbe_letters;

#define SILBE_LETTERS_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/*
 * Appends the letters of text (valid UTF-8). fold is the letter without its accents, and y, j as i,
 * c as k, a with umlaut as e: letters that old spellings and new ones exchange (Mey, Mai; Canal,
 * Kanal). Distances count over fold; whether two spellings are the same is told by letter.
 * SILBE_ERR_MEMORY, SILBE_ERR_DATA (over 4 GiB).
 */
SILBE_MUST_CHECK silbe_status silbe_letters_append(silbe_letters *letters, const char *text,
                                                   size_t n_bytes, silbe_err *err);

void silbe_letters_free(silbe_letters *letters);

/*
 * Levenshtein distance of a[0..n_a) to each prefix of b: distance[m] is that to b[0..m), for
 * m = 0..n_b. distance and scratch hold n_b + 1 values each.
 */
void silbe_letters_distances(const silbe_letter *a, size_t n_a, const silbe_letter *b, size_t n_b,
                             size_t *distance, size_t *scratch);

/*
 * Which letter of b each letter of a stands for: partner[i] for i in 0..n_a, increasing weakly.
 * Substituted letters count as partners; a letter without partner takes that of its left neighbour
 * (0 if there is none). n_b >= 1. Of alignments with equal distance the one that pairs latest
 * letters first, seen from the end, is taken. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_letters_pair(const silbe_letter *a, size_t n_a,
                                                 const silbe_letter *b, size_t n_b, size_t *partner,
                                                 silbe_err *err);

#endif
