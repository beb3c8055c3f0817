/*
 * Chroma: how much of each pitch class sounds, whatever the octave.
 *
 * Band energies E(t, p) of the semitones low_pitch .. high_pitch (filterbank.h, tuning corrected)
 * are brought to the recording's own level, compressed and folded:
 *
 *   L       = sqrt(mean over t of sum_p E(t, p))
 *   Y(t, p) = log(1 + compression * sqrt(E(t, p)) / L)
 *   C(t, c) = sum over p with p mod 12 = c of Y(t, p),   c = 0 is C, 9 is A
 *
 * then each row is divided by its Euclidean norm; a row whose norm is at most silence_norm becomes
 * the constant 1 / sqrt(12). Müller, Fundamentals of Music Processing, section 3.1.2.
 */
#ifndef SILBE_CHROMA_H
#define SILBE_CHROMA_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/stft.h"

enum { SILBE_N_PITCH_CLASSES = 12 };

typedef struct {
    size_t window_samples; /* default 4096: at 22050 Hz two semitones apart from about C3 on */
    int low_pitch;         /* MIDI note number, default 36 (C2) */
    int high_pitch;        /* inclusive, default 95 (B6) */
    double compression;    /* default 10; with 100 noise fills the chroma, and long
                              synchronisations that compare it go astray */
    double silence_norm;   /* default 1e-3 */
    bool normalise;        /* default true; false leaves the rows as folded */
} silbe_chroma_options;

silbe_chroma_options silbe_chroma_options_default(void);

/* The plan that both functions below want; see silbe_stft_plan_new for threads. */
SILBE_MUST_CHECK silbe_status silbe_chroma_plan_new(const silbe_chroma_options *options,
                                                    double rate_hz, double hop_s,
                                                    silbe_stft_plan **plan, silbe_err *err);

/* Energy of each semitone low_pitch .. high_pitch (21 .. 108 for a piano's 88 keys): *energy is
 * frames x (high_pitch - low_pitch + 1), energy[t * n + p - low_pitch] = E(t, p); a sine of
 * amplitude a on the pitch gives about a^2. The caller frees it. */
SILBE_MUST_CHECK silbe_status silbe_pitch_energy(const silbe_stft_plan *plan, int low_pitch,
                                                 int high_pitch, double tuning_cents,
                                                 const float *samples, size_t n_samples,
                                                 silbe_matrix *energy, silbe_err *err);

/* Chroma (frames x 12, chroma[t * 12 + c], >= 0) of band energies E as above; the caller frees
 * *chroma. energy is not changed; its first column is low_pitch. */
SILBE_MUST_CHECK silbe_status silbe_chroma_from_energy(const silbe_chroma_options *options,
                                                       const silbe_matrix *energy,
                                                       silbe_matrix *chroma, silbe_err *err);

#endif
