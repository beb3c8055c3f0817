/*
 * Frequency bins to bands: band b of a power spectrum p is
 *
 *   y(b) = sum_k weight(b, k) p(k)
 *
 * with few neighbouring bins in each band, which is how the weights are stored.
 */
#ifndef SILBE_FILTERBANK_H
#define SILBE_FILTERBANK_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/stft.h"

typedef struct {
    size_t n_bands;
    size_t n_bins;     /* length of the spectra that it takes */
    size_t *begin;     /* n_bands: first bin of the band */
    size_t *end;       /* n_bands: one behind its last bin; end == begin: the band is always 0 */
    size_t *offset;    /* n_bands: weight(b, k) = weights[offset[b] + k - begin[b]] */
    float *weights;    /* owned, like the three arrays above */
    double *centre_hz; /* n_bands: centre frequency of each band */
} silbe_filterbank;

#define SILBE_FILTERBANK_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * One triangular band for each semitone: band b is MIDI note low_pitch + b, its centre
 *
 *   f_b = 440 * 2^((low_pitch + b - 69 + tuning_cents / 100) / 12) Hz,
 *
 * weight 1 - |f - f_b| / h for |f - f_b| < h, with half width h = f_b (2^(1/12) - 1) (a semitone)
 * but never less than a bin. SILBE_ERR_ARGUMENT unless 0 <= low_pitch <= high_pitch <= 135 and the
 * highest band lies below half the rate.
 */
SILBE_MUST_CHECK silbe_status silbe_filterbank_pitch(silbe_filterbank *bank,
                                                     const silbe_stft_plan *plan, int low_pitch,
                                                     int high_pitch, double tuning_cents,
                                                     silbe_err *err);

typedef enum {
    SILBE_MEL_SLANEY = 0, /* linear below 1000 Hz, logarithmic above (Slaney's Auditory Toolbox) */
    SILBE_MEL_HTK,        /* 2595 log10(1 + f / 700) */
} silbe_mel_scale;

/* Mel of a frequency and back. */
double silbe_hz_to_mel(double hz, silbe_mel_scale scale);
double silbe_mel_to_hz(double mel, silbe_mel_scale scale);

/* Triangles between n_bands + 2 points that are equally spaced in mel from low_hz to high_hz, each
 * of area 1 Hz (librosa's norm="slaney"): librosa.filters.mel. */
SILBE_MUST_CHECK silbe_status silbe_filterbank_mel(silbe_filterbank *bank,
                                                   const silbe_stft_plan *plan, size_t n_bands,
                                                   double low_hz, double high_hz,
                                                   silbe_mel_scale scale, silbe_err *err);

void silbe_filterbank_free(silbe_filterbank *bank);

/* bands[b] = y(b), n_bands values; power has n_bins. Sums in the order of the bins. */
void silbe_filterbank_apply(const silbe_filterbank *bank, const float *power, float *bands);

/*
 * A stream of samples to a matrix of band energies, one row per STFT frame: what chroma, onsets and
 * log-mel start from. Plan and bank must outlive it.
 */
typedef struct silbe_band_stream silbe_band_stream;

/* expected_samples sizes the matrix at once; a wrong guess costs only time. */
SILBE_MUST_CHECK silbe_status silbe_band_stream_new(const silbe_stft_plan *plan,
                                                    const silbe_filterbank *bank,
                                                    size_t expected_samples,
                                                    silbe_band_stream **stream, silbe_err *err);

void silbe_band_stream_free(silbe_band_stream *stream);

SILBE_MUST_CHECK silbe_status silbe_band_stream_push(silbe_band_stream *stream,
                                                     const float *samples, size_t n_samples,
                                                     silbe_err *err);

/* Ends the stream and gives its matrix (frames x n_bands) to the caller, who frees it. */
SILBE_MUST_CHECK silbe_status silbe_band_stream_finish(silbe_band_stream *stream,
                                                       silbe_matrix *energy, silbe_err *err);

/* All three for samples that are in memory. */
SILBE_MUST_CHECK silbe_status silbe_band_energy(const silbe_stft_plan *plan,
                                                const silbe_filterbank *bank, const float *samples,
                                                size_t n_samples, silbe_matrix *energy,
                                                silbe_err *err);

#endif
