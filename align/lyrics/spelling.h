/*
 * From a word as the text has it to what is looked up and to what a voice should read.
 */
#ifndef SILBE_SPELLING_H
#define SILBE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/*
 * What a word is looked up as: NFC, lower case, typographic apostrophes as "'", without soft
 * hyphens and without anything at its ends that is no letter, digit or apostrophe; apostrophes on
 * both ends are quotation marks and go as well. *key is freed by the caller; "" if nothing is left.
 * SILBE_ERR_FORMAT: not UTF-8. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_spelling_key(const char *text, char **key, silbe_err *err);

/*
 * The parts of a key: what is no letter, digit or apostrophe becomes one blank (hyphens, and words
 * that a missing blank has glued together, "Arm?Wie"), but for full stop and comma between digits.
 * *parts is freed by the caller. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_spelling_parts(const char *key, char **parts, silbe_err *err);

/* Whether a voice ("de", "ru", "el", "romaji") reads the letters of text (UTF-8). If not, *script
 * is the name of the first that it does not ("Cyrillic"; static string). */
bool silbe_spelling_voice_reads(const char *voice, const char *text, const char **script);

#endif
