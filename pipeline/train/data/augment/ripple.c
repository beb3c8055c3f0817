#include "pipeline/train/data/augment/ripple.h"

#include <string.h>

#define FLOOR 0.003F /* -25 dB: side lobes, breath and room between partials */

void silbe_ripple_smooth(const silbe_bands *bands, const float *strength, size_t n_frames,
                         float *power, float *scratch)
{
    size_t n = bands->n_bands;
    for (size_t t = 0; t < n_frames; t++, power += n) {
        float v = strength[t];
        if (!(v > 0.0F)) {
            continue;
        }
        for (size_t b = 0; b < n; b++) {
            const float *row = bands->smooth + b * n;
            float sum = 0.0F;
            for (size_t k = bands->smooth_begin[b]; k < bands->smooth_end[b]; k++) {
                sum += row[k] * power[k];
            }
            scratch[b] = sum;
        }
        for (size_t b = 0; b < n; b++) {
            power[b] += v * (scratch[b] - power[b]);
        }
    }
}

void silbe_ripple_write(const silbe_bands *bands, const float *f0_hz, const float *strength,
                        size_t n_frames, float *power, float *scratch)
{
    size_t n = bands->n_bands;
    float highest_hz = (float)((bands->n_grid - 1) * SILBE_BANDS_GRID_HZ);
    for (size_t t = 0; t < n_frames; t++, power += n) {
        float v = strength[t], f0 = f0_hz[t];
        if (!(v > 0.0F) || !(f0 > 0.0F)) {
            continue;
        }
        memset(scratch, 0, n * sizeof *scratch);
        for (float hz = f0; hz < highest_hz; hz += f0) {
            size_t g = (size_t)(hz / SILBE_BANDS_GRID_HZ + 0.5F);
            const float *row = bands->response + g * n;
            for (size_t b = bands->first_band[g]; b < bands->end_band[g]; b++) {
                scratch[b] += row[b];
            }
        }
        for (size_t b = 0; b < n; b++) {
            float ripple = f0 * scratch[b];
            ripple = ripple > FLOOR ? ripple : FLOOR;
            power[b] *= 1.0F + v * (ripple - 1.0F);
        }
    }
}
