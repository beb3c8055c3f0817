/*
 * The symbols of a model, and how text is looked up in them.
 *
 * File forms: a JSON object {"token": number, ...} (Hugging Face vocab.json, torchaudio
 * get_dict()); an object of such objects, one for each language (MMS); a JSON array of tokens
 * (json.dump of torchaudio's labels); NAME.txt with one token a line.
 */
#ifndef SILBE_CTC_MATRIX_VOCABULARY_H
#define SILBE_CTC_MATRIX_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "pipeline/settings/config.h"

enum { SILBE_NO_TOKEN = -1 };

typedef struct {
    const char *text; /* NFC, NUL-terminated */
    int32_t symbol;
} silbe_vocabulary_entry;

typedef struct {
    char **tokens;    /* n_symbols, as in the file; "" for a blank that has no name */
    size_t n_symbols; /* width of the model's output */
    int32_t blank;
    int32_t boundary; /* token between words, or SILBE_NO_TOKEN */
    bool is_pieces;   /* SentencePiece: a word begins with U+2581 */
    bool folds_upper; /* has upper-case letters only */
    bool folds_lower; /* has lower-case letters only */
    /* Tokens that text can be made of: all but the blank, the boundary, "*" and names in angle or
     * square brackets. Sorted by text, then symbol. */
    silbe_vocabulary_entry *entries;
    size_t n_entries;
    char **texts;         /* what the entries point to, owned */
    size_t longest;       /* bytes of the longest entry */
    uint32_t *characters; /* code points that occur in entries, rising */
    size_t n_characters;
} silbe_vocabulary;

#define SILBE_VOCABULARY_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Reads path into *vocabulary (SILBE_VOCABULARY_INIT, freed by the caller) with the settings
 * posteriors.blank, .boundary and .language. Blank and boundary are found as documented there; a
 * blank given as the number that follows the last token is added, nameless (NeMo).
 *
 * SILBE_ERR_IO; SILBE_ERR_FORMAT: not one of the forms (line and column), a number given twice or
 * left out, a token given twice, not UTF-8; SILBE_ERR_DATA: no blank, or nothing but special
 * tokens; SILBE_ERR_ARGUMENT: a setting names a token that is not there; SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_vocabulary_read(const char *path, const silbe_config *config,
                                                    silbe_vocabulary *vocabulary, silbe_err *err);

void silbe_vocabulary_free(silbe_vocabulary *vocabulary);

/* The longest entry that text, NFC of n_bytes, begins with: *n_taken bytes of it. SILBE_NO_TOKEN if
 * there is none. */
int32_t silbe_vocabulary_match(const silbe_vocabulary *vocabulary, const char *text, size_t n_bytes,
                               size_t *n_taken);

/* Whether the code point occurs in any entry. */
bool silbe_vocabulary_has(const silbe_vocabulary *vocabulary, uint32_t character);

#endif
