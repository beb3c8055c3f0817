#include "align/lyrics/reconcile_dp.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

/* What the last step did. */
enum { MATCHED = 0, WORD_SKIPPED, SYLLABLE_SKIPPED, N_STATES };

#define MAX_SYLLABLES 12           /* in one word */
#define MAX_SHARED_SYLLABLES 4     /* in a group of several words */
#define MAX_WORDS 3                /* in a group */
#define N_ROWS (MAX_SYLLABLES + 1) /* of costs kept at once */

static const long COST_DISTANCE = 8;
static const long COST_LETTER = 4;
static const long COST_NO_LETTER = 1;
static const long COST_BOUNDARY = 3;
static const long COST_GROUP = 3;
static const long COST_GAP = 2;
static const size_t MAX_TABLE_BYTES = (size_t)1 << 31;
static const long UNREACHED = LONG_MAX / 2;

/*
 * Only paths of cost up to a limit are looked at; where none is found, the limit grows. No step
 * changes the difference of the letters behind it on both sides for less than COST_LETTER each, so
 * a path through (i, j) costs at least
 *
 *   COST_LETTER (|a(i) - b(j)| + |(a(I) - a(i)) - (b(J) - b(j))|)     a, b: letters before i, j
 *
 * which leaves a band of cells (Ukkonen 1985): the time grows with the length of the lyrics and
 * with how much they differ, and what is found is the best of all paths all the same, of equal
 * ones the same one.
 */
static const long FIRST_LIMIT = 256; /* beyond what the lengths make necessary */
static const long LIMIT_FACTOR = 4;

typedef struct {
    const silbe_letter_units *score;
    const silbe_letter_units *text;
    const bool *boundary;
    const bool *line_start;
    long limit;       /* of the cost of a path */
    size_t *lo, *hi;  /* [i]: the cells j with lo <= j < hi are in the band */
    size_t *begin;    /* [i]: number of cells in the rows before */
    long *costs;      /* [((i % N_ROWS) * (n_words + 1) + j) * N_STATES + state] */
    uint8_t *steps;   /* [step_index]: k * 16 + n * 4 + state before */
    size_t *distance; /* letter scratch */
    size_t *scratch;
} table;

static size_t letters_of(const silbe_letter_units *units, size_t first, size_t n)
{
    return units->first[first + n] - units->first[first];
}

static long *cost_at(const table *t, size_t i, size_t j)
{
    return t->costs + ((i % N_ROWS) * (t->text->n_units + 1) + j) * N_STATES;
}

static size_t step_index(const table *t, size_t i, size_t j, int state)
{
    return (t->begin[i] + j - t->lo[i]) * N_STATES + (size_t)state;
}

static long gap(size_t a, size_t b)
{
    return COST_LETTER * (long)(a > b ? a - b : b - a);
}

/* What is left to pay from (i, j) on, at least. */
static long rest_cost(const table *t, size_t i, size_t j)
{
    return gap(t->score->first[t->score->n_units] - t->score->first[i],
               t->text->first[t->text->n_units] - t->text->first[j]);
}

static void relax(const table *t, size_t i, size_t j, int state, long cost, size_t k, size_t n,
                  int before)
{
    if (j < t->lo[i] || j >= t->hi[i] || cost + rest_cost(t, i, j) > t->limit) {
        return;
    }
    long *at = cost_at(t, i, j) + state;
    if (cost < *at) {
        *at = cost;
        t->steps[step_index(t, i, j, state)] = (uint8_t)(k * 16 + n * 4 + (size_t)before);
    }
}

static long skip_cost(const silbe_letter_units *units, size_t unit)
{
    size_t n_letters = letters_of(units, unit, 1);
    return n_letters == 0 ? COST_NO_LETTER : COST_LETTER * (long)n_letters;
}

static void relax_skips(const table *t, size_t i, size_t j, const long *costs)
{
    for (int before = 0; before < N_STATES; before++) {
        if (costs[before] >= UNREACHED) {
            continue;
        }
        long opening = t->line_start[j] ? 0 : COST_GAP;
        if (j < t->text->n_units) {
            long open = before == WORD_SKIPPED ? 0 : opening;
            relax(t, i, j + 1, WORD_SKIPPED, costs[before] + open + skip_cost(t->text, j), 0, 1,
                  before);
        }
        if (i < t->score->n_units) {
            long open = before == SYLLABLE_SKIPPED ? 0 : opening;
            relax(t, i + 1, j, SYLLABLE_SKIPPED, costs[before] + open + skip_cost(t->score, i), 1,
                  0, before);
        }
    }
}

