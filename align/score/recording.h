/*
 * What the synchroniser sees of a recording: its features, borrowed. Row t is frame t, centred on
 * t * hop_s seconds; all matrices have the same number of rows.
 */
#ifndef SILBE_ALIGN_SCORE_RECORDING_H
#define SILBE_ALIGN_SCORE_RECORDING_H

#include "features/base/matrix.h"

typedef struct {
    const silbe_matrix *chroma; /* frames x 12, rows of Euclidean length 1 (features/chroma.h) */
    const silbe_matrix *onset;  /* frames x 12, decaying onsets (features/onset.h) */
    const silbe_matrix *pitch_onset; /* frames x bands, locally normalised onset strength of each
                                        semitone, rows at most about 1 long */
    int low_pitch;                   /* MIDI note of the first band */
    double hop_s;
} silbe_recording;

#endif
