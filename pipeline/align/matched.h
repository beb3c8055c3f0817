/*
 * Which lines the recording seems to hold, and the results without the others.
 */
#ifndef SILBE_ALIGN_MATCHED_H
#define SILBE_ALIGN_MATCHED_H

#include <stdbool.h>

#include "align/lyrics/builder.h"
#include "pipeline/align/phone_times.h"

/* Lines, words, syllables and phones that were found, as the writers want them, and the words of
 * the other lines. */
typedef struct {
    silbe_lyrics_builder builder;
    silbe_phone_times kept;
    size_t *line_numbers;              /* builder.lyrics.n_lines, from 1 */
    silbe_output_unmatched *unmatched; /* n_unmatched, in the order of the text; never NULL */
    size_t n_unmatched;
} silbe_matched;

#define SILBE_MATCHED_INIT                                                                         \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * is_matched[l]: whether line l of the lyrics was found. *matched points into lyrics' texts. The
 * caller frees it, also after a failure. SILBE_ERR_DATA: no line was found. SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_matched_make(const silbe_lyrics *lyrics,
                                                 const silbe_phone_times *times,
                                                 const bool *is_matched, silbe_matched *matched,
                                                 silbe_err *err);

void silbe_matched_free(silbe_matched *matched);

/* Fills in lyrics, times, line_numbers, unmatched, sounding_start_s and phones. */
void silbe_matched_fill(const silbe_matched *matched, silbe_output_item *output);

#endif
