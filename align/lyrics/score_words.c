#include "align/lyrics/score_words.h"

#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

bool silbe_score_word_starts(const silbe_score *score, size_t i)
{
    if (i == 0 || i >= score->n_syllables) {
        return true;
    }
    silbe_syllabic before = score->syllables[i - 1].syllabic;
    silbe_syllabic here = score->syllables[i].syllabic;
    return before == SILBE_SYLLABIC_SINGLE || before == SILBE_SYLLABIC_END ||
           here == SILBE_SYLLABIC_SINGLE || here == SILBE_SYLLABIC_BEGIN;
}

/* Copies the spelling of a syllable to `to` (room for strlen(text) bytes) and returns its length; 0
 * if it has no letter. */
static size_t spell(const char *text, char *to)
{
    size_t n_bytes = 0, size = strlen(text);
    bool has_letter = false;
    for (size_t at = 0; at < size;) {
        ucs4_t point = 0;
        size_t length = (size_t)u8_mbtouc(&point, (const uint8_t *)text + at, size - at);
        bool is_hyphen = point == '-' || point == '_';
        if (!uc_is_property_white_space(point) && !(is_hyphen && n_bytes == 0)) {
            memcpy(to + n_bytes, text + at, length);
            n_bytes += length;
        }
        has_letter = has_letter || uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L |
                                                                               UC_CATEGORY_MASK_N);
        at += length;
    }
    while (n_bytes > 0 && (to[n_bytes - 1] == '-' || to[n_bytes - 1] == '_')) {
        n_bytes--;
    }
    return has_letter ? n_bytes : 0;
}

static size_t text_size(const silbe_score *score, size_t first, size_t last)
{
    size_t size = 1;
    for (size_t i = first; i < last; i++) {
        size += strlen(score->syllables[i].text) + 1;
    }
    return size;
}

silbe_status silbe_score_spelling(const silbe_score *score, size_t first, size_t last,
                                  char **spelling, silbe_err *err)
{
    char *text = malloc(text_size(score, first, last));
    size_t n_bytes = 0;
    if (text == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the lyrics");
    }
    for (size_t i = first; i < last; i++) {
        bool has_gap = n_bytes > 0 && text[n_bytes - 1] != ' ' && silbe_score_word_starts(score, i);
        if (has_gap) {
            text[n_bytes++] = ' ';
        }
        n_bytes += spell(score->syllables[i].text, text + n_bytes);
    }
    while (n_bytes > 0 && text[n_bytes - 1] == ' ') {
        n_bytes--;
    }
    text[n_bytes] = '\0';
    *spelling = text;
    return SILBE_OK;
}

static double rest_before(const silbe_score *score, size_t i)
{
    return score->syllables[i].onset_q - score->syllables[i - 1].end_q;
}

static bool line_starts(const silbe_score *score, size_t i)
{
    const char *before = score->syllables[i - 1].text;
    const char *here = score->syllables[i].text;
    size_t length = strlen(before);
    while (length > 0 && strchr(" -_\"')", before[length - 1]) != NULL) {
        length--;
    }
    char mark = length > 0 ? before[length - 1] : ' ';
    ucs4_t capital = 0;
    (void)u8_mbtouc(&capital, (const uint8_t *)here, strlen(here));
    double rest_q = rest_before(score, i);
    return rest_q >= SILBE_LINE_REST_Q ||
           (strchr(".!?;:,", mark) != NULL && rest_q >= SILBE_PHRASE_REST_Q) ||
           (strchr(".!?;:", mark) != NULL && uc_is_upper(capital));
}

/* Appends the word of syllables [first, last); word is scratch of their size. */
static silbe_status append_word(const silbe_score *score, size_t first, size_t last, char *word,
                                silbe_lyrics_builder *builder, silbe_err *err)
{
    size_t n_bytes = 0;
    for (size_t i = first; i < last; i++) {
        n_bytes += spell(score->syllables[i].text, word + n_bytes);
    }
    if (n_bytes == 0) {
        return SILBE_OK;
    }
    silbe_status status = silbe_builder_word(builder, word, n_bytes, err);
    size_t at = 0;
    for (size_t i = first; i < last && status == SILBE_OK; i++) {
        /* The bytes are in word already: spelling them again over the same place changes nothing.
         */
        size_t length = spell(score->syllables[i].text, word + at);
        if (length > 0) {
            status = silbe_builder_syllable(builder, word + at, length, score->syllables[i].onset_q,
                                            score->syllables[i].end_q, err);
        }
        at += length;
    }
    return status;
}

/* Words of [first, last) into the last line, or into a new one that shows them. */
static silbe_status append_line(const silbe_score *score, size_t first, size_t last, bool in_line,
                                size_t stanza, silbe_lyrics_builder *builder, silbe_err *err)
{
    char *text = NULL;
    silbe_status status = silbe_score_spelling(score, first, last, &text, err);
    if (status != SILBE_OK || text[0] == '\0') {
        free(text);
        return status;
    }
    if (!in_line) {
        status = silbe_builder_line(builder, text, strlen(text), stanza, err);
    }
    free(text);
    char *word = malloc(text_size(score, first, last));
    if (word == NULL && status == SILBE_OK) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the lyrics");
    }
    for (size_t i = first; i < last && status == SILBE_OK;) {
        size_t end = i + 1;
        while (end < last && !silbe_score_word_starts(score, end)) {
            end++;
        }
        status = append_word(score, i, end, word, builder, err);
        i = end;
    }
    free(word);
    return status;
}

silbe_status silbe_score_words_append(const silbe_score *score, size_t first, size_t last,
                                      bool in_line, size_t *stanza, silbe_lyrics_builder *builder,
                                      silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = first; i < last && status == SILBE_OK;) {
        size_t end = i + 1;
        while (end < last &&
               (in_line || !(silbe_score_word_starts(score, end) && line_starts(score, end)))) {
            end++;
        }
        if (!in_line && i > first && rest_before(score, i) >= SILBE_STANZA_REST_Q) {
            (*stanza)++;
        }
        status = append_line(score, i, end, in_line, *stanza, builder, err);
        i = end;
    }
    return status;
}
