/*
 * A silbe_lyrics, built from left to right: lines, in them words, in them syllables.
 */
#ifndef SILBE_LYRICS_BUILDER_H
#define SILBE_LYRICS_BUILDER_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

typedef struct {
    silbe_lyrics lyrics; /* owned until taken over */
} silbe_lyrics_builder;

#define SILBE_LYRICS_BUILDER_INIT                                                                  \
    {                                                                                              \
        0                                                                                          \
    }

/* Each copies n_bytes of text. A word goes into the last line, a syllable into the last word. */
SILBE_MUST_CHECK silbe_status silbe_builder_line(silbe_lyrics_builder *builder, const char *text,
                                                 size_t n_bytes, size_t stanza, silbe_err *err);
/* Language of the last line, and whether a tag of the text says so. */
void silbe_builder_language(silbe_lyrics_builder *builder, const char *language, bool is_tagged);
SILBE_MUST_CHECK silbe_status silbe_builder_word(silbe_lyrics_builder *builder, const char *text,
                                                 size_t n_bytes, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_builder_syllable(silbe_lyrics_builder *builder,
                                                     const char *text, size_t n_bytes,
                                                     double onset_q, double end_q, silbe_err *err);

/* strndup for texts that may hold no NUL; NULL if memory is short. */
char *silbe_copy_bytes(const char *text, size_t n_bytes);

/* The same as a step (features/base/status.h); NULL after a failure. */
char *silbe_builder_copy(const char *text, size_t n_bytes, silbe_err *err);

#endif
