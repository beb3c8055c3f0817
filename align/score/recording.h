/*
 * What the synchroniser goes by: the features of a recording, and evidence that others add.
 */
#ifndef SILBE_ALIGN_SCORE_RECORDING_H
#define SILBE_ALIGN_SCORE_RECORDING_H

#include <stddef.h>

#include "features/base/matrix.h"

/* Borrowed. Row t is frame t, centred on t * hop_s seconds; all matrices have the same number of
 * rows. */
typedef struct {
    const silbe_matrix *chroma; /* frames x 12, rows of Euclidean length 1 (features/chroma.h) */
    const silbe_matrix *onset;  /* frames x 12, decaying onsets (features/onset.h) */
    const silbe_matrix *pitch_onset; /* frames x bands, locally normalised onset strength of each
                                        semitone, rows at most about 1 long */
    int low_pitch;                   /* MIDI note of the first band */
    double hop_s;
} silbe_recording;

/*
 * Evidence on where the score lies in the recording beside chroma and onsets: whoever has some
 * (align/joint: sung phones) adds its costs to those of the synchroniser. Without it, or with
 * functions that add nothing, every result keeps its bytes.
 *
 * All functions may be NULL, only read their context, and add finite values. Positions are in
 * quarter notes, frame t is centred on t * hop_s seconds; frames beyond the recording count as its
 * last one.
 */
typedef struct {
    const void *context;
    /* Adds to cost[m - m_begin] what it costs that position q sounds in frame m, on the scale of
     * sync_cost.h (1: chroma that has nothing in common). q may lie before or behind the score. */
    void (*add_match)(const void *context, double q, double hop_s, size_t m_begin, size_t m_end,
                      float *cost);
    /* Adds to cost[i] the nats that it costs if what sounds from the event at q to the next one, at
     * next_q, sounds in frame begin + i. */
    void (*add_hold)(const void *context, double q, double next_q, double hop_s, size_t begin,
                     size_t n_frames, double *cost);
    /* Adds to cost[i] the nats that it costs if the event at q happens in frame begin + i. */
    void (*add_onset)(const void *context, double q, double hop_s, size_t begin, size_t n_frames,
                      double *cost);
} silbe_score_evidence;

#endif