/* Matches of the n words from j with 1..max_k syllables from i. */
static void relax_matches(const table *t, size_t i, size_t j, size_t n, long cost, int before)
{
    const silbe_letter *word = t->text->letters + t->text->first[j];
    size_t n_word = letters_of(t->text, j, n);
    const silbe_letter *sung = t->score->letters + t->score->first[i];
    /* Groups are rare and costly to compare: their first letters must agree. */
    if (n > 1 && (letters_of(t->score, i, 1) == 0 || sung->fold != word->fold)) {
        return;
    }
    size_t max_k = n == 1 ? MAX_SYLLABLES : MAX_SHARED_SYLLABLES;
    size_t rest = t->score->n_units - i;
    max_k = rest < max_k ? rest : max_k;
    /* More than twice the letters cannot match any more. */
    while (max_k > 1 && letters_of(t->score, i, max_k - 1) > 2 * n_word) {
        max_k--;
    }
    size_t n_sung = letters_of(t->score, i, max_k);
    if (n_sung > 2 * n_word) {
        n_sung = 2 * n_word;
    }
    silbe_letters_distances(word, n_word, sung, n_sung, t->distance, t->scratch);
    long inside = 0; /* boundaries that the score sees between syllables i and i + k */
    for (size_t k = 1; k <= max_k; k++) {
        inside += k > 1 && t->boundary[i + k - 1] ? 1 : 0;
        size_t n_letters = letters_of(t->score, i, k);
        size_t longer = n_letters > n_word ? n_letters : n_word;
        /* Several words make sense only where the score shows fewer boundaries, or others. */
        bool is_group = n == 1 || inside < (long)(n - 1) ||
                        (n_letters <= n_sung && t->distance[n_letters] == 0);
        if (n_letters > n_sung || n_letters == 0 || !is_group ||
            2 * t->distance[n_letters] > longer) {
            continue;
        }
        long disagree =
            labs(inside - (long)(n - 1)) + (t->boundary[i] ? 0 : 1) + (t->boundary[i + k] ? 0 : 1);
        relax(t, i + k, j + n, MATCHED,
              cost + COST_DISTANCE * (long)t->distance[n_letters] + COST_BOUNDARY * disagree +
                  COST_GROUP * (long)(n - 1),
              k, n, before);
    }
}

static int best_state(const long *costs)
{
    int best = 0;
    for (int state = 1; state < N_STATES; state++) {
        best = costs[state] < costs[best] ? state : best;
    }
    return best;
}

/* The cells of row i that a path within the limit can visit: an interval, since the bound is convex
 * in b(j). Both of its ends only grow with i. */
static void make_band(table *t)
{
    size_t n_words = t->text->n_units, n_syllables = t->score->n_units;
    size_t lo = 0, hi = 0;
    t->begin[0] = 0;
    for (size_t i = 0; i <= n_syllables; i++) {
        size_t sung = t->score->first[i];
        while (lo < n_words && t->text->first[lo] < sung &&
               gap(sung, t->text->first[lo]) + rest_cost(t, i, lo) > t->limit) {
            lo++;
        }
        hi = hi > lo ? hi : lo;
        while (hi <= n_words && (t->text->first[hi] <= sung ||
                                 gap(sung, t->text->first[hi]) + rest_cost(t, i, hi) <= t->limit)) {
            hi++;
        }
        t->lo[i] = lo;
        t->hi[i] = hi;
        t->begin[i + 1] = t->begin[i] + (hi - lo);
    }
}

/* Empties the place of row i, before anything is written there. */
static void clear_row(const table *t, size_t i)
{
    long *row = i <= t->score->n_units ? cost_at(t, i, 0) : NULL;
    for (size_t v = t->lo[i] * N_STATES; row != NULL && v < t->hi[i] * N_STATES; v++) {
        row[v] = UNREACHED;
    }
}

