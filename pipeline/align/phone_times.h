/*
 * From the trellis's frames to times of words, syllables and phones.
 *
 * Frame t begins at t * hop_s (+ lyrics.offset_ms). A syllable starts where its nucleus does, or
 * where its first phone does (lyrics.start); a word starts with its first syllable and ends with
 * its last phone. sounding_start_s is always that of the first phone.
 */
#ifndef SILBE_ALIGN_PHONE_TIMES_H
#define SILBE_ALIGN_PHONE_TIMES_H

#include "pipeline/align/phone_text.h"
#include "pipeline/output/output.h"

/* Fills times, sounding starts and phones of *words, whose text is that of text. *alignment: words
 * and labels of text->text, none of them skipped. SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_phone_times_fill(const silbe_config *config,
                                                     const silbe_phone_text *text,
                                                     const silbe_trellis_alignment *alignment,
                                                     double hop_s, double duration_s,
                                                     silbe_words *words, silbe_err *err);

#endif
