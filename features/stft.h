/*
 * Short-time Fourier transform of a stream of samples.
 *
 *   X(t, k) = scale * sum_{n=0}^{N-1} w(n) x(c_t - N/2 + n) exp(-2 pi i k (n + P) / F)
 *
 * with window length N, transform length F >= N (zeros around the window, P = (F - N) / 2, as in
 * librosa), c_t = round(t * hop_s * rate_hz) with ties to even, and k = 0 .. F/2. Frame t is
 * centred on t * hop_s seconds; a hop that is not a whole number of samples
 * (10 ms at 22050 Hz) is off by at most half a sample in each frame and does not drift. There is a
 * frame for each c_t inside the recording. A delay d moves the sound later: frame t then shows the
 * sound around c_t - d, for features that would otherwise be early. Müller, Fundamentals of Music
 * Processing, eq. (2.26).
 *
 * A plan (window and FFTW plan) is made once on one thread, FFTW's planner being unsafe otherwise,
 * and is then shared by any number of threads; each stream of samples has a silbe_stft of its own.
 */
#ifndef SILBE_STFT_H
#define SILBE_STFT_H

#include <stddef.h>

#include "features/base/status.h"

typedef enum {
    SILBE_WINDOW_HANN = 0,    /* 0.5 - 0.5 cos(2 pi n / N): periodic */
    SILBE_WINDOW_HAMMING,     /* 0.54 - 0.46 cos(2 pi n / N): periodic */
    SILBE_WINDOW_BLACKMAN,    /* 0.42 - 0.5 cos(2 pi n / N) + 0.08 cos(4 pi n / N): periodic */
    SILBE_WINDOW_RECTANGULAR, /* 1 */
    SILBE_N_WINDOWS
} silbe_window;

typedef enum {
    SILBE_STFT_AMPLITUDE = 0, /* scale = 2 / sum w: a sine of amplitude a has |X| = a at its bin */
    SILBE_STFT_UNSCALED,      /* scale = 1, as in librosa */
} silbe_stft_scale;

typedef enum {
    SILBE_STFT_ZEROS = 0, /* x = 0 outside the recording */
    SILBE_STFT_REFLECT,   /* x(-n) = x(n), x(L - 1 + n) = x(L - 1 - n); needs L > N / 2 samples */
} silbe_stft_padding;

typedef struct {
    double rate_hz;        /* > 0 */
    double hop_s;          /* at least one sample */
    size_t window_samples; /* N: even, 2 .. 2^20 */
    size_t fft_samples;    /* F: even, >= N; 0 means N */
    silbe_window window;
    silbe_stft_scale scale;
    silbe_stft_padding padding;
    size_t delay_samples; /* d, 0 .. N; default 0; only with SILBE_STFT_ZEROS */
} silbe_stft_options;

typedef struct silbe_stft_plan silbe_stft_plan;

/* Not safe while another thread makes or frees an FFTW plan. The caller frees *plan. */
SILBE_MUST_CHECK silbe_status silbe_stft_plan_new(const silbe_stft_options *options,
                                                  silbe_stft_plan **plan, silbe_err *err);

/* As unsafe as silbe_stft_plan_new. NULL is legal. */
void silbe_stft_plan_free(silbe_stft_plan *plan);

/* Number of frequency bins, F / 2 + 1; bin k lies at k * rate_hz / F. */
size_t silbe_stft_plan_bins(const silbe_stft_plan *plan);

/* Distance of two bins in Hz, rate_hz / F. */
double silbe_stft_plan_bin_hz(const silbe_stft_plan *plan);

const silbe_stft_options *silbe_stft_plan_options(const silbe_stft_plan *plan);

/* Sample c_t on which frame t is centred (without the delay). */
size_t silbe_stft_plan_centre(const silbe_stft_plan *plan, size_t frame);

/* Number of frames of n_samples: those with c_t < n_samples. */
size_t silbe_stft_plan_frames(const silbe_stft_plan *plan, size_t n_samples);

/* Receives frame t: power[k] = |X(t, k)|^2, k = 0 .. n_bins - 1, valid during the call. A failure
 * ends the transform and is handed on. */
typedef silbe_status (*silbe_stft_sink)(void *context, size_t frame, const float *power,
                                        size_t n_bins, silbe_err *err);

/* One stream of samples through a plan. The plan must outlive it. */
typedef struct silbe_stft silbe_stft;

/* The caller frees *stft. */
SILBE_MUST_CHECK silbe_status silbe_stft_new(const silbe_stft_plan *plan, silbe_stft_sink sink,
                                             void *context, silbe_stft **stft, silbe_err *err);

void silbe_stft_free(silbe_stft *stft);

/* Takes the next n_samples samples and hands every frame that is now complete to the sink, in
 * order. How the samples are cut into calls changes no bit of any frame. */
SILBE_MUST_CHECK silbe_status silbe_stft_push(silbe_stft *stft, const float *samples,
                                              size_t n_samples, silbe_err *err);

/* The end of the recording: hands out the frames that reach over it. */
SILBE_MUST_CHECK silbe_status silbe_stft_finish(silbe_stft *stft, silbe_err *err);

/* One frame: samples[0 .. N-1] to spectrum[2k], spectrum[2k + 1] = Re, Im of X(k), n_bins of them.
 * Both arrays belong to the caller; uses the buffers of stft but not its stream. */
void silbe_stft_frame(silbe_stft *stft, const float *samples, float *spectrum);

/* The definition itself, in double and O(N F), for tests: same arguments. */
void silbe_stft_frame_reference(const silbe_stft_plan *plan, const float *samples,
                                double *spectrum);

#endif
