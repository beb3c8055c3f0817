#include "align/lyrics/lyrics_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#include "align/lyrics/builder.h"
#include "align/lyrics/language_tag.h"
#include "features/base/memory.h"

void silbe_lyrics_text_free(silbe_lyrics_text *lyrics_text)
{
    for (size_t i = 0; i < lyrics_text->n_words; i++) {
        free(lyrics_text->words[i].text);
    }
    for (size_t i = 0; i < lyrics_text->n_lines; i++) {
        free(lyrics_text->lines[i].text);
    }
    free(lyrics_text->words);
    free(lyrics_text->lines);
    *lyrics_text = (silbe_lyrics_text)SILBE_LYRICS_TEXT_INIT;
}

/* White space, and what looks like none but stands at the ends of files: U+FEFF, U+200B. */
static bool is_blank(ucs4_t point)
{
    return uc_is_property_white_space(point) || point == 0xfeff || point == 0x200b;
}

static bool is_line_end(const char *at, const char *end)
{
    return at == end || *at == '\n' || *at == '\r';
}

/* Length in bytes of the character at; the text has been checked. */
static size_t next_point(const char *at, const char *end, ucs4_t *point)
{
    return (size_t)u8_mbtouc(point, (const uint8_t *)at, (size_t)(end - at));
}

static silbe_status check_bytes(const char *text, size_t n_bytes, silbe_err *err)
{
    const char *bad = (const char *)u8_check((const uint8_t *)text, n_bytes);
    const char *zero = memchr(text, '\0', n_bytes);
    if (bad == NULL || (zero != NULL && zero < bad)) {
        bad = zero;
    }
    if (bad == NULL) {
        return SILBE_OK;
    }
    size_t line = 1;
    const char *line_start = text;
    for (const char *at = text; at < bad; at++) {
        if (*at == '\n' || (*at == '\r' && at[1] != '\n')) {
            line++;
            line_start = at + 1;
        }
    }
    return silbe_fail(err, SILBE_ERR_FORMAT,
                      "line %zu, byte %zu: 0x%02x is not UTF-8 text here; save the lyrics as UTF-8",
                      line, (size_t)(bad - line_start) + 1, (unsigned)(unsigned char)*bad);
}

static void push_word(silbe_lyrics_text *lyrics, const char *text, size_t n_bytes, silbe_err *err)
{
    lyrics->words =
        silbe_grow(lyrics->words, lyrics->n_words, NULL, sizeof *lyrics->words, "words", err);
    char *copy = silbe_builder_copy(text, n_bytes, err);
    if (copy != NULL) {
        lyrics->words[lyrics->n_words++] = (silbe_text_word){.text = copy, .line = lyrics->n_lines};
    }
}

static void push_line(silbe_lyrics_text *lyrics, const char *text, size_t n_bytes,
                      silbe_text_line line, silbe_err *err)
{
    lyrics->lines =
        silbe_grow(lyrics->lines, lyrics->n_lines, NULL, sizeof *lyrics->lines, "lines", err);
    line.text = silbe_builder_copy(text, n_bytes, err);
    if (line.text != NULL) {
        lyrics->lines[lyrics->n_lines++] = line;
    }
}

static const char *skip_blanks(const char *at, const char *end)
{
    ucs4_t point = 0;
    while (at < end) {
        size_t length = next_point(at, end, &point);
        if (!is_blank(point)) {
            break;
        }
        at += length;
    }
    return at;
}

/* Words and text of one line, [at, end), of which number, stanza and language are known; whether it
 * holds nothing but blanks. */
