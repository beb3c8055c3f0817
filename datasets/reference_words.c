/*
 * Reference times of the words of a silbe_lyrics.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "datasets/edit_alignment.h"
#include "datasets/reference.h"

/* Score positions that differ by less are the same (sums of durations / divisions). */
static const double SAME_POSITION_Q = 1e-6;

static silbe_status new_words(const silbe_lyrics *lyrics, silbe_reference_words *words,
                              silbe_err *err)
{
    *words = (silbe_reference_words)SILBE_REFERENCE_WORDS_INIT;
    words->words = calloc(lyrics->n_words + 1, sizeof *words->words);
    if (words->words == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", lyrics->n_words);
    }
    words->n_words = lyrics->n_words;
    return SILBE_OK;
}

/* "word 12 "Winter" (line 3)": 1-based, as a person counts. */
static silbe_status report_word(silbe_reference_words *words, const silbe_lyrics *lyrics,
                                size_t word, const char *why, silbe_err *err)
{
    return silbe_messages_add(&words->reports, err, "word %zu \"%s\" (line %zu): %s", word + 1,
                              lyrics->words[word].text, lyrics->words[word].line + 1, why);
}

/* ---- from notes ---- */

/*
 * For each syllable of the lyrics the one of the score at the same position, or SILBE_UNPAIRED.
 * Both are in order; several at one position (an elision) pair in order.
 */
static void map_syllables(const silbe_lyrics *lyrics, const silbe_score *score, size_t *partner)
{
    size_t next = 0;
    for (size_t i = 0; i < lyrics->n_syllables; i++) {
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
    silbe_status status = new_words(lyrics, words, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (pairing->n_syllables != score->n_syllables) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "the pairing has %zu syllables, the score %zu: not of the same score",
                          pairing->n_syllables, score->n_syllables);
    }
    size_t *partner = calloc(lyrics->n_syllables + 1, sizeof *partner);
    if (partner == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu syllables",
                          lyrics->n_syllables);
    }
    map_syllables(lyrics, score, partner);
    for (size_t i = 0; status == SILBE_OK && i < lyrics->n_words; i++) {
        const char *why = shares_note(lyrics, i)
                              ? "it shares its first note with the word before"
                              : place_word(&lyrics->words[i], partner, pairing, &words->words[i]);
        words->n_known += why == NULL;
        if (why != NULL) {
            status = report_word(words, lyrics, i, why, err);
        }
    }
    free(partner);
    return status;
}

/* ---- from a file of words ---- */

typedef struct {
    uint8_t **left;  /* letters of the lyrics' words */
    uint8_t **right; /* letters of the rows */
    size_t offset;   /* elements that both have in common at the beginning */
} word_texts;

/* Letters and digits, case-folded (sharp s becomes ss) and NFC; the text itself, folded, if it has
 * none. NULL without memory. */
static uint8_t *letters_of(const char *text)
{
    size_t length = 0;
    uint8_t *folded =
        u8_casefold((const uint8_t *)text, strlen(text) + 1, NULL, UNINORM_NFC, NULL, &length);
    uint8_t *letters = folded != NULL ? malloc(length) : NULL;
    if (letters == NULL) {
        free(folded);
        return NULL;
    }
    size_t n_kept = 0;
    for (size_t i = 0; i < length && folded[i] != '\0';) {
        ucs4_t character = 0;
        int n_bytes = u8_mbtouc(&character, folded + i, length - i);
        if (uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                            UC_CATEGORY_MASK_N)) {
            memcpy(letters + n_kept, folded + i, (size_t)n_bytes);
            n_kept += (size_t)n_bytes;
        }
        i += (size_t)n_bytes;
    }
    letters[n_kept] = '\0';
    if (n_kept == 0) {
        free(letters);
        return folded;
    }
    free(folded);
    return letters;
}

static int64_t word_cost(size_t i, size_t j, const void *context)
{
    const word_texts *texts = context;
    /* Unequal words never pair: two edits are cheaper. */
    return u8_strcmp(texts->left[texts->offset + i], texts->right[texts->offset + j]) == 0 ? 0 : 3;
}

static void free_texts(uint8_t **texts, size_t n)
{
    for (size_t i = 0; texts != NULL && i < n; i++) {
        free(texts[i]);
    }
    free(texts);
}

