#include "align/language/orthography.h"

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
    OTHER = SILBE_N_SIGNS - 1,
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

void silbe_orthography_init(silbe_orthography *spelling, silbe_err *err)
{
    const size_t n = SILBE_N_SIGNS;
    *spelling = (silbe_orthography){.n = 0};
    spelling->pairs = silbe_alloc(n * n, sizeof *spelling->pairs, "letters", err);
    spelling->triples = silbe_alloc(n * n * n, sizeof *spelling->triples, "letters", err);
}

void silbe_orthography_free(silbe_orthography *spelling)
{
    free(spelling->pairs);
    free(spelling->triples);
    *spelling = (silbe_orthography){.n = 0};
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

void silbe_orthography_count(silbe_orthography *spelling, const char *word, size_t n_bytes)
{
    size_t before = 0, last = 0;
    for (size_t at = 0; at <= n_bytes;) {
        size_t place = next_place(word, n_bytes, &at);
        spelling->single[place]++;
        spelling->pairs[last * SILBE_N_SIGNS + place]++;
        spelling->triples[(before * SILBE_N_SIGNS + last) * SILBE_N_SIGNS + place]++;
        spelling->n++;
        before = last;
        last = place;
    }
}

static double sum_of(const uint16_t *counts)
{
    unsigned sum = 0;
    for (size_t i = 0; i < SILBE_N_SIGNS; i++) {
        sum += counts[i];
    }
    return sum;
}

double silbe_orthography_logp(const silbe_orthography *spelling, const char *word, size_t n_bytes)
{
    size_t before = 0, last = 0;
    double logp = 0;
    for (size_t at = 0; at <= n_bytes;) {
        size_t place = next_place(word, n_bytes, &at);
        const uint16_t *pairs = spelling->pairs + last * SILBE_N_SIGNS;
        const uint16_t *triples =
            spelling->triples + (before * SILBE_N_SIGNS + last) * SILBE_N_SIGNS;
        double p = (spelling->single[place] + UNSEEN) / (spelling->n + UNSEEN * SILBE_N_SIGNS);
        p = (pairs[place] + PRIOR_PAIR * p) / (sum_of(pairs) + PRIOR_PAIR);
        p = (triples[place] + PRIOR_TRIPLE * p) / (sum_of(triples) + PRIOR_TRIPLE);
        logp += log(p);
        before = last;
        last = place;
    }
    return logp;
}
