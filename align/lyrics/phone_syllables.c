#include "align/lyrics/phone_syllables.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

/* What German words, and the syllables inside them, begin with, beyond single consonants. */
static const char *const onsets[] = {
    "bl",  "br",  "dr", "fl",  "fr", "gl", "gr",  "gn", "kl", "kn", "kr", "kv", "pf",
    "pfl", "pfr", "pl", "pr",  "ps", "Sl", "Sm",  "Sn", "Sp", "Sr", "St", "Sv", "Spr",
    "Spl", "Str", "sk", "skr", "ts", "tr", "tsv", "tS", "dZ", "vr", "bj", "dj", "fj",
    "gj",  "kj",  "lj", "mj",  "nj", "pj", "rj",  "sj", "tj", "vj", "zj",
};

enum { MAX_ONSET = 3 };

size_t silbe_phone_onset_length(const silbe_phone *consonants, size_t n)
{
    for (size_t take = n < MAX_ONSET ? n : MAX_ONSET; take >= 2; take--) {
        char cluster[4 * MAX_ONSET + 1] = "";
        for (size_t i = n - take; i < n; i++) {
            strcat(cluster, silbe_phone_get(consonants[i].phone)->symbol); /* at most 3 bytes */
        }
        for (size_t i = 0; i < sizeof onsets / sizeof onsets[0]; i++) {
            if (strcmp(cluster, onsets[i]) == 0) {
                return take;
            }
        }
    }
    if (n == 0) {
        return 0;
    }
    /* Neither the ng of "singen" nor the glide of "Mai-en" begins a syllable; [w] does. */
    silbe_phone last = consonants[n - 1];
    bool begins = strcmp(silbe_phone_get(last.phone)->symbol, "N") != 0 &&
                  (last.marks & SILBE_MARK_GLIDE) == 0;
    return begins ? 1 : 0;
}

static bool is_reduced(silbe_phone phone)
{
    const char *symbol = silbe_phone_get(phone.phone)->symbol;
    return strcmp(symbol, "@") == 0 || strcmp(symbol, "6") == 0;
}

/* What it costs if this phone carries a syllable that has no nucleus. */
static unsigned carrier_cost(silbe_phone phone)
{
    const silbe_phone_info *info = silbe_phone_get(phone.phone);
    if (info->phone_class == SILBE_PHONE_CLASS_GLIDE ||
        info->phone_class == SILBE_PHONE_CLASS_VOWEL || strcmp(info->symbol, "j") == 0) {
        return 100;
    }
    return info->phone_class == SILBE_PHONE_CLASS_NASAL ||
                   info->phone_class == SILBE_PHONE_CLASS_LIQUID
               ? 120
               : 160;
}

/* Cost of [begin, end) as a syllable, and its nucleus. */
static unsigned segment_cost(const silbe_phone *phones, size_t begin, size_t end,
                             silbe_phone_syllable *syllable)
{
    size_t first = end; /* first nucleus */
    size_t last = end;
    size_t stressed = end;
    unsigned cost = 0;
    for (size_t i = begin; i < end; i++) {
        if (!silbe_phone_is_nucleus(phones[i])) {
            continue;
        }
        if (first == end) {
            first = i;
        } else {
            cost += (i == last + 1 ? 80U : 100U) - (is_reduced(phones[i]) ? 10U : 0U);
        }
        if (stressed == end && (phones[i].marks & SILBE_MARK_STRESS) != 0) {
            stressed = i;
        }
        last = i;
    }
    *syllable =
        (silbe_phone_syllable){begin, end - begin, stressed < end ? stressed : first, cost == 0};
    if (first < end) {
        return cost;
    }
    syllable->exact = false;
    unsigned best = ~0U;
    for (size_t i = begin; i < end; i++) {
        if (carrier_cost(phones[i]) < best) {
            best = carrier_cost(phones[i]);
            syllable->nucleus = i;
        }
    }
    return best;
}

/* How far a cut before phone at, between two nuclei, is from the longest legal onset. */
static unsigned cut_cost(const silbe_phone *phones, size_t n_phones, size_t at)
{
    size_t next = at; /* the nucleus after the cut */
    while (next < n_phones && !silbe_phone_is_nucleus(phones[next])) {
        next++;
    }
    size_t after = at; /* one past the nucleus before it */
    while (after > 0 && !silbe_phone_is_nucleus(phones[after - 1])) {
        after--;
    }
    if (next == n_phones || after == 0) {
        return 0; /* no nucleus on one side: nothing to say */
    }
    size_t legal = silbe_phone_onset_length(phones + after, next - after);
    size_t onset = next - at;
    return (unsigned)(onset > legal ? onset - legal : legal - onset);
}

/*
 * best[k * (n_phones + 1) + e]: the lowest cost of phones [0, e) as k syllables, and where the last
 * of them begins.
 */
typedef struct {
    unsigned cost;
    size_t begin;
} cell;

#define IMPOSSIBLE (~0U)

static void fill(const silbe_phone *phones, size_t n_phones, size_t n_syllables, cell *best)
{
    size_t width = n_phones + 1;
    for (size_t i = 0; i < (n_syllables + 1) * width; i++) {
        best[i] = (cell){IMPOSSIBLE, 0};
    }
    best[0].cost = 0;
    for (size_t k = 1; k <= n_syllables; k++) {
        for (size_t end = k; end <= n_phones; end++) {
            cell *to = &best[k * width + end];
            for (size_t begin = k - 1; begin < end; begin++) {
                const cell *from = &best[(k - 1) * width + begin];
                silbe_phone_syllable ignored;
                if (from->cost == IMPOSSIBLE) {
                    continue;
                }
                unsigned cost = from->cost + segment_cost(phones, begin, end, &ignored) +
                                (begin > 0 ? cut_cost(phones, n_phones, begin) : 0);
                if (cost < to->cost) {
                    *to = (cell){cost, begin};
                }
            }
        }
    }
}

silbe_status silbe_phone_syllables(const silbe_phone *phones, size_t n_phones, size_t n_syllables,
                                   silbe_phone_syllable *syllables, silbe_err *err)
{
    if (n_phones == 0 || n_syllables == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%zu phones for %zu syllables", n_phones,
                          n_syllables);
    }
    size_t n = n_syllables < n_phones ? n_syllables : n_phones; /* not empty */
    silbe_err own;
    err = silbe_err_begin(err, &own);
    bool fits = n_phones <= SIZE_MAX / sizeof(cell) / (n + 1) - 1;
    cell *best = silbe_need(fits ? malloc((n + 1) * (n_phones + 1) * sizeof *best) : NULL,
                            "the syllables of a word", err);
    if (best == NULL) {
        return err->status;
    }
    fill(phones, n_phones, n, best);
    size_t end = n_phones;
    for (size_t k = n; k > 0; k--) {
        size_t begin = best[k * (n_phones + 1) + end].begin;
        segment_cost(phones, begin, end, &syllables[k - 1]);
        end = begin;
    }
    for (size_t k = n; k < n_syllables; k++) {
        syllables[k] = (silbe_phone_syllable){n_phones - 1, 0, n_phones - 1, false};
    }
    free(best);
    return SILBE_OK;
}
