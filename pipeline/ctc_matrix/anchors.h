/*
 * Times that are known in advance: words that must begin near them.
 */
#ifndef SILBE_CTC_MATRIX_ANCHORS_H
#define SILBE_CTC_MATRIX_ANCHORS_H

#include <stddef.h>

#include "align/lyrics/lyrics_text.h"
#include "align/trellis/trellis.h"
#include "features/base/status.h"

/* From frames to seconds and back: frame t is centred on offset_s + t * hop_s. */
typedef struct {
    double hop_s;
    double offset_s;
    size_t n_frames;
} silbe_frame_clock;

/*
 * Reads a CSV file of word times (header start;end;word, start;end;word;line or
 * start;end;word;line;confidence). With a column line, counted as in the outputs, a row stands for
 * the next word of that spelling in the line (case and punctuation aside); without it the file must
 * hold every word of the text in its order. Each start becomes a window of tolerance_s to either
 * side.
 *
 * SILBE_ERR_IO, SILBE_ERR_FORMAT: as silbe_csv_read. SILBE_ERR_MISMATCH: a row for which the text
 * has no word. SILBE_ERR_DATA: a time outside the recording. SILBE_ERR_INFEASIBLE: two rows
 * whose windows are in the wrong order. The caller frees *anchors.
 */
SILBE_MUST_CHECK silbe_status silbe_anchors_read(const char *path, const silbe_lyrics_text *text,
                                                 const silbe_frame_clock *clock, double tolerance_s,
                                                 silbe_trellis_anchor **anchors, size_t *n_anchors,
                                                 silbe_err *err);

#endif
