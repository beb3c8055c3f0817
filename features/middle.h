/*
 * The middle of a stereo recording: what both channels share, bin by bin, where the voice of a
 * studio mix usually stands, while instruments are spread to its sides.
 *
 *   Y(t, k) = g(t, k) M(t, k)     g = max(floor, 1 - |L - R| / (|L| + |R|))^2
 *
 * with L, R, M = (L + R) / 2 short-time spectra: periodic Hann window of the power of two of
 * samples next to window_s, a quarter of it apart; y is their weighted overlap-add (Griffin and Lim
 * 1984, eq. 6), as long as the recording. What is the same in both channels passes unchanged, what
 * is in one alone nearly vanishes. A simple member of the family of Barry, Lawlor and Coyle (DAFx
 * 2004) and Avendano (WASPAA 2003).
 *
 * Channels come as mid = (L + R) / 2 and side = (L - R) / 2.
 */
#ifndef SILBE_MIDDLE_H
#define SILBE_MIDDLE_H

#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    double window_s; /* default 0.093: 2048 samples at 22050 Hz */
    double floor;    /* of g, before it is squared: 0 .. 1, default 0.2 */
} silbe_middle_options;

silbe_middle_options silbe_middle_options_default(void);

/* Window and FFTW plans: not safe while another thread makes or frees an FFTW plan. */
typedef struct silbe_middle_plan silbe_middle_plan;

/* SILBE_ERR_ARGUMENT for options out of range. The caller frees *plan. */
SILBE_MUST_CHECK silbe_status silbe_middle_plan_new(const silbe_middle_options *options,
                                                    double rate_hz, silbe_middle_plan **plan,
                                                    silbe_err *err);
void silbe_middle_plan_free(silbe_middle_plan *plan);

/* Samples by which a stream is behind at most. */
size_t silbe_middle_delay(const silbe_middle_plan *plan);

/* One recording through a plan, which must outlive it. */
typedef struct silbe_middle silbe_middle;

SILBE_MUST_CHECK silbe_status silbe_middle_new(const silbe_middle_plan *plan, silbe_middle **middle,
                                               silbe_err *err);
void silbe_middle_free(silbe_middle *middle);

/* The next n_samples of both; the samples that are now complete go to out, which has room for
 * n_samples + silbe_middle_delay. Returns how many they are. How the samples are cut into calls
 * changes no bit. */
size_t silbe_middle_push(silbe_middle *middle, const float *mid, const float *side,
                         size_t n_samples, float *out);

/* No more will come: the rest, at most silbe_middle_delay samples. */
size_t silbe_middle_finish(silbe_middle *middle, float *out);

#endif
