/*
 * Reference times of the words of a silbe_lyrics.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/reference.h"
#include "datasets/word_pairing.h"
#include "features/base/memory.h"

/* Score positions that differ by less are the same (sums of durations / divisions). */
static const double SAME_POSITION_Q = 1e-6;

static void new_words(const silbe_lyrics *lyrics, silbe_reference_words *words, silbe_err *err)
{
    *words = (silbe_reference_words)SILBE_REFERENCE_WORDS_INIT;
    words->words = silbe_alloc(lyrics->n_words, sizeof *words->words, "words", err);
    words->n_words = silbe_failed(err) ? 0 : lyrics->n_words;
}

/* "word 12 "Winter" (line 3)": 1-based, as a person counts. */
static void report_word(silbe_reference_words *words, const silbe_lyrics *lyrics, size_t word,
                        const char *why, silbe_err *err)
{
    silbe_try(err,
              silbe_messages_add(&words->reports, err, "word %zu \"%s\" (line %zu): %s", word + 1,
                                 lyrics->words[word].text, lyrics->words[word].line + 1, why));
}

/* ---- from notes ---- */

/*
 * For each syllable of the lyrics the one of the score at the same position, or SILBE_UNPAIRED; to
 * be freed. Both are in order; several at one position (an elision) pair in order.
 */
static size_t *map_syllables(const silbe_lyrics *lyrics, const silbe_score *score, silbe_err *err)
{
    size_t *partner = silbe_alloc(lyrics->n_syllables, sizeof *partner, "syllables", err);
    size_t next = 0;
    for (size_t i = 0; i < lyrics->n_syllables && partner != NULL; i++) {
        double onset_q = lyrics->syllables[i].onset_q;
        while (next < score->n_syllables &&
               score->syllables[next].onset_q < onset_q - SAME_POSITION_Q) {
            next++;
        }
        partner[i] = SILBE_UNPAIRED;
        if (next < score->n_syllables &&
            score->syllables[next].onset_q <= onset_q + SAME_POSITION_Q) {
            partner[i] = next++;
        }
    }
    return partner;
}

/* Fills the word and returns NULL, or says why it has no reference. */
static const char *place_word(const silbe_word *word, const size_t *partner,
                              const silbe_reference_pairing *pairing, silbe_reference_word *out)
{
    size_t first = partner[word->first_syllable];
    if (first == SILBE_UNPAIRED) {
        return "the score has no syllable at its place";
    }
    switch (pairing->syllables[first].kind) {
    case SILBE_PAIR_EQUAL:
        break;
    case SILBE_PAIR_OTHER:
        return "the annotation has another pitch for its first note";
    default:
        return "the annotation has no note for its beginning";
    }
    *out = (silbe_reference_word){true, pairing->syllables[first].start_s, 0.0, false, NAN};
    /* The end is known if the last syllable is. */
    size_t last = partner[word->first_syllable + word->n_syllables - 1];
    if (last != SILBE_UNPAIRED && pairing->syllables[last].kind == SILBE_PAIR_EQUAL) {
        out->end_s = fmax(pairing->syllables[last].end_s, out->start_s);
        out->has_end = true;
    }
    return NULL;
}

/* Of two words on one note only the first has an onset that a note tells. */
static bool shares_note(const silbe_lyrics *lyrics, size_t word)
{
    size_t first = lyrics->words[word].first_syllable;
    return first > 0 && lyrics->syllables[first].onset_q <=
                            lyrics->syllables[first - 1].onset_q + SAME_POSITION_Q;
}

silbe_status silbe_reference_words_from_notes(const silbe_score *score,
                                              const silbe_reference_pairing *pairing,
                                              const silbe_lyrics *lyrics,
                                              silbe_reference_words *words, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    new_words(lyrics, words, err);
    if (pairing->n_syllables != score->n_syllables) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_ARGUMENT,
                                  "the pairing has %zu syllables, the score %zu: not of the same "
                                  "score",
                                  pairing->n_syllables, score->n_syllables));
    }
    size_t *partner = map_syllables(lyrics, score, err);
    for (size_t i = 0; i < lyrics->n_words && !silbe_failed(err); i++) {
        const char *why = shares_note(lyrics, i)
                              ? "it shares its first note with the word before"
                              : place_word(&lyrics->words[i], partner, pairing, &words->words[i]);
        words->n_known += why == NULL;
        if (why != NULL) {
            report_word(words, lyrics, i, why, err);
        }
    }
    free(partner);
    return err->status;
}

