#include <math.h>
#include <string.h>

#include "pipeline/train/augment/steps.h"

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

#define NATS_PER_DB 0.23025850929940457
#define PI 3.14159265358979323846

void silbe_colour_equalise(const silbe_bands *bands, double depth_db, silbe_random *random,
                           float *gain)
{
    double amplitude[4], phase[4];
    for (int i = 0; i < 4; i++) {
        amplitude[i] = 0.25 * depth_db * NATS_PER_DB * (2.0 * silbe_random_uniform(random) - 1.0);
        phase[i] = 2.0 * PI * silbe_random_uniform(random);
    }
    for (size_t b = 0; b < bands->n_bands; b++) {
        double x = PI * (double)b / (double)bands->n_bands, sum = 0.0;
        for (int i = 0; i < 4; i++) {
            sum += amplitude[i] * cos((i + 1) * x + phase[i]);
        }
        gain[b] = (float)sum;
    }
}

void silbe_colour_formant(const silbe_bands *bands, double centre_hz, double peak_db, float *gain)
{
    for (size_t b = 0; b < bands->n_bands; b++) {
        double x = log2(bands->centre_hz[b] / centre_hz) / 0.17;
        gain[b] += (float)(peak_db * NATS_PER_DB * exp(-0.5 * x * x));
    }
}

void silbe_colour_disc(const silbe_bands *bands, double low_hz, double high_hz, float *gain)
{
    for (size_t b = 0; b < bands->n_bands; b++) {
        double hz = bands->centre_hz[b];
        double db =
            -10.0 * log10(1.0 + pow(low_hz / hz, 4.0)) - 10.0 * log10(1.0 + pow(hz / high_hz, 8.0));
        gain[b] += (float)((db > -50.0 ? db : -50.0) * NATS_PER_DB);
    }
}

void silbe_colour_apply(const float *gain, const float *strength, size_t n_frames, size_t n_bands,
                        float *power)
{
    float factor[SILBE_BANDS_MAX];
    for (size_t b = 0; b < n_bands; b++) {
        factor[b] = expf(gain[b]);
    }
    for (size_t t = 0; t < n_frames; t++, power += n_bands) {
        float s = strength == NULL ? 1.0F : strength[t];
        for (size_t b = 0; b < n_bands; b++) {
            power[b] *= s == 1.0F ? factor[b] : (s == 0.0F ? 1.0F : expf(s * gain[b]));
        }
    }
}
