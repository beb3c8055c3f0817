/*
 * Evidence on where the score lies in the recording beside chroma and onsets: whoever has some
 * (align/joint: sung phones) adds its costs to those of the synchroniser. Without it, or with
 * functions that add nothing, every result keeps its bytes.
 */
#ifndef SILBE_ALIGN_SCORE_EVIDENCE_H
#define SILBE_ALIGN_SCORE_EVIDENCE_H

#include <stddef.h>

/*
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
