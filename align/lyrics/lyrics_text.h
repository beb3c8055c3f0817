/*
 * Lyrics as plain text: one verse a line, a blank line (or several) between stanzas, UTF-8 with or
 * without byte order mark, lines ended by LF, CRLF or CR. Lines may say in which language they are
 * (language_tag.h).
 */
#ifndef SILBE_LYRICS_TEXT_H
#define SILBE_LYRICS_TEXT_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

/* A word is a maximal run without white space that holds a letter or digit, in the original
 * spelling with its punctuation. A lone dash or star is no word (it stays in the line's text). */
typedef struct {
    char *text;  /* UTF-8, owned */
    size_t line; /* index into lines */
} silbe_text_word;

typedef struct {
    char *text;    /* UTF-8, owned; without white space at its ends */
    size_t number; /* 1-based line number in the file */
    size_t stanza; /* 0-based */
    size_t first_word;
    size_t n_words;                     /* >= 1; lines without words are left out */
    char language[SILBE_LANGUAGE_SIZE]; /* as in silbe_line */
    bool is_tagged;
} silbe_text_line;

typedef struct {
    silbe_text_word *words;
    size_t n_words;
    silbe_text_line *lines;
    size_t n_lines;
} silbe_lyrics_text;

#define SILBE_LYRICS_TEXT_INIT                                                                     \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Splits n_bytes of text into *lyrics_text, which must be SILBE_LYRICS_TEXT_INIT and which the
 * caller frees. SILBE_ERR_FORMAT for bytes that are not UTF-8 and for NUL (line and byte of the
 * line in the message) and for a tag that is none, SILBE_ERR_DATA for a text without words. Whether
 * there is a voice for the language of a tag is not asked.
 */
SILBE_MUST_CHECK silbe_status silbe_lyrics_text_parse(const char *text, size_t n_bytes,
                                                      silbe_lyrics_text *lyrics_text,
                                                      silbe_err *err);

/* Whether there is a voice for each language that the tags name; errors of
 * silbe_language_tag_check. */
SILBE_MUST_CHECK silbe_status silbe_lyrics_text_check_tags(const silbe_lyrics_text *lyrics_text,
                                                           silbe_err *err);

void silbe_lyrics_text_free(silbe_lyrics_text *lyrics_text);

/* Words and lines of a text without a score: each word is one syllable, onset_q and end_q are NAN.
 * *lyrics must be SILBE_LYRICS_INIT; the caller frees it. Errors as silbe_lyrics_text_parse and
 * silbe_lyrics_text_check_tags. */
SILBE_MUST_CHECK silbe_status silbe_lyrics_from_text(const char *text, size_t n_bytes,
                                                     silbe_lyrics *lyrics, silbe_err *err);

#endif
