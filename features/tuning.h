/*
 * Deviation of a recording's tuning from A4 = 440 Hz.
 *
 * Every spectral peak between low_hz and high_hz (Hann window, peak refined by a parabola through
 * the logarithms of three magnitudes) votes for its distance from the equal-tempered grid; the
 * votes are unit vectors at the angle 2 pi * distance in semitones, weighted by the square root of
 * the peak's amplitude, and their sum's angle is the tuning: a circular mean, with no step at a
 * quarter tone.
 */
#ifndef SILBE_TUNING_H
#define SILBE_TUNING_H

#include <stddef.h>

#include "features/base/status.h"
#include "features/stft.h"

typedef struct {
    size_t window_samples; /* default 8192 */
    double hop_s;          /* default 0.1 */
    double low_hz;         /* default 110 */
    double high_hz;        /* default 1760 */
    double peak_ratio;     /* peaks below this share of the frame's highest are ignored; 0.1 */
} silbe_tuning_options;

silbe_tuning_options silbe_tuning_options_default(void);

typedef struct {
    double cents;      /* -50 .. 50, 0 if nothing tonal was heard; +20 means A4 = 445.1 Hz */
    double confidence; /* 0 .. 1: length of the mean vote; 1 if all peaks agree */
    size_t n_peaks;
} silbe_tuning;

/* Not thread-safe (FFTW's planner); the plan is shared and freed with silbe_stft_plan_free. */
SILBE_MUST_CHECK silbe_status silbe_tuning_plan_new(const silbe_tuning_options *options,
                                                    double rate_hz, silbe_stft_plan **plan,
                                                    silbe_err *err);

typedef struct silbe_tuning_stream silbe_tuning_stream;

SILBE_MUST_CHECK silbe_status silbe_tuning_stream_new(const silbe_tuning_options *options,
                                                      const silbe_stft_plan *plan,
                                                      silbe_tuning_stream **stream, silbe_err *err);

void silbe_tuning_stream_free(silbe_tuning_stream *stream);

SILBE_MUST_CHECK silbe_status silbe_tuning_stream_push(silbe_tuning_stream *stream,
                                                       const float *samples, size_t n_samples,
                                                       silbe_err *err);

SILBE_MUST_CHECK silbe_status silbe_tuning_stream_finish(silbe_tuning_stream *stream,
                                                         silbe_tuning *tuning, silbe_err *err);

/* All of it for samples in memory. */
SILBE_MUST_CHECK silbe_status silbe_tuning_run(const silbe_tuning_options *options,
                                               const silbe_stft_plan *plan, const float *samples,
                                               size_t n_samples, silbe_tuning *tuning,
                                               silbe_err *err);

#endif