static bool read_words(silbe_lyrics_text *lyrics, const char *at, const char *end,
                       silbe_text_line line, silbe_err *err)
{
    line.first_word = lyrics->n_words;
    const char *first = NULL, *last = at; /* of what is not blank */
    const char *word = NULL;
    bool has_letter = false;
    while (at <= end) {
        ucs4_t point = ' ';
        size_t length = at < end ? next_point(at, end, &point) : 1;
        if (!is_blank(point)) {
            word = word == NULL ? at : word;
            first = first == NULL ? at : first;
            last = at + length;
            has_letter = has_letter || uc_is_general_category_withtable(
                                           point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
        } else if (word != NULL) {
            if (has_letter) {
                push_word(lyrics, word, (size_t)(at - word), err);
            }
            word = NULL;
            has_letter = false;
        }
        at += length;
    }
    line.n_words = lyrics->n_words - line.first_word;
    if (line.n_words > 0) {
        push_line(lyrics, first, (size_t)(last - first), line, err);
    }
    return first == NULL;
}

/* One line with its tag, if it has one. tag: of the lines around it. Whether it is empty. */
static bool read_line(silbe_lyrics_text *lyrics, const char *at, const char *end, size_t number,
                      size_t stanza, silbe_language_tag *tag, silbe_err *err)
{
    silbe_text_line line = {.number = number, .stanza = stanza};
    silbe_language_tag own = {0};
    at = skip_blanks(at, end);
    silbe_try(err, silbe_language_tag_read(at, end, number, &own, err));
    at += own.n_bytes;
    if (own.n_bytes > 0 && skip_blanks(at, end) == end) {
        *tag = own;
        return false;
    }
    const silbe_language_tag *valid = own.n_bytes > 0 ? &own : tag;
    memcpy(line.language, valid->language, sizeof line.language);
    line.is_tagged = own.n_bytes > 0 || tag->language[0] != '\0';
    return read_words(lyrics, at, end, line, err);
}

/* All lines of the text. */
static void read_lines(const char *text, const char *end, silbe_lyrics_text *parsed, silbe_err *err)
{
    size_t number = 0, stanza = 0;
    bool is_stanza_open = false;
    silbe_language_tag tag = {0};
    for (const char *at = text; at < end && !silbe_failed(err);) {
        const char *stop = at;
        while (!is_line_end(stop, end)) {
            stop++;
        }
        size_t words_before = parsed->n_words;
        bool is_empty = read_line(parsed, at, stop, ++number, stanza, &tag, err);
        is_stanza_open = is_stanza_open || parsed->n_words > words_before;
        if (is_empty && is_stanza_open) {
            stanza++;
            is_stanza_open = false;
        }
        at = stop;
        at += at < end && *at == '\r' && at + 1 < end && at[1] == '\n' ? 1 : 0;
        at += at < end ? 1 : 0;
    }
}

silbe_status silbe_lyrics_text_parse(const char *text, size_t n_bytes,
                                     silbe_lyrics_text *lyrics_text, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    silbe_try(err, check_bytes(text, n_bytes, err));
    read_lines(text, text + n_bytes, &parsed, err);
    if (parsed.n_words == 0) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_DATA,
                             "the lyrics hold no words; write them there, or remove the file"));
    }
    if (silbe_failed(err)) {
        silbe_lyrics_text_free(&parsed);
    } else {
        *lyrics_text = parsed;
    }
    return err->status;
}

silbe_status silbe_lyrics_text_check_tags(const silbe_lyrics_text *lyrics_text, silbe_err *err)
{
    silbe_err own;
    const char *checked = "";
    err = silbe_err_begin(err, &own);
    for (size_t l = 0; l < lyrics_text->n_lines && !silbe_failed(err); l++) {
        const silbe_text_line *line = &lyrics_text->lines[l];
        if (line->language[0] != '\0' && strcmp(line->language, checked) != 0) {
            silbe_try(err, silbe_language_tag_check(line->language, line->number, err));
            checked = line->language;
        }
    }
    return err->status;
}

silbe_status silbe_lyrics_from_text(const char *text, size_t n_bytes, silbe_lyrics *lyrics,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    silbe_try(err, silbe_lyrics_text_parse(text, n_bytes, &parsed, err));
    silbe_try(err, silbe_lyrics_text_check_tags(&parsed, err));
    for (size_t l = 0; l < parsed.n_lines; l++) {
        const silbe_text_line *line = &parsed.lines[l];
        silbe_try(err,
                  silbe_builder_line(&builder, line->text, strlen(line->text), line->stanza, err));
        silbe_builder_language(&builder, line->language, line->is_tagged);
        for (size_t w = 0; w < line->n_words; w++) {
            const char *word = parsed.words[line->first_word + w].text;
            size_t length = strlen(word);
            silbe_try(err, silbe_builder_word(&builder, word, length, err));
            silbe_try(err, silbe_builder_syllable(&builder, word, length, NAN, NAN, err));
        }
    }
    if (silbe_failed(err)) {
        silbe_lyrics_free(&builder.lyrics);
    } else {
        *lyrics = builder.lyrics;
    }
    silbe_lyrics_text_free(&parsed);
    return err->status;
}
