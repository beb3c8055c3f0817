#include "align/lyrics/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "align/lyrics/reconcile_internal.h"
#include "align/lyrics/score_words.h"
#include "features/base/memory.h"

static void free_all(silbe_reconciliation *all)
{
    silbe_lyrics_text_free(&all->text);
    silbe_letters_free(&all->score_letters);
    silbe_letters_free(&all->text_letters);
    free(all->first_score_letter);
    free(all->first_text_letter);
    free(all->boundary);
    free(all->line_start);
    free(all->steps);
}

static void prepare_score(silbe_reconciliation *all, silbe_err *err)
{
    const silbe_score *score = all->score;
    for (size_t i = 0; i < score->n_syllables; i++) {
        all->boundary[i] = silbe_score_word_starts(score, i);
        all->first_score_letter[i] = all->score_letters.n_items;
        const char *text = score->syllables[i].text;
        silbe_try(err, silbe_letters_append(&all->score_letters, text, strlen(text), err));
    }
    all->boundary[score->n_syllables] = true;
    all->first_score_letter[score->n_syllables] = all->score_letters.n_items;
}

static void prepare_text(silbe_reconciliation *all, silbe_err *err)
{
    const silbe_lyrics_text *text = &all->text;
    for (size_t w = 0; w < text->n_words; w++) {
        all->line_start[w] = w == 0 || text->words[w].line != text->words[w - 1].line;
        all->first_text_letter[w] = all->text_letters.n_items;
        const char *word = text->words[w].text;
        silbe_try(err, silbe_letters_append(&all->text_letters, word, strlen(word), err));
    }
    all->line_start[text->n_words] = true;
    all->first_text_letter[text->n_words] = all->text_letters.n_items;
}

static void prepare(silbe_reconciliation *all, silbe_err *err)
{
    size_t n_syllables = all->score->n_syllables + 1, n_words = all->text.n_words + 1;
    all->first_score_letter =
        silbe_alloc(n_syllables, sizeof *all->first_score_letter, "syllables", err);
    all->boundary = silbe_alloc(n_syllables, sizeof *all->boundary, "syllables", err);
    all->first_text_letter = silbe_alloc(n_words, sizeof *all->first_text_letter, "words", err);
    all->line_start = silbe_alloc(n_words, sizeof *all->line_start, "words", err);
    if (!silbe_failed(err)) {
        prepare_score(all, err);
        prepare_text(all, err);
    }
}

/* Finds the steps. */
static void align(silbe_reconciliation *all, silbe_err *err)
{
    silbe_letter_units sung = {all->score_letters.items, all->first_score_letter,
                               all->score->n_syllables};
    silbe_letter_units words = {all->text_letters.items, all->first_text_letter, all->text.n_words};
    all->steps =
        silbe_reconcile_align(&sung, all->boundary, &words, all->line_start, &all->n_steps, err);
}

/* Letters of matches that agree, as a share of the letters of the smaller side. */
static void check_share(const silbe_reconciliation *all, silbe_err *err)
{
    size_t n_agreeing = 0;
    for (size_t s = 0; s < all->n_steps; s++) {
        const silbe_reconcile_step *step = &all->steps[s];
        if (step->n_words > 0 && step->n_syllables > 0) {
            size_t n_text =
                silbe_n_letters(all->first_text_letter, step->first_word, step->n_words);
            size_t n_sung =
                silbe_n_letters(all->first_score_letter, step->first_syllable, step->n_syllables);
            n_agreeing += (n_text > n_sung ? n_text : n_sung) - step->distance;
        }
    }
    size_t n_text = all->text_letters.n_items, n_sung = all->score_letters.n_items;
    size_t n_smaller = n_text < n_sung ? n_text : n_sung;
    double share = n_smaller > 0 ? (double)n_agreeing / (double)n_smaller : 0.0;
    if (!(share >= SILBE_RECONCILE_MIN_SHARE)) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_MISMATCH,
                             "only %.0f %% of the letters of score and lyrics fit together (%zu of "
                             "%zu; %.0f %% are needed): these are the lyrics of another song",
                             100.0 * share, n_agreeing, n_smaller,
                             100.0 * SILBE_RECONCILE_MIN_SHARE));
    }
}

static silbe_status check_score(const silbe_score *score, silbe_err *err)
{
    if (score->n_syllables == 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "the score has no lyrics; write them under its notes, or check that the "
                          "sung part is the right one");
    }
    for (size_t i = 0; i < score->n_syllables; i++) {
        const char *text = score->syllables[i].text;
        if (u8_check((const uint8_t *)text, strlen(text)) != NULL) {
            return silbe_fail(err, SILBE_ERR_FORMAT, "syllable %zu of the score is not UTF-8",
                              i + 1);
        }
    }
    return SILBE_OK;
}

static void from_score(const silbe_score *score, silbe_lyrics *lyrics, silbe_err *err)
{
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    size_t stanza = 0;
    silbe_score_words_append(score, 0, score->n_syllables, false, &stanza, &builder, err);
    if (builder.lyrics.n_words == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA, "the lyrics of the score hold no words"));
    }
    silbe_take_lyrics(&builder, lyrics, err);
}

silbe_status silbe_lyrics_reconcile(const silbe_score *score, const char *text, size_t n_bytes,
                                    silbe_lyrics *lyrics, silbe_differences *differences,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_reconciliation all = {.score = score};
    silbe_try(err, check_score(score, err));
    if (text == NULL) {
        from_score(score, lyrics, err);
        return err->status;
    }
    silbe_try(err, silbe_lyrics_text_parse(text, n_bytes, &all.text, err));
    silbe_try(err, silbe_lyrics_text_check_tags(&all.text, err));
    prepare(&all, err);
    align(&all, err);
    check_share(&all, err);
    silbe_reconcile_differences(&all, differences, err);
    silbe_reconcile_emit(&all, lyrics, err);
    if (silbe_failed(err)) {
        silbe_differences_free(differences);
    }
    free_all(&all);
    return err->status;
}
