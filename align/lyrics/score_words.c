#include "align/lyrics/score_words.h"

#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#include "features/base/memory.h"

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

char *silbe_score_spelling(const silbe_score *score, size_t first, size_t last, silbe_err *err)
{
    char *text = silbe_alloc(text_size(score, first, last), 1, "bytes of lyrics", err);
    size_t n_bytes = 0;
    for (size_t i = first; i < last && text != NULL; i++) {
        bool has_gap = n_bytes > 0 && text[n_bytes - 1] != ' ' && silbe_score_word_starts(score, i);
        if (has_gap) {
            text[n_bytes++] = ' ';
        }
        n_bytes += spell(score->syllables[i].text, text + n_bytes);
    }
    while (n_bytes > 0 && text[n_bytes - 1] == ' ') {
        n_bytes--;
    }
    if (text != NULL) {
        text[n_bytes] = '\0';
    }
    return text;
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
static void append_word(const silbe_score *score, size_t first, size_t last, char *word,
                        silbe_lyrics_builder *builder, silbe_err *err)
{
    size_t n_bytes = 0;
    for (size_t i = first; i < last; i++) {
        n_bytes += spell(score->syllables[i].text, word + n_bytes);
    }
    if (n_bytes == 0) {
        return;
    }
    silbe_try(err, silbe_builder_word(builder, word, n_bytes, err));
    size_t at = 0;
    for (size_t i = first; i < last; i++) {
        /* The bytes are in word already: spelling them again over the same place changes nothing.
         */
        const silbe_score_syllable *sung = &score->syllables[i];
        size_t length = spell(sung->text, word + at);
        if (length > 0) {
            silbe_try(err, silbe_builder_syllable(builder, word + at, length, sung->onset_q,
                                                  sung->end_q, err));
        }
        at += length;
    }
}

/* Words of [first, last) into the last line, or into a new one that shows them. */
static void append_line(const silbe_score *score, size_t first, size_t last, bool in_line,
                        size_t stanza, silbe_lyrics_builder *builder, silbe_err *err)
{
    char *text = silbe_score_spelling(score, first, last, err);
    if (text == NULL || text[0] == '\0') {
        free(text);
        return;
    }
    if (!in_line) {
        silbe_try(err, silbe_builder_line(builder, text, strlen(text), stanza, err));
    }
    for (size_t i = first; i < last && !silbe_failed(err);) {
        size_t end = i + 1;
        while (end < last && !silbe_score_word_starts(score, end)) {
            end++;
        }
        append_word(score, i, end, text, builder, err); /* text is scratch from here on */
        i = end;
    }
    free(text);
}

void silbe_score_words_append(const silbe_score *score, size_t first, size_t last, bool in_line,
                              size_t *stanza, silbe_lyrics_builder *builder, silbe_err *err)
{
    for (size_t i = first; i < last && !silbe_failed(err);) {
        size_t end = i + 1;
        while (end < last &&
               (in_line || !(silbe_score_word_starts(score, end) && line_starts(score, end)))) {
            end++;
        }
        if (!in_line && i > first && rest_before(score, i) >= SILBE_STANZA_REST_Q) {
            (*stanza)++;
        }
        append_line(score, i, end, in_line, *stanza, builder, err);
        i = end;
    }
}