static void fill(const table *t)
{
    size_t n_words = t->text->n_units, n_syllables = t->score->n_units;
    for (size_t i = 0; i < N_ROWS && i <= n_syllables; i++) {
        clear_row(t, i);
    }
    cost_at(t, 0, 0)[MATCHED] = 0;
    for (size_t i = 0; i <= n_syllables; i++) {
        for (size_t j = t->lo[i]; j < t->hi[i]; j++) {
            const long *costs = cost_at(t, i, j);
            int before = best_state(costs);
            if (costs[before] >= UNREACHED) {
                continue;
            }
            for (size_t n = 1; n <= MAX_WORDS && j + n <= n_words && i < n_syllables; n++) {
                relax_matches(t, i, j, n, costs[before], before);
            }
            relax_skips(t, i, j, costs);
        }
        if (n_syllables - i >= N_ROWS) {
            clear_row(t, i + N_ROWS);
        }
    }
}

static silbe_reconcile_step *trace(const table *t, size_t *n_steps, silbe_err *err)
{
    size_t i = t->score->n_units, j = t->text->n_units, n = 0;
    silbe_reconcile_step *path = silbe_alloc(i + j, sizeof *path, "steps", err);
    if (path == NULL) {
        return NULL;
    }
    int state = best_state(cost_at(t, i, j));
    while (i > 0 || j > 0) {
        uint8_t step = t->steps[step_index(t, i, j, state)];
        i -= step / 16;
        j -= step / 4 % 4;
        state = step % 4;
        path[n++] = (silbe_reconcile_step){i, step / 16, j, step / 4 % 4, 0};
    }
    for (size_t a = 0, b = n; a + 1 < b; a++) {
        silbe_reconcile_step swapped = path[a];
        path[a] = path[--b];
        path[b] = swapped;
    }
    for (size_t s = 0; s < n; s++) {
        silbe_reconcile_step *step = &path[s];
        if (step->n_words > 0 && step->n_syllables > 0) {
            size_t n_sung = letters_of(t->score, step->first_syllable, step->n_syllables);
            silbe_letters_distances(t->text->letters + t->text->first[step->first_word],
                                    letters_of(t->text, step->first_word, step->n_words),
                                    t->score->letters + t->score->first[step->first_syllable],
                                    n_sung, t->distance, t->scratch);
            step->distance = t->distance[n_sung];
        }
    }
    *n_steps = n;
    return path;
}

/* Fills the table within t->limit; whether a path was found. */
static bool fill_within(table *t, silbe_err *err)
{
    size_t n_syllables = t->score->n_units;
    make_band(t);
    free(t->steps);
    t->steps = NULL;
    size_t n_cells = t->begin[n_syllables + 1];
    if (n_cells > MAX_TABLE_BYTES / N_STATES) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY,
                         "%zu syllables against %zu words that differ a lot are too many to "
                         "compare at once; split the work",
                         n_syllables, t->text->n_units);
    }
    t->steps = silbe_alloc(n_cells, N_STATES, "cells of syllables and words", err);
    if (t->steps == NULL) {
        return false;
    }
    fill(t);
    const long *last = cost_at(t, n_syllables, t->text->n_units);
    return last[best_state(last)] < UNREACHED;
}

silbe_reconcile_step *silbe_reconcile_align(const silbe_letter_units *score, const bool *boundary,
                                            const silbe_letter_units *text, const bool *line_start,
                                            size_t *n_steps, silbe_err *err)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    size_t height = score->n_units + 1, row = (text->n_units + 1) * N_STATES;
    size_t n_letters = score->first[score->n_units] + 1;
    table t = {.score = score, .text = text, .boundary = boundary, .line_start = line_start};
    t.costs = silbe_alloc(row, N_ROWS * sizeof *t.costs, "costs of words", err);
    t.lo = silbe_alloc(3 * height + 1, sizeof *t.lo, "syllables", err); /* and hi, and begin */
    t.distance = silbe_alloc(2 * n_letters, sizeof *t.distance, "letters", err); /* and scratch */
    silbe_reconcile_step *steps = NULL;
    if (!silbe_failed(err)) {
        t.hi = t.lo + height;
        t.begin = t.hi + height;
        t.scratch = t.distance + n_letters;
        t.limit = rest_cost(&t, 0, 0) + FIRST_LIMIT;
        while (!fill_within(&t, err) && !silbe_failed(err)) {
            t.limit *= LIMIT_FACTOR;
        }
        steps = silbe_failed(err) ? NULL : trace(&t, n_steps, err);
    }
    free(t.costs);
    free(t.lo);
    free(t.steps);
    free(t.distance);
    return steps;
}
