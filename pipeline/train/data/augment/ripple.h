/*
 * The pitch in the spectrum: taken out, and written anew. Frames are mel powers (not logarithms),
 * n_frames x n_bands.
 */
#ifndef SILBE_AUGMENT_RIPPLE_H
#define SILBE_AUGMENT_RIPPLE_H

#include <stddef.h>

#include "pipeline/train/data/augment/bands.h"

/*
 * Smooths frames across bands (bands->smooth) by their strength v(t) in 0..1:
 * P <- (1 - v) P + v S P. A frame that is flat stays flat; the sum of power over Hz is kept within
 * the edges. scratch: n_bands floats.
 */
void silbe_ripple_smooth(const silbe_bands *bands, const float *strength, size_t n_frames,
                         float *power, float *scratch);

/*
 * Writes partials of f0_hz[t] (> 0): P(b) <- P(b) ((1 - v) + v R(b)) with
 * R(b) = max(floor, f0 sum_k response(k f0, b)), whose mean over f0 is 1: on average the energy
 * stays. v = 0: nothing changes. scratch: n_bands floats.
 */
void silbe_ripple_write(const silbe_bands *bands, const float *f0_hz, const float *strength,
                        size_t n_frames, float *power, float *scratch);

#endif
