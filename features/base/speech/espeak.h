/*
 * libespeak-ng behind a lock: text to phonemes.
 *
 * It lives beside features/base and not in align/lyrics because datasets/demo pronounces as well
 * and must not include align; and it is a library of its own (silbe_speech), so that what links
 * silbe_base alone needs no libespeak-ng.
 *
 * libespeak-ng keeps its voice and its buffers in process-wide variables. So does this wrapper, of
 * necessity: one lock, and which voice is loaded. Every function below takes the lock, selects its
 * own voice and copies what it returns; calls from any number of threads are safe and give the same
 * as one thread. Nobody else in the program may call libespeak-ng. Its memory is kept until the
 * program ends: the library cannot be shut down and started again safely; and each change of voice
 * costs 1.3 kB that it would give back only if it spoke.
 */
#ifndef SILBE_ESPEAK_H
#define SILBE_ESPEAK_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/*
 * The phonemes of text (UTF-8) in IPA, as voice ("de", "en-us", "nl", ...) says them. *phonemes is
 * a string that the caller frees: '_' between phonemes, ' ' between what libespeak-ng takes for
 * words, '\n' between clauses; stress (U+02C8, U+02CC) and length (U+02D0) marks inside phonemes;
 * "(en)" and the like where it changes the language. What versions of libespeak-ng spell
 * differently is spelt one way, German [ʊɐ] ("Sturm") by its mnemonic "UR". "" for a text without
 * phonemes.
 *
 * SILBE_ERR_ARGUMENT: unknown voice, listing what there is. SILBE_ERR_IO: no espeak-ng-data.
 * SILBE_ERR_MEMORY. SILBE_ERR_DATA: text that is not UTF-8.
 */
SILBE_MUST_CHECK silbe_status silbe_espeak_phonemes(const char *voice, const char *text,
                                                    char **phonemes, silbe_err *err);

/*
 * Around many calls in a row, by those who make them: they take turns, so that a voice stays loaded
 * where threads read texts in different languages (a change takes 0.1 ms, as long as 40 words, and
 * keeps memory, see above). Results are the same without.
 */
void silbe_espeak_begin(void);
void silbe_espeak_end(void);

/* Whether voice exists; errors as above. */
SILBE_MUST_CHECK silbe_status silbe_espeak_check_voice(const char *voice, silbe_err *err);

/* Where libespeak-ng's data lie, allocated, and how many languages it speaks, those of MBROLA left
 * out. SILBE_ERR_IO: no espeak-ng-data. SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_espeak_data(char **folder, size_t *n_languages, silbe_err *err);

/* Version of the installed libespeak-ng; pronunciations depend on it. Static string. */
const char *silbe_espeak_version(void);

#endif
