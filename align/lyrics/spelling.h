/*
 * From a word as the text has it to what is looked up and to what a voice should read.
 */
#ifndef SILBE_SPELLING_H
#define SILBE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/*
 * What a word is looked up as: NFC, lower case, typographic apostrophes as "'", without anything at
 * its ends that is no letter, digit or apostrophe, without soft hyphens; quotation marks that look
 * like apostrophes go where they stand on both ends. *key is freed by the caller; "" if nothing is
 * left. SILBE_ERR_FORMAT: not UTF-8. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_spelling_key(const char *text, char **key, silbe_err *err);

/*
 * What a German voice should read for key: old spelling made new ("thun", "Thal", "seyn", "bey",
 * "muß", "todt"), abbreviations written out ("Dr.", which needs its full stop: is_abbreviation).
 * Parts between hyphens, and words that a missing blank has glued together ("Arm?Wie"), are
 * separated by blanks. *spoken is freed by the caller. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_spelling_german(const char *key, bool is_abbreviation,
                                                    char **spoken, silbe_err *err);

/* For all other voices: the separations alone. */
SILBE_MUST_CHECK silbe_status silbe_spelling_plain(const char *key, char **spoken, silbe_err *err);

/* Scripts: whether a voice ("de", "ru", "el", "romaji") reads the letters of text. If not, *script
 * is the name of the first one that it does not ("Cyrillic"; static string). */
bool silbe_spelling_voice_reads(const char *voice, const char *text, const char **script);

#endif
