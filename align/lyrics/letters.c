#include "align/lyrics/letters.h"

#include <stdlib.h>

#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>

#include "features/base/memory.h"

/* Long clusters are piles of combining marks; letters beyond this many of one are not kept. */
#define MAX_CLUSTER 32

/* The base of an accented letter, and the exchanges of old spelling. */
static uint32_t fold(uint32_t letter)
{
    if (letter == 0xe4) { /* a with umlaut */
        return 'e';
    }
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    uint32_t base = letter;
    for (int n = 1; n > 0;) {
        n = uc_canonical_decomposition(base, parts);
        base = n > 0 ? parts[0] : base;
    }
    switch (base) {
    case 'y':
    case 'j':
        return 'i';
    case 'c':
        return 'k';
    default:
        return base;
    }
}

static void push(silbe_letters *letters, uint32_t letter, uint32_t begin, silbe_err *err)
{
    letters->items = silbe_grow(letters->items, letters->n_items, &letters->capacity,
                                sizeof *letters->items, "letters", err);
    if (!silbe_failed(err)) {
        letters->items[letters->n_items++] = (silbe_letter){letter, fold(letter), begin};
    }
}

/* Letters of one character. */
static void append_cluster(silbe_letters *letters, const uint8_t *cluster, size_t n_bytes,
                           uint32_t begin, silbe_err *err)
{
    uint32_t points[MAX_CLUSTER];
    size_t n_points = 0;
    for (size_t at = 0; at < n_bytes && n_points < MAX_CLUSTER;) {
        int used = u8_mbtouc(&points[n_points++], cluster + at, n_bytes - at);
        at += (size_t)used;
    }
    uint32_t buffer[4 * MAX_CLUSTER];
    size_t n_folded = sizeof buffer / sizeof *buffer;
    uint32_t *folded =
        silbe_need(u32_casefold(points, n_points, NULL, UNINORM_NFKC, buffer, &n_folded),
                   "the case of a letter", err);
    for (size_t i = 0; folded != NULL && i < n_folded; i++) {
        if (uc_is_general_category_withtable(folded[i], UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N)) {
            push(letters, folded[i], begin, err);
        }
    }
    if (folded != buffer) {
        free(folded);
    }
}

silbe_status silbe_letters_append(silbe_letters *letters, const char *text, size_t n_bytes,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const uint8_t *start = (const uint8_t *)text;
    const uint8_t *end = start + n_bytes;
    if (n_bytes > UINT32_MAX) {
        return silbe_fail(err, SILBE_ERR_DATA, "a word of %zu bytes", n_bytes);
    }
    for (const uint8_t *at = start; at < end && !silbe_failed(err);) {
        const uint8_t *next = u8_grapheme_next(at, end);
        append_cluster(letters, at, (size_t)(next - at), (uint32_t)(at - start), err);
        at = next;
    }
    return err->status;
}

void silbe_letters_free(silbe_letters *letters)
{
    free(letters->items);
    *letters = (silbe_letters)SILBE_LETTERS_INIT;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

void silbe_letters_distances(const silbe_letter *a, size_t n_a, const silbe_letter *b, size_t n_b,
                             size_t *distance, size_t *scratch)
{
    for (size_t m = 0; m <= n_b; m++) {
        distance[m] = m;
    }
    for (size_t i = 0; i < n_a; i++) {
        scratch[0] = i + 1;
        for (size_t m = 0; m < n_b; m++) {
            size_t differs = a[i].fold != b[m].fold ? 1 : 0;
            scratch[m + 1] = min3(distance[m] + differs, distance[m + 1] + 1, scratch[m] + 1);
        }
        for (size_t m = 0; m <= n_b; m++) {
            distance[m] = scratch[m];
        }
    }
}

silbe_status silbe_letters_pair(const silbe_letter *a, size_t n_a, const silbe_letter *b,
                                size_t n_b, size_t *partner, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t width = n_b + 1;
    bool fits = n_a + 1 <= SIZE_MAX / sizeof(size_t) / width;
    size_t *cost = silbe_need(fits ? malloc((n_a + 1) * width * sizeof *cost) : NULL,
                              "the letters of two words", err);
    if (cost == NULL) {
        return err->status;
    }
    for (size_t m = 0; m < width; m++) {
        cost[m] = m;
    }
    for (size_t i = 0; i < n_a; i++) {
        size_t *row = cost + (i + 1) * width;
        const size_t *above = row - width;
        row[0] = i + 1;
        for (size_t m = 0; m < n_b; m++) {
            size_t differs = a[i].fold != b[m].fold ? 1 : 0;
            row[m + 1] = min3(above[m] + differs, above[m + 1] + 1, row[m] + 1);
        }
    }
    for (size_t i = n_a, m = n_b; i > 0;) {
        const size_t *row = cost + i * width;
        const size_t *above = row - width;
        size_t differs = m > 0 && a[i - 1].fold != b[m - 1].fold ? 1 : 0;
        if (m > 0 && row[m] == above[m - 1] + differs) {
            partner[--i] = --m;
        } else if (row[m] == above[m] + 1) {
            partner[--i] = SIZE_MAX; /* none: filled in below */
        } else {
            m--;
        }
    }
    for (size_t i = 0; i < n_a; i++) {
        if (partner[i] == SIZE_MAX) {
            partner[i] = i > 0 ? partner[i - 1] : 0;
        }
    }
    free(cost);
    return SILBE_OK;
}
