/*
 * What a score is expected to sound like, in the same features as a recording.
 *
 * Score time: position q (quarter notes) lies at lead_s + q * seconds_per_q seconds; frame n at
 * n * hop_s. Pitches are moved by transposition_semitones, in which the recording may differ.
 */
#ifndef SILBE_ALIGN_SCORE_SCORE_FEATURES_H
#define SILBE_ALIGN_SCORE_SCORE_FEATURES_H

#include <stddef.h>

#include "align/score/events.h"
#include "features/base/matrix.h"
#include "features/base/score.h"
#include "features/base/status.h"

enum { SILBE_SCORE_PITCH_CLASSES = 12 };

/* Where a score lies on a time axis of constant tempo. */
typedef struct {
    double hop_s;
    double lead_s;        /* silence before the first measure */
    double seconds_per_q; /* > 0 */
    size_t n_frames;
    int transposition_semitones;
} silbe_score_grid;

/*
 * Chroma of a sum of notes: every note adds to the pitch classes of its first partials with weights
 * that fall off as a piano's do (fundamental 1, octave 1/2, twelfth 0.35, ...), compressed by
 * log(1 + 3 x) and divided by the Euclidean norm; a frame without notes becomes 1 / sqrt(12)
 * everywhere, which is as near to one sound as to another. *chroma: n_frames x 12, owned by the
 * caller.
 */
SILBE_MUST_CHECK silbe_status silbe_score_chroma(const silbe_score *score,
                                                 const silbe_score_grid *grid, silbe_matrix *chroma,
                                                 silbe_err *err);

/*
 * Onsets per pitch class with the recording's decaying trace (features/onset.h): 1 at every note's
 * onset, then sqrt(1 - i / n) for i < n = round(decay_s / hop_s) frames, the maximum where traces
 * meet; rows longer than 1 are divided by their Euclidean norm. *onsets: n_frames x 12, owned by
 * the caller.
 */
SILBE_MUST_CHECK silbe_status silbe_score_onsets(const silbe_score *score,
                                                 const silbe_score_grid *grid, double decay_s,
                                                 silbe_matrix *onsets, silbe_err *err);

/* Chroma of what sounds between event k and event k + 1, as above but per event:
 * chroma[k * 12 + c]; *chroma is n_events x 12. */
SILBE_MUST_CHECK silbe_status silbe_event_chroma(const silbe_score *score,
                                                 const silbe_score_events *events,
                                                 int transposition_semitones, silbe_matrix *chroma,
                                                 silbe_err *err);

/*
 * Which semitone bands rise at event k: every note that starts there adds falloff^(h - 1) to the
 * band of its h-th partial, h = 1..n_partials; divided by the Euclidean norm.
 * *onsets: n_events x n_bands, band b is MIDI note low_pitch + b, owned by the caller. Events whose
 * partials all lie outside the bands have a row of zeros.
 */
SILBE_MUST_CHECK silbe_status silbe_event_onsets(const silbe_score *score,
                                                 const silbe_score_events *events,
                                                 int transposition_semitones, int low_pitch,
                                                 size_t n_bands, size_t n_partials, double falloff,
                                                 silbe_matrix *onsets, silbe_err *err);

#endif
