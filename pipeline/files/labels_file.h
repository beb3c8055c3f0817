/*
 * The labels stage file, work/<dataset>/labels/<work>.json: everything that the later stages need
 * to know about score and lyrics. JSON; format name "silbe-labels", version SILBE_LABELS_VERSION.
 *
 *   { "format": "silbe-labels", "version": 2, "work": "...", "title": "..." or null, "end_q": ...,
 *     "language":    "fr" or null,
 *     "measures":    [[number, onset_q, length_q, metre_q], ...],
 *     "notes":       [[onset_q, duration_q, pitch, "voice"|"piano", grace], ...],
 *     "score_syllables": [["text", "single|begin|middle|end", first_note, onset_q, end_q], ...],
 *     "lines":       [{"text": "...", "stanza": n, "language": "it" or null, "tagged": true,
 * "words":
 *                        [{"text": "...", "syllables": [["text", onset_q, end_q], ...]}, ...]},
 * ...], "differences": [{"kind": "...", "text_line": n or null, "measure": n or null, "onset_q": q
 * or null, "in_text": "...", "in_score": "..."}, ...] }
 *
 * language is what was recognised, null if nothing was; that of a line is null if it is the same,
 * and tagged says that the text says so. "piano" stands for any accompaniment. Positions are in
 * quarter notes; null where there is no score (lyrics from text alone: no notes, no measures).
 * Numbers are written with 17 significant digits: the same labels give the same bytes, and reading
 * gives back the same doubles.
 */
#ifndef SILBE_LABELS_FILE_H
#define SILBE_LABELS_FILE_H

#include "align/lyrics/reconcile.h"
#include "features/base/lyrics.h"
#include "features/base/score.h"
#include "features/base/status.h"

#define SILBE_LABELS_VERSION 2

typedef struct {
    char *work; /* UTF-8, owned; for example "Schubert_D911-22" */
    silbe_score score;
    silbe_lyrics lyrics;
    silbe_differences differences;
} silbe_labels;

#define SILBE_LABELS_INIT                                                                          \
    {                                                                                              \
        0                                                                                          \
    }

void silbe_labels_free(silbe_labels *labels);

/* Writes the file atomically; its folder must exist. SILBE_ERR_ARGUMENT if a value or index is out
 * of range (the reader would refuse it), SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_labels_write(const char *path, const silbe_labels *labels,
                                                 silbe_err *err);

/*
 * Reads into *labels, which must be SILBE_LABELS_INIT and which the caller frees. SILBE_ERR_IO;
 * SILBE_ERR_FORMAT if the file is not JSON (line and column), is another format or version, lacks a
 * field or has one of the wrong type or out of range: the message names it, as in
 * "notes[12][2] (pitch) should be 0..127, got 300".
 */
SILBE_MUST_CHECK silbe_status silbe_labels_read(const char *path, silbe_labels *labels,
                                                silbe_err *err);

#endif
