/*
 * Onset strength of each semitone and of each pitch class.
 *
 * Short-window band energies E(t, p) of the semitones low_pitch .. high_pitch are brought to the
 * recording's own level and compressed as in chroma.h, Y(t, p) = log(1 + compression sqrt(E) / L);
 * then, with a lag of d frames (lag_s) split into a = floor(d / 2) behind and b = d - a ahead,
 *
 *   F(t, p) = max(0, Y(t + b, p) - Y(t - a, p)),  0 where a frame is missing:
 *
 * centred, so that a sudden note peaks on the frame of its beginning (for an odd d, at most half a
 * frame early). F is normalised locally, which gives the pitch onsets N; folded onto pitch classes,
 * with a decaying trace, they are DLNCO (decaying locally normalised chroma onsets; Ewert, Müller
 * and Grosche, ICASSP 2009):
 *
 *   v(t)    = |F(t, .)|                                    Euclidean norm
 *   N(t, p) = F(t, p) / max(max over |s - t| <= h of v(s), floor * quantile_q(v))
 *   G(t, c) = sum over p mod 12 = c of N(t, p),            c = 0 is C
 *   D(t, c) = max over 0 <= i < n of G(t - i, c) sqrt(1 - i / n),   n = round(decay_s / hop_s)
 */
#ifndef SILBE_ONSET_H
#define SILBE_ONSET_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/stft.h"

typedef struct {
    size_t window_samples; /* default 2048: at 22050 Hz two semitones apart from C4 on */
    int low_pitch;         /* MIDI note number, default 36 */
    int high_pitch;        /* inclusive, default 107 */
    double lag_s;          /* default 0.02 */
    double compression;    /* default 10 */
    double norm_half_s;    /* h in seconds, default 0.5 */
    double norm_floor;     /* default 0.2 */
    double norm_quantile;  /* q, default 0.99 (interpolated linearly as in numpy.percentile) */
    double latency_s; /* 0 .. window: the sound is delayed by this before anything else, because
                         the logarithm makes F rise when a note enters the window, before the
                         window's centre reaches it: a sudden note peaks about 10 ms early with
                         1024 samples at 22050 Hz and 24 ms with 2048, a note that swells over
                         30 ms 3 ms late and 7 ms early; no value suits every attack, so the
                         default is 0 and who uses F knows its bias */
    double decay_s;   /* default 0.2; shorter than a frame: no trace */
} silbe_onset_options;

silbe_onset_options silbe_onset_options_default(void);

/* The plan for the band energies; see silbe_stft_plan_new for threads. */
SILBE_MUST_CHECK silbe_status silbe_onset_plan_new(const silbe_onset_options *options,
                                                   double rate_hz, double hop_s,
                                                   silbe_stft_plan **plan, silbe_err *err);

/* E to F in place, frames x (high_pitch - low_pitch + 1), pitches[t * n + p - low_pitch]. */
SILBE_MUST_CHECK silbe_status silbe_onset_difference(const silbe_onset_options *options,
                                                     double hop_s, silbe_matrix *pitches,
                                                     silbe_err *err);

/* N to G: *classes is frames x 12, owned by the caller. */
SILBE_MUST_CHECK silbe_status silbe_onset_fold(const silbe_onset_options *options,
                                               const silbe_matrix *pitches, silbe_matrix *classes,
                                               silbe_err *err);

/* F to N in place; any width. */
SILBE_MUST_CHECK silbe_status silbe_onset_normalise(const silbe_onset_options *options,
                                                    double hop_s, silbe_matrix *onsets,
                                                    silbe_err *err);

/* G to D in place; any width. */
SILBE_MUST_CHECK silbe_status silbe_onset_decay(const silbe_onset_options *options, double hop_s,
                                                silbe_matrix *onsets, silbe_err *err);

#endif
