/*
 * Frames to what the writers take: the words that were found with their times, and the others.
 *
 * Frame t is centred on offset_s + t * hop_s. A word starts at the centre of the first frame of its
 * first symbol and ends at the centre of the frame after its last symbol's last one. A model
 * trained with CTC marks a symbol by a short, rather late spike: its words start late and end early
 * by some tens of milliseconds, which posteriors.offset_ms can take back on average.
 */
#ifndef SILBE_POSTERIORS_TIMES_H
#define SILBE_POSTERIORS_TIMES_H

#include "features/base/lyrics.h"
#include "pipeline/ctc_matrix/solve.h"
#include "pipeline/output/output.h"
#include "pipeline/run/batch.h"

typedef struct {
    silbe_lyrics lyrics;    /* lines and words that were found; each word is one syllable */
    silbe_word_times times; /* of them */
    size_t *line_numbers;   /* lyrics.n_lines, from 1 */
    silbe_output_unmatched *unmatched; /* texts are those of the problem's text */
    size_t n_unmatched;
    double duration_s; /* to the end of the last frame */
} silbe_posteriors_times;

#define SILBE_POSTERIORS_TIMES_INIT                                                                \
    {                                                                                              \
        0                                                                                          \
    }

/* *times must be SILBE_POSTERIORS_TIMES_INIT; freed by the caller. The text must outlive it. Words
 * and lines that were not found become warnings of the report. SILBE_ERR_DATA if none was found,
 * or if the offset moves the last frame before 0 s; SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_times_make(const silbe_posteriors_problem *problem,
                                                          const silbe_posteriors_result *result,
                                                          silbe_posteriors_times *times,
                                                          silbe_item_report *report,
                                                          silbe_err *err);

void silbe_posteriors_times_free(silbe_posteriors_times *times);

#endif
