/*
 * Frames to what the writers take: the words of the text with their times, matched or not.
 *
 * Frame t is centred on offset_s + t * hop_s. A word starts at the centre of the first frame of its
 * first symbol and ends at the centre of the frame after its last symbol's last one. A model
 * trained with CTC marks a symbol by a short, rather late spike: its words start late and end early
 * by some tens of milliseconds, which posteriors.offset_ms can take back on average.
 */
#ifndef SILBE_CTC_MATRIX_TIMES_H
#define SILBE_CTC_MATRIX_TIMES_H

#include "pipeline/ctc_matrix/solve.h"
#include "pipeline/output/words.h"
#include "pipeline/run/batch.h"

/* Fills text, times and duration (to the end of the last frame) of *words, which must be
 * SILBE_WORDS_INIT; each word is one syllable. The caller frees it, also after a failure. Words and
 * lines that were not found become warnings of the report. SILBE_ERR_DATA if none was found, or if
 * the offset moves the last frame before 0 s; SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_ctc_matrix_fill_words(const silbe_ctc_matrix_problem *problem,
                                                          const silbe_ctc_matrix_result *result,
                                                          silbe_words *words,
                                                          silbe_item_report *report,
                                                          silbe_err *err);

#endif
