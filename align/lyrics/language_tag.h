/*
 * Tags in a lyrics file that say in which language lines are: "[lang=it]" at the start of a line is
 * about the rest of it; on a line of its own it is about the lines that follow, to the next such
 * line. "[lang=]" is the language of the text again. Blanks inside and capitals of "lang" are
 * allowed. Tags are not sung.
 */
#ifndef SILBE_LANGUAGE_TAG_H
#define SILBE_LANGUAGE_TAG_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

typedef struct {
    size_t n_bytes; /* 0: there is none */
    char language[SILBE_LANGUAGE_SIZE];
} silbe_language_tag;

/* Reads the tag at the start of a line, [at, end). SILBE_ERR_FORMAT: it begins as a tag but is
 * none, or a tag stands further on in the line; the message begins with the line's number. */
SILBE_MUST_CHECK silbe_status silbe_language_tag_read(const char *at, const char *end,
                                                      size_t line_number, silbe_language_tag *tag,
                                                      silbe_err *err);

/* Whether there is a voice for a language that a tag names. SILBE_ERR_DATA: there is not; the
 * message begins with the line's number and lists the voices that there are. SILBE_ERR_IO: no
 * espeak-ng-data. */
SILBE_MUST_CHECK silbe_status silbe_language_tag_check(const char *language, size_t line_number,
                                                       silbe_err *err);

#endif
