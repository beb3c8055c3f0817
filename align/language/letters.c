#include "align/language/letters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "features/base/memory.h"

/* Letters of the tables beyond a to z, each with a place of its own; all others share the last. */
static const uint32_t BEYOND[] = {
    0xe4, 0xf6, 0xfc, 0xdf, 0xe0,  0xe2,  0xe7,  0xe9,  0xe8,  0xea,  0xeb, 0xee,
    0xef, 0xf4, 0xf9, 0xfb, 0x153, 0xe6,  0xec,  0xed,  0xf2,  0xf3,  0xe1, 0xfa,
    0xf1, 0xe5, 0xf8, 0xe3, 0xf5,  0x142, 0x105, 0x119, 0x11b, 0x151,
};

enum {
    N_LATIN = 26,
    APOSTROPHE = N_LATIN + 1,
    FIRST_BEYOND = APOSTROPHE + 1,
    OTHER = SILBE_N_LETTERS - 1,
    N_BEYOND = sizeof BEYOND / sizeof *BEYOND
};

_Static_assert(FIRST_BEYOND + N_BEYOND <= OTHER, "too many letters");

/* How much the shorter context weighs against what was counted in the longer, in letters; and what
 * a letter that was never seen counts. */
static const double PRIOR_TRIPLE = 2.0, PRIOR_PAIR = 3.0, UNSEEN = 0.02;

static size_t place_of(ucs4_t point)
{
    if (point >= 'a' && point <= 'z') {
        return point - 'a' + 1;
    }
    if (point == '\'') {
        return APOSTROPHE;
    }
    for (size_t i = 0; i < N_BEYOND; i++) {
        if (BEYOND[i] == point) {
            return FIRST_BEYOND + i;
        }
    }
    return OTHER;
}

void silbe_letters_init(silbe_letters *letters, silbe_err *err)
{
    const size_t n = SILBE_N_LETTERS;
    *letters = (silbe_letters){.n = 0};
    letters->pairs = silbe_alloc(n * n, sizeof *letters->pairs, "letters", err);
    letters->triples = silbe_alloc(n * n * n, sizeof *letters->triples, "letters", err);
}

void silbe_letters_free(silbe_letters *letters)
{
    free(letters->pairs);
    free(letters->triples);
    *letters = (silbe_letters){.n = 0};
}

/* Calls nothing: walks over the places of a word, its end (0) last. *at < n_bytes + 1. */
static size_t next_place(const char *word, size_t n_bytes, size_t *at)
{
    ucs4_t point = 0;
    if (*at >= n_bytes) {
        *at = n_bytes + 1;
        return 0;
    }
    *at += (size_t)u8_mbtouc(&point, (const uint8_t *)word + *at, n_bytes - *at);
    return place_of(point);
}

void silbe_letters_count(silbe_letters *letters, const char *word, size_t n_bytes)
{
    size_t before = 0, last = 0;
    for (size_t at = 0; at <= n_bytes;) {
        size_t place = next_place(word, n_bytes, &at);
        letters->single[place]++;
        letters->pairs[last * SILBE_N_LETTERS + place]++;
        letters->triples[(before * SILBE_N_LETTERS + last) * SILBE_N_LETTERS + place]++;
        letters->n++;
        before = last;
        last = place;
    }
}

static double sum_of(const uint16_t *counts)
{
    unsigned sum = 0;
    for (size_t i = 0; i < SILBE_N_LETTERS; i++) {
        sum += counts[i];
    }
    return sum;
}

double silbe_letters_logp(const silbe_letters *letters, const char *word, size_t n_bytes)
{
    size_t before = 0, last = 0;
    double logp = 0;
    for (size_t at = 0; at <= n_bytes;) {
        size_t place = next_place(word, n_bytes, &at);
        const uint16_t *pairs = letters->pairs + last * SILBE_N_LETTERS;
        const uint16_t *triples =
            letters->triples + (before * SILBE_N_LETTERS + last) * SILBE_N_LETTERS;
        double p = (letters->single[place] + UNSEEN) / (letters->n + UNSEEN * SILBE_N_LETTERS);
        p = (pairs[place] + PRIOR_PAIR * p) / (sum_of(pairs) + PRIOR_PAIR);
        p = (triples[place] + PRIOR_TRIPLE * p) / (sum_of(triples) + PRIOR_TRIPLE);
        logp += log(p);
        before = last;
        last = place;
    }
    return logp;
}
