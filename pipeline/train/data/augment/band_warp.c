#include "pipeline/train/data/augment/band_warp.h"

#include <string.h>

void silbe_band_warp(const silbe_bands *bands, double alpha, size_t n_frames, float *frames,
                     float *scratch)
{
    size_t n = bands->n_bands, at = 0;
    size_t from[SILBE_BANDS_MAX];
    float share[SILBE_BANDS_MAX];
    if (alpha == 1.0 || n < 2) {
        return;
    }
    for (size_t b = 0; b < n; b++) {
        double hz = bands->centre_hz[b] / alpha;
        while (at + 2 < n && bands->centre_hz[at + 1] <= hz) {
            at++;
        }
        double low = bands->centre_hz[at], high = bands->centre_hz[at + 1];
        double x = (hz - low) / (high - low);
        from[b] = at;
        share[b] = (float)(x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x));
    }
    for (size_t t = 0; t < n_frames; t++, frames += n) {
        memcpy(scratch, frames, n * sizeof *frames);
        for (size_t b = 0; b < n; b++) {
            const float *a = scratch + from[b];
            frames[b] = a[0] + share[b] * (a[1] - a[0]);
        }
    }
}
