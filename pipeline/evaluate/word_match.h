/*
 * Words of a result in the text: a mode may leave out words that it did not find, and lines without
 * any.
 */
#ifndef SILBE_WORD_MATCH_H
#define SILBE_WORD_MATCH_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"
#include "pipeline/output/output.h"

/* For each word of the text, by number. */
typedef struct {
    size_t *words;     /* index of its time in the document's words, or SIZE_MAX; n_words */
    size_t *unmatched; /* index of its entry in the document's unmatched, or SIZE_MAX; n_words */
    size_t n_words;    /* those of the text */
} silbe_word_match;

#define SILBE_WORD_MATCH_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Lines are found by their number; in a line, the words that the document does not list as
 * unmatched must be those of the document, in order and by text. SILBE_ERR_MISMATCH, naming the
 * first word that is not so, when the document is of another text. The caller frees *match, also
 * after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_word_match_run(const silbe_output_document *document,
                                                   const silbe_lyrics *lyrics,
                                                   silbe_word_match *match, silbe_err *err);

void silbe_word_match_free(silbe_word_match *match);

#endif
