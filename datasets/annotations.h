/*
 * Annotation files of a dataset: note events, measure positions and word times of one recording.
 * Every reader checks each row and names PATH:LINE:COLUMN of the first wrong one
 * (SILBE_ERR_FORMAT); a file without rows is SILBE_ERR_DATA. Times are seconds of the recording,
 * >= 0 and finite. The caller frees each list with its _free, also after a failure.
 */
#ifndef SILBE_ANNOTATIONS_H
#define SILBE_ANNOTATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/* ---- ann_audio_note: `start;end;pitch;pitchclass;instrument` ---- */

typedef struct {
    double start_s; /* non-decreasing from row to row */
    double end_s;   /* >= start_s (a few published notes have no length) */
    short pitch;    /* MIDI note number 0..127, 60 = C4, as it sounds in the recording's key */
    bool is_voice;  /* instrument "voice"; otherwise "piano" */
    size_t line;    /* of the file, 1-based */
} silbe_note_row;

typedef struct {
    silbe_note_row *rows; /* in the order of the file */
    size_t n_rows;
} silbe_note_rows;

#define SILBE_NOTE_ROWS_INIT                                                                       \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

SILBE_MUST_CHECK silbe_status silbe_note_rows_read(const char *path, silbe_note_rows *rows,
                                                   silbe_err *err);
void silbe_note_rows_free(silbe_note_rows *rows);

/* ---- ann_audio_measure: `start;measure` ---- */

typedef struct {
    double start_s;  /* strictly increasing from row to row */
    double position; /* measure number and fraction (see silbe_score_position_to_q), increasing */
    size_t line;     /* of the file, 1-based */
} silbe_measure_row;

typedef struct {
    /* In the order of the file. A last row with a fraction (64.999, 137.500) is the end of the last
     * note, not a bar line. */
    silbe_measure_row *rows;
    size_t n_rows;
} silbe_measure_rows;

#define SILBE_MEASURE_ROWS_INIT                                                                    \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

SILBE_MUST_CHECK silbe_status silbe_measure_rows_read(const char *path, silbe_measure_rows *rows,
                                                      silbe_err *err);
void silbe_measure_rows_free(silbe_measure_rows *rows);

/* ---- words: `start;end;word` or `start;end;word;line;confidence`, with or without
 * `;sounding_start` (what alignment writes; the last is not read) ---- */

typedef struct {
    double start_s;    /* non-decreasing from row to row */
    double end_s;      /* >= start_s; only if has_end */
    bool has_end;      /* false where the field is empty */
    char *word;        /* UTF-8, not empty, owned */
    size_t line;       /* of the file, 1-based */
    double confidence; /* 0..1, or NAN where the file has none */
} silbe_word_row;

typedef struct {
    silbe_word_row *rows; /* in the order of the file */
    size_t n_rows;
} silbe_word_rows;

/* Whether the row was set by hand, and is a reference: its confidence is 1, or it has none. Of the
 * others, estimates, none is above 0.999 (pipeline/output). */
static inline bool silbe_word_row_is_set(const silbe_word_row *row)
{
    return !(row->confidence < 1.0);
}

#define SILBE_WORD_ROWS_INIT                                                                       \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* `,` is accepted in place of `;`. The columns line and confidence are checked (line an integer
 * >= 0 or empty, confidence in 0..1 or empty); line is not kept. */
SILBE_MUST_CHECK silbe_status silbe_word_rows_read(const char *path, silbe_word_rows *rows,
                                                   silbe_err *err);
void silbe_word_rows_free(silbe_word_rows *rows);

#endif
