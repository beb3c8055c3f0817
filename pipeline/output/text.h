/*
 * The one place where text meets a format's syntax. Bytes that are not UTF-8 become U+FFFD; the
 * writers of word times refuse them before (silbe_output_check).
 *
 * Cleaning, in every style: control characters and line separators become a blank, so that no text
 * can break a line, end a record or move a cursor; the non-characters that XML forbids become
 * U+FFFD.
 */
#ifndef SILBE_OUTPUT_TEXT_H
#define SILBE_OUTPUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum {
    SILBE_TEXT_PLAIN = 0, /* cleaned only: labels, the terminal, and libraries that escape */
    SILBE_TEXT_QUOTED,    /* inside double quotes that are doubled: CSV, TextGrid */
    SILBE_TEXT_WEBVTT,    /* & < > as entities */
    SILBE_TEXT_SRT,       /* < > { } replaced by look-alikes: SRT cannot escape */
    SILBE_TEXT_LRC,       /* < > [ ] replaced by look-alikes: LRC cannot escape */
    SILBE_TEXT_MARKDOWN,  /* entities and backslashes, safe inside a table cell */
    SILBE_N_TEXT_STYLES
} silbe_text_style;

/* Writes text in a style; errors show in ferror(stream). */
void silbe_text_put(FILE *stream, const char *text, silbe_text_style style);

/* Text in a style as a new string that the caller frees; NULL if memory is short. */
char *silbe_text_copy(const char *text, silbe_text_style style);

/* Whether text is valid UTF-8. */
bool silbe_text_valid(const char *text);

/* Whether two texts are equal once they are cleaned. */
bool silbe_text_same(const char *left, const char *right);

/* Columns that text takes in a terminal. */
size_t silbe_text_width(const char *text);

/* Writes text, cleaned, in exactly width columns: blanks are added on the right, or the text is cut
 * and ends in U+2026 (an ellipsis). */
void silbe_text_put_padded(FILE *stream, const char *text, size_t width);

#endif