/* Equal beginnings and ends pair at once (no pairing is cheaper); the middle by edits. */
static silbe_status pair_words(word_texts *texts, size_t n_left, size_t n_right, size_t *partner,
                               silbe_err *err)
{
    size_t tail = 0;
    texts->offset = 0;
    while (texts->offset < n_left && texts->offset < n_right &&
           u8_strcmp(texts->left[texts->offset], texts->right[texts->offset]) == 0) {
        partner[texts->offset] = texts->offset;
        texts->offset++;
    }
    while (tail < n_left - texts->offset && tail < n_right - texts->offset &&
           u8_strcmp(texts->left[n_left - 1 - tail], texts->right[n_right - 1 - tail]) == 0) {
        partner[n_left - 1 - tail] = n_right - 1 - tail;
        tail++;
    }
    const silbe_edit_costs costs = {1, 1, word_cost, texts};
    size_t n_middle = n_left - texts->offset - tail;
    silbe_status status = silbe_edit_align(n_middle, n_right - texts->offset - tail, &costs,
                                           partner + texts->offset, NULL, err);
    for (size_t i = texts->offset; status == SILBE_OK && i < texts->offset + n_middle; i++) {
        partner[i] += partner[i] != SILBE_UNPAIRED ? texts->offset : 0;
    }
    return status;
}

/* Copies the times of paired rows and reports the words and rows without partner, in order. */
static silbe_status fill_words(const silbe_lyrics *lyrics, const silbe_word_rows *rows,
                               const size_t *partner, silbe_reference_words *words, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    size_t next_row = 0;
    for (size_t i = 0; status == SILBE_OK && i <= lyrics->n_words; i++) {
        bool is_end = i == lyrics->n_words;
        if (!is_end && partner[i] == SILBE_UNPAIRED) {
            status =
                report_word(words, lyrics, i, "not among the reference words at its place", err);
            continue;
        }
        size_t row = is_end ? rows->n_rows : partner[i];
        for (; status == SILBE_OK && next_row < row; next_row++) {
            const silbe_word_row *extra = &rows->rows[next_row];
            status = silbe_messages_add(&words->reports, err,
                                        "reference word \"%s\" (line %zu of its file, %.3f s): not "
                                        "in the lyrics at its place",
                                        extra->word, extra->line, extra->start_s);
        }
        if (!is_end) {
            const silbe_word_row *in = &rows->rows[row];
            words->words[i] =
                (silbe_reference_word){true, in->start_s, in->end_s, in->has_end, in->confidence};
            words->n_known++;
            next_row = row + 1;
        }
    }
    return status;
}

silbe_status silbe_reference_words_from_rows(const silbe_lyrics *lyrics,
                                             const silbe_word_rows *rows,
                                             silbe_reference_words *words, silbe_err *err)
{
    word_texts texts = {NULL, NULL, 0};
    size_t *partner = NULL;
    silbe_status status = new_words(lyrics, words, err);
    if (status != SILBE_OK) {
        return status;
    }
    texts.left = calloc(lyrics->n_words + 1, sizeof *texts.left);
    texts.right = calloc(rows->n_rows + 1, sizeof *texts.right);
    partner = calloc(lyrics->n_words + 1, sizeof *partner);
    bool has_memory = texts.left != NULL && texts.right != NULL && partner != NULL;
    for (size_t i = 0; has_memory && i < lyrics->n_words; i++) {
        texts.left[i] = letters_of(lyrics->words[i].text);
        has_memory = texts.left[i] != NULL;
    }
    for (size_t i = 0; has_memory && i < rows->n_rows; i++) {
        texts.right[i] = letters_of(rows->rows[i].word);
        has_memory = texts.right[i] != NULL;
    }
    if (!has_memory) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", lyrics->n_words);
        goto done;
    }
    status = pair_words(&texts, lyrics->n_words, rows->n_rows, partner, err);
    if (status == SILBE_OK) {
        status = fill_words(lyrics, rows, partner, words, err);
    }
    if (status == SILBE_OK && (words->n_known == 0 || 2 * words->n_known < lyrics->n_words)) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "only %zu of the %zu words of the lyrics are among the %zu reference "
                            "words (%s); they are of different texts",
                            words->n_known, lyrics->n_words, rows->n_rows,
                            words->reports.n > 0 ? words->reports.texts[0] : "no words");
    }
done:
    free_texts(texts.left, lyrics->n_words);
    free_texts(texts.right, rows->n_rows);
    free(partner);
    return status;
}

void silbe_reference_words_free(silbe_reference_words *words)
{
    if (words != NULL) {
        free(words->words);
        silbe_messages_free(&words->reports);
        *words = (silbe_reference_words)SILBE_REFERENCE_WORDS_INIT;
    }
}
