#include "align/lyrics/lyrics_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#include "align/lyrics/builder.h"
#include "features/base/array.h"

typedef struct {
    silbe_lyrics_text *lyrics;
    size_t lines_capacity;
    size_t words_capacity;
} text_builder;

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

static silbe_status push_word(text_builder *builder, const char *text, size_t n_bytes,
                              silbe_err *err)
{
    silbe_lyrics_text *lyrics = builder->lyrics;
    void *grown = silbe_array_grow(lyrics->words, lyrics->n_words, &builder->words_capacity,
                                   sizeof *lyrics->words);
    lyrics->words = grown != NULL ? grown : lyrics->words;
    char *copy = grown != NULL ? silbe_copy_bytes(text, n_bytes) : NULL;
    if (copy == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu words", lyrics->n_words + 1);
    }
    lyrics->words[lyrics->n_words++] = (silbe_text_word){.text = copy, .line = lyrics->n_lines};
    return SILBE_OK;
}

static silbe_status push_line(text_builder *builder, const char *text, size_t n_bytes,
                              silbe_text_line line, silbe_err *err)
{
    silbe_lyrics_text *lyrics = builder->lyrics;
    void *grown = silbe_array_grow(lyrics->lines, lyrics->n_lines, &builder->lines_capacity,
                                   sizeof *lyrics->lines);
    lyrics->lines = grown != NULL ? grown : lyrics->lines;
    line.text = grown != NULL ? silbe_copy_bytes(text, n_bytes) : NULL;
    if (line.text == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu lines", lyrics->n_lines + 1);
    }
    lyrics->lines[lyrics->n_lines++] = line;
    return SILBE_OK;
}

/* Words and text of one line, [at, end). Sets *is_empty if it holds nothing but blanks. */
static silbe_status read_line(text_builder *builder, const char *at, const char *end, size_t number,
                              size_t stanza, bool *is_empty, silbe_err *err)
{
    silbe_text_line line = {
        .number = number, .stanza = stanza, .first_word = builder->lyrics->n_words};
    const char *first = NULL, *last = at; /* of what is not blank */
    const char *word = NULL;
    bool has_letter = false;
    silbe_status status = SILBE_OK;
    while (at <= end && status == SILBE_OK) {
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
                status = push_word(builder, word, (size_t)(at - word), err);
            }
            word = NULL;
            has_letter = false;
        }
        at += length;
    }
    *is_empty = first == NULL;
    line.n_words = builder->lyrics->n_words - line.first_word;
    if (status == SILBE_OK && line.n_words > 0) {
        status = push_line(builder, first, (size_t)(last - first), line, err);
    }
    return status;
}

silbe_status silbe_lyrics_text_parse(const char *text, size_t n_bytes,
                                     silbe_lyrics_text *lyrics_text, silbe_err *err)
{
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    text_builder builder = {.lyrics = &parsed};
    const char *end = text + n_bytes;
    size_t number = 0, stanza = 0;
    bool is_stanza_open = false;
    silbe_status status = check_bytes(text, n_bytes, err);
    for (const char *at = text; status == SILBE_OK && at < end;) {
        const char *stop = at;
        while (!is_line_end(stop, end)) {
            stop++;
        }
        size_t words_before = parsed.n_words;
        bool is_empty = false;
        status = read_line(&builder, at, stop, ++number, stanza, &is_empty, err);
        is_stanza_open = is_stanza_open || parsed.n_words > words_before;
        if (is_empty && is_stanza_open) {
            stanza++;
            is_stanza_open = false;
        }
        at = stop;
        at += at < end && *at == '\r' && at + 1 < end && at[1] == '\n' ? 1 : 0;
        at += at < end ? 1 : 0;
    }
    if (status == SILBE_OK && parsed.n_words == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "the lyrics hold no words; write them there, or "
                            "remove the file");
    }
    if (status == SILBE_OK) {
        *lyrics_text = parsed;
    } else {
        silbe_lyrics_text_free(&parsed);
    }
    return status;
}

silbe_status silbe_lyrics_from_text(const char *text, size_t n_bytes, silbe_lyrics *lyrics,
                                    silbe_err *err)
{
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    silbe_status status = silbe_lyrics_text_parse(text, n_bytes, &parsed, err);
    for (size_t l = 0; status == SILBE_OK && l < parsed.n_lines; l++) {
        const silbe_text_line *line = &parsed.lines[l];
        status = silbe_builder_line(&builder, line->text, strlen(line->text), line->stanza, err);
        for (size_t w = 0; status == SILBE_OK && w < line->n_words; w++) {
            const char *word = parsed.words[line->first_word + w].text;
            status = silbe_builder_word(&builder, word, strlen(word), err);
            if (status == SILBE_OK) {
                status = silbe_builder_syllable(&builder, word, strlen(word), NAN, NAN, err);
            }
        }
    }
    if (status == SILBE_OK) {
        *lyrics = builder.lyrics;
    } else {
        silbe_lyrics_free(&builder.lyrics);
    }
    silbe_lyrics_text_free(&parsed);
    return status;
}
