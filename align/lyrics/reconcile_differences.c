#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/reconcile_internal.h"
#include "align/lyrics/score_words.h"
#include "features/base/memory.h"

void silbe_differences_free(silbe_differences *differences)
{
    for (size_t i = 0; i < differences->n_items; i++) {
        free(differences->items[i].in_text);
        free(differences->items[i].in_score);
    }
    free(differences->items);
    *differences = (silbe_differences)SILBE_DIFFERENCES_INIT;
}

const char *silbe_difference_kind_str(silbe_difference_kind kind)
{
    static const char *const NAMES[SILBE_N_DIFFERENCE_KINDS] = {
        [SILBE_DIFFERENCE_TEXT_ONLY] = "text only",
        [SILBE_DIFFERENCE_SCORE_ONLY] = "score only",
        [SILBE_DIFFERENCE_SPELLING] = "spelling",
        [SILBE_DIFFERENCE_DIVISION] = "division",
    };
    return (int)kind >= 0 && kind < SILBE_N_DIFFERENCE_KINDS ? NAMES[kind] : NULL;
}

typedef struct {
    const silbe_reconciliation *all;
    silbe_differences list;
} collector;

/* Words [first, last) of the text with blanks between, to be freed. */
static char *join_words(const silbe_lyrics_text *text, size_t first, size_t last, silbe_err *err)
{
    size_t size = 1, at = 0;
    for (size_t w = first; w < last; w++) {
        size += strlen(text->words[w].text) + 1;
    }
    char *joined = silbe_alloc(size, 1, "bytes of words", err);
    for (size_t w = first; joined != NULL && w < last; w++) {
        size_t length = strlen(text->words[w].text);
        if (w > first) {
            joined[at++] = ' ';
        }
        memcpy(joined + at, text->words[w].text, length);
        at += length;
    }
    return joined;
}

/* Number of the measure at onset_q; -1 before the first. Grace notes in front of a bar line belong
 * to the measure that they are written in, hence the slack. */
static int measure_at(const silbe_score *score, double onset_q)
{
    int number = -1;
    for (size_t i = 0; i < score->n_measures && score->measures[i].onset_q <= onset_q + 1e-6; i++) {
        number = score->measures[i].number;
    }
    return number;
}

/* Records words [word, last_word) of the text against syllables [syllable, last_syllable). */
static void record(collector *to, silbe_difference_kind kind, size_t word, size_t last_word,
                   size_t syllable, size_t last_syllable, silbe_err *err)
{
    const silbe_score *score = to->all->score;
    const silbe_lyrics_text *text = &to->all->text;
    silbe_difference item = {.kind = kind, .measure = -1, .onset_q = NAN};
    item.in_score = silbe_score_spelling(score, syllable, last_syllable, err);
    item.in_text = join_words(text, word, last_word, err);
    to->list.items = silbe_grow(to->list.items, to->list.n_items, NULL, sizeof *to->list.items,
                                "differences", err);
    if (silbe_failed(err) || (kind == SILBE_DIFFERENCE_SCORE_ONLY && item.in_score[0] == '\0')) {
        free(item.in_score);
        free(item.in_text);
        return;
    }
    if (word < last_word) {
        item.text_line = text->lines[text->words[word].line].number;
    }
    if (syllable < last_syllable) {
        item.onset_q = score->syllables[syllable].onset_q;
        item.measure = measure_at(score, item.onset_q);
    }
    to->list.items[to->list.n_items++] = item;
}

/* Skipped words of the steps [first, last), one difference for each verse, then the syllables. */
static void record_skips(collector *to, size_t first, size_t last, silbe_err *err)
{
    const silbe_reconcile_step *steps = to->all->steps;
    const silbe_reconcile_step *end = &steps[last - 1];
    size_t word = steps[first].first_word, last_word = end->first_word + end->n_words;
    while (word < last_word) {
        size_t stop = word + 1;
        while (stop < last_word && !to->all->line_start[stop]) {
            stop++;
        }
        record(to, SILBE_DIFFERENCE_TEXT_ONLY, word, stop, 0, 0, err);
        word = stop;
    }
    size_t syllable = steps[first].first_syllable;
    size_t last_syllable = end->first_syllable + end->n_syllables;
    if (syllable < last_syllable) {
        record(to, SILBE_DIFFERENCE_SCORE_ONLY, 0, 0, syllable, last_syllable, err);
    }
}

/* Whether words and syllables of a match have the same letters. */
static bool has_same_letters(const silbe_reconciliation *all, const silbe_reconcile_step *step)
{
    size_t n = silbe_n_letters(all->first_text_letter, step->first_word, step->n_words);
    if (n != silbe_n_letters(all->first_score_letter, step->first_syllable, step->n_syllables)) {
        return false;
    }
    const silbe_letter *text = all->text_letters.items + all->first_text_letter[step->first_word];
    const silbe_letter *sung =
        all->score_letters.items + all->first_score_letter[step->first_syllable];
    for (size_t i = 0; i < n; i++) {
        if (text[i].letter != sung[i].letter) {
            return false;
        }
    }
    return true;
}

/* Matches [first, last) that the score writes as one word, or a single one. */
static void record_matches(collector *to, size_t first, size_t last, silbe_err *err)
{
    const silbe_reconciliation *all = to->all;
    bool is_spelt_alike = true;
    bool is_divided = last - first > 1;
    for (size_t s = first; s < last; s++) {
        const silbe_reconcile_step *step = &all->steps[s];
        size_t n_inside = 0;
        for (size_t k = 1; k < step->n_syllables; k++) {
            n_inside += all->boundary[step->first_syllable + k] ? 1 : 0;
        }
        is_divided = is_divided || n_inside != step->n_words - 1;
        is_spelt_alike = is_spelt_alike && has_same_letters(all, step);
    }
    if (is_spelt_alike && !is_divided) {
        return;
    }
    const silbe_reconcile_step *begin = &all->steps[first], *end = &all->steps[last - 1];
    record(to, is_spelt_alike ? SILBE_DIFFERENCE_DIVISION : SILBE_DIFFERENCE_SPELLING,
           begin->first_word, end->first_word + end->n_words, begin->first_syllable,
           end->first_syllable + end->n_syllables, err);
}

static bool is_match(const silbe_reconcile_step *step)
{
    return step->n_words > 0 && step->n_syllables > 0;
}

void silbe_reconcile_differences(const silbe_reconciliation *all, silbe_differences *differences,
                                 silbe_err *err)
{
    collector to = {.all = all};
    for (size_t s = 0; s < all->n_steps && !silbe_failed(err);) {
        size_t last = s + 1;
        if (is_match(&all->steps[s])) {
            while (last < all->n_steps && is_match(&all->steps[last]) &&
                   !all->boundary[all->steps[last].first_syllable]) {
                last++;
            }
            record_matches(&to, s, last, err);
        } else {
            while (last < all->n_steps && !is_match(&all->steps[last])) {
                last++;
            }
            record_skips(&to, s, last, err);
        }
        s = last;
    }
    if (silbe_failed(err)) {
        silbe_differences_free(&to.list);
    } else {
        *differences = to.list;
    }
}
