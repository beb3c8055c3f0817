/*
 * Languages of lyrics: that of the text, and those of lines that are in another one.
 */
#ifndef SILBE_LYRICS_LANGUAGE_H
#define SILBE_LYRICS_LANGUAGE_H

#include "features/base/lyrics.h"
#include "features/base/status.h"

/*
 * Fills language of the lyrics, from all lines that no tag gives another language, and, in a text
 * without tags, language of the lines that are clearly in another one.
 *
 * Which lines these are is the likeliest way to read the text when each change of language costs
 * something; it takes a whole line, or some in succession, of six words together, of which the
 * language is certain without the rest of the text.
 */
SILBE_MUST_CHECK silbe_status silbe_lyrics_recognise(silbe_lyrics *lyrics, silbe_err *err);

/* Natural log-odds of the recognised language against that of a voice, by all lines without tag.
 * *margin is 0 if none was recognised, if it is the voice's own, or if that is in no table. */
SILBE_MUST_CHECK silbe_status silbe_lyrics_language_margin(const silbe_lyrics *lyrics,
                                                           const char *voice, double *margin,
                                                           silbe_err *err);

#endif
