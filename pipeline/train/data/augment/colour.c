#include "pipeline/train/data/augment/colour.h"

#include <math.h>

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
