/*
 * Log-mel spectrum, what the acoustic model hears:
 *
 *   M(t, b) = log(max(floor, sum_k mel(b, k) |X(t, k)|^2))
 *
 * natural logarithm, unscaled STFT with a periodic Hann window of window_s centred in the next
 * power of two of samples, zeros beyond the edges, mel bands of filterbank.h: the definition of
 * librosa.feature.melspectrogram(n_fft=..., win_length=..., power=2, norm="slaney").
 */
#ifndef SILBE_LOGMEL_H
#define SILBE_LOGMEL_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/filterbank.h"
#include "features/stft.h"

typedef struct {
    size_t n_bands;        /* default 80 */
    double low_hz;         /* default 60 */
    double high_hz;        /* default 7600; at most half the rate */
    double window_s;       /* default 0.04; rounded to an even number of samples */
    double hop_s;          /* default 0.01 */
    double floor;          /* > 0, default 1e-10: about the noise of 16-bit samples */
    silbe_mel_scale scale; /* default SILBE_MEL_SLANEY */
} silbe_logmel_options;

silbe_logmel_options silbe_logmel_options_default(void);

/* See silbe_stft_plan_new for threads. */
SILBE_MUST_CHECK silbe_status silbe_logmel_plan_new(const silbe_logmel_options *options,
                                                    double rate_hz, silbe_stft_plan **plan,
                                                    silbe_err *err);

/* Band energies to M in place. */
void silbe_logmel_compress(const silbe_logmel_options *options, silbe_matrix *energy);

/* Samples in memory (at the plan's rate) to M, frames x n_bands, owned by the caller. Thread-safe.
 */
SILBE_MUST_CHECK silbe_status silbe_logmel_run(const silbe_logmel_options *options,
                                               const silbe_stft_plan *plan, const float *samples,
                                               size_t n_samples, silbe_matrix *logmel,
                                               silbe_err *err);

#endif
