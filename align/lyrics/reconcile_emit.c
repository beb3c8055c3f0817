#include <stdlib.h>
#include <string.h>

#include "align/lyrics/reconcile_internal.h"
#include "align/lyrics/score_words.h"
#include "features/base/memory.h"

/* A piece of a word that one syllable of the score sings. */
typedef struct {
    size_t word;
    size_t begin;    /* byte in the word */
    size_t syllable; /* of the score */
} piece;

/* Cuts the words of a match into pieces, to be freed by the caller: at least one for each word. A
 * character goes to the syllable that has the letter it stands for. */
static piece *cut(const silbe_reconciliation *all, const silbe_reconcile_step *step,
                  size_t *n_pieces, silbe_err *err)
{
    size_t first_letter = all->first_text_letter[step->first_word];
    size_t n_letters = silbe_n_letters(all->first_text_letter, step->first_word, step->n_words);
    size_t first_sung = all->first_score_letter[step->first_syllable];
    size_t n_sung =
        silbe_n_letters(all->first_score_letter, step->first_syllable, step->n_syllables);
    const silbe_letter *letters = all->text_letters.items + first_letter;
    size_t *partner = silbe_alloc(n_letters, sizeof *partner, "letters", err);
    piece *cuts = silbe_alloc(n_letters, sizeof *cuts, "letters", err);
    size_t syllable = step->first_syllable, word = step->first_word;
    silbe_try(err, silbe_letters_pair(letters, n_letters, all->score_letters.items + first_sung,
                                      n_sung, partner, err));
    for (size_t i = 0; i < n_letters && !silbe_failed(err); i++) {
        bool is_new_word = i == 0;
        while (first_letter + i >= all->first_text_letter[word + 1]) {
            word++;
            is_new_word = true;
        }
        if (!is_new_word && letters[i].begin == letters[i - 1].begin) {
            continue; /* the second letter of one character: "ss" of a sharp s */
        }
        size_t before = syllable;
        while (first_sung + partner[i] >= all->first_score_letter[syllable + 1]) {
            syllable++;
        }
        if (is_new_word || syllable != before) {
            cuts[(*n_pieces)++] = (piece){word, is_new_word ? 0 : letters[i].begin, syllable};
        }
    }
    free(partner);
    return cuts;
}

/* Starts the line of a word of the text unless it is the last one already. */
static void enter_line(const silbe_reconciliation *all, size_t line, size_t *current_line,
                       silbe_lyrics_builder *builder, silbe_err *err)
{
    if (*current_line != line) {
        const silbe_text_line *text = &all->text.lines[line];
        *current_line = line;
        silbe_try(err,
                  silbe_builder_line(builder, text->text, strlen(text->text), text->stanza, err));
        silbe_builder_language(builder, text->language, text->is_tagged);
    }
}

static void emit_match(const silbe_reconciliation *all, const silbe_reconcile_step *step,
                       size_t *current_line, silbe_lyrics_builder *builder, silbe_err *err)
{
    const silbe_score_syllable *sung = all->score->syllables;
    size_t last_syllable = step->first_syllable + step->n_syllables - 1;
    size_t n_pieces = 0;
    piece *pieces = cut(all, step, &n_pieces, err);
    for (size_t p = 0; p < n_pieces && !silbe_failed(err); p++) {
        const silbe_text_word *word = &all->text.words[pieces[p].word];
        size_t size = strlen(word->text);
        if (p == 0 || pieces[p].word != pieces[p - 1].word) {
            enter_line(all, word->line, current_line, builder, err);
            silbe_try(err, silbe_builder_word(builder, word->text, size, err));
        }
        bool is_last = p + 1 == n_pieces;
        bool ends_word = is_last || pieces[p + 1].word != pieces[p].word;
        size_t end = ends_word ? size : pieces[p + 1].begin;
        /* Syllables between this piece and the next have no letters: their notes go on with it. */
        size_t from = p == 0 ? step->first_syllable : pieces[p].syllable;
        size_t until = is_last ? last_syllable : pieces[p + 1].syllable;
        until = !is_last && until > pieces[p].syllable ? until - 1 : until;
        silbe_try(err, silbe_builder_syllable(builder, word->text + pieces[p].begin,
                                              end - pieces[p].begin, sung[from].onset_q,
                                              sung[until].end_q, err));
    }
    free(pieces);
}

/* Syllables that start together share their time in equal parts. */
static void share_time(silbe_lyrics *lyrics)
{
    silbe_syllable *syllables = lyrics->syllables;
    for (size_t i = 0; i < lyrics->n_syllables;) {
        size_t last = i + 1;
        double onset_q = syllables[i].onset_q, end_q = syllables[i].end_q;
        while (last < lyrics->n_syllables && syllables[last].onset_q == onset_q) {
            end_q = syllables[last].end_q > end_q ? syllables[last].end_q : end_q;
            last++;
        }
        double share_q = (end_q - onset_q) / (double)(last - i);
        for (size_t k = i; last - i > 1 && k < last; k++) {
            syllables[k].onset_q = onset_q + share_q * (double)(k - i);
            syllables[k].end_q = onset_q + share_q * (double)(k - i + 1);
        }
        i = last;
    }
}

void silbe_take_lyrics(silbe_lyrics_builder *builder, silbe_lyrics *lyrics, silbe_err *err)
{
    if (silbe_failed(err)) {
        silbe_lyrics_free(&builder->lyrics);
    } else {
        share_time(&builder->lyrics);
        *lyrics = builder->lyrics;
    }
}

/* Steps from s on up to the next match; the syllables among them are *first..*last. */
static size_t skipped_run(const silbe_reconciliation *all, size_t s, size_t *first, size_t *last)
{
    *first = all->steps[s].first_syllable;
    *last = *first;
    while (s < all->n_steps && (all->steps[s].n_words == 0 || all->steps[s].n_syllables == 0)) {
        *last = all->steps[s].first_syllable + all->steps[s].n_syllables;
        s++;
    }
    return s;
}

void silbe_reconcile_emit(const silbe_reconciliation *all, silbe_lyrics *lyrics, silbe_err *err)
{
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    size_t current_line = SIZE_MAX;
    for (size_t s = 0; s < all->n_steps && !silbe_failed(err);) {
        const silbe_reconcile_step *step = &all->steps[s];
        if (step->n_words > 0 && step->n_syllables > 0) {
            emit_match(all, step, &current_line, &builder, err);
            s++;
            continue;
        }
        size_t first = 0, last = 0;
        s = skipped_run(all, s, &first, &last);
        size_t next_line =
            s < all->n_steps ? all->text.words[all->steps[s].first_word].line : SIZE_MAX;
        bool in_line = current_line != SIZE_MAX && current_line == next_line;
        /* A line of its own belongs to the stanza of the verse before it. */
        size_t near = current_line != SIZE_MAX ? current_line : next_line;
        size_t stanza = near != SIZE_MAX ? all->text.lines[near].stanza : 0;
        silbe_score_words_append(all->score, first, last, in_line, &stanza, &builder, err);
    }
    silbe_take_lyrics(&builder, lyrics, err);
}