/* ---- from a file of words ---- */

/* Reports the rows from next_row to before row: they have no partner. */
static void report_rows(const silbe_word_rows *rows, size_t next_row, size_t row,
                        silbe_messages *reports, silbe_err *err)
{
    for (; next_row < row && !silbe_failed(err); next_row++) {
        const silbe_word_row *extra = &rows->rows[next_row];
        silbe_try(err, silbe_messages_add(reports, err,
                                          "reference word \"%s\" (line %zu of its file, %.3f s): "
                                          "not in the lyrics at its place",
                                          extra->word, extra->line, extra->start_s));
    }
}

/* Copies the times of paired rows that are set and reports the words and rows without partner, in
 * order; the number of pairs. */
static size_t fill_words(const silbe_lyrics *lyrics, const silbe_word_rows *rows,
                         const size_t *partner, silbe_reference_words *words, silbe_err *err)
{
    size_t next_row = 0, n_pairs = 0;
    for (size_t i = 0; i < lyrics->n_words && !silbe_failed(err); i++) {
        size_t row = partner[i];
        if (row == SILBE_UNPAIRED) {
            report_word(words, lyrics, i, "not among the reference words at its place", err);
            continue;
        }
        report_rows(rows, next_row, row, &words->reports, err);
        const silbe_word_row *in = &rows->rows[row];
        bool is_set = silbe_word_row_is_set(in);
        words->words[i] =
            (silbe_reference_word){is_set, in->start_s, in->end_s, in->has_end, in->confidence};
        words->n_known += is_set;
        n_pairs++;
        next_row = row + 1;
    }
    report_rows(rows, next_row, rows->n_rows, &words->reports, err);
    if (n_pairs > words->n_known) {
        silbe_try(err, silbe_messages_add(&words->reports, err,
                                          "%zu of %zu words have a confidence below 1 and are no "
                                          "reference",
                                          n_pairs - words->n_known, n_pairs));
    }
    return n_pairs;
}

silbe_status silbe_reference_words_from_rows(const silbe_lyrics *lyrics,
                                             const silbe_word_rows *rows,
                                             silbe_reference_words *words, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    new_words(lyrics, words, err);
    const char **left = silbe_alloc(lyrics->n_words, sizeof *left, "words", err);
    const char **right = silbe_alloc(rows->n_rows, sizeof *right, "words", err);
    size_t *partner = silbe_alloc(lyrics->n_words, sizeof *partner, "words", err);
    for (size_t i = 0; i < lyrics->n_words && !silbe_failed(err); i++) {
        left[i] = lyrics->words[i].text;
    }
    for (size_t i = 0; i < rows->n_rows && !silbe_failed(err); i++) {
        right[i] = rows->rows[i].word;
    }
    silbe_try(err, silbe_pair_words(left, lyrics->n_words, right, rows->n_rows, partner, err));
    size_t n_pairs = fill_words(lyrics, rows, partner, words, err);
    if (n_pairs == 0 || 2 * n_pairs < lyrics->n_words) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MISMATCH,
                                  "only %zu of the %zu words of the lyrics are among the %zu "
                                  "reference words (%s); they are of different texts",
                                  n_pairs, lyrics->n_words, rows->n_rows,
                                  words->reports.n > 0 ? words->reports.texts[0] : "no words"));
    }
    free(left);
    free(right);
    free(partner);
    return err->status;
}

void silbe_reference_words_free(silbe_reference_words *words)
{
    if (words != NULL) {
        free(words->words);
        silbe_messages_free(&words->reports);
        *words = (silbe_reference_words)SILBE_REFERENCE_WORDS_INIT;
    }
}
