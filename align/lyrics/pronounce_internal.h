/*
 * Between pronounce.c and pronounce_lyrics.c.
 */
#ifndef SILBE_PRONOUNCE_INTERNAL_H
#define SILBE_PRONOUNCE_INTERNAL_H

#include "align/lyrics/pronounce.h"

/* silbe_pronounce_word with checked options and, unless said is NULL, what the voice said for the
 * word in its line (IPA). German voices ignore said. */
SILBE_MUST_CHECK silbe_status silbe_pronounce_said(const silbe_pronounce_options *options,
                                                   const char *text, const char *said,
                                                   silbe_word_phones *word, silbe_err *err);

#endif
