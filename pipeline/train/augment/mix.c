#include "pipeline/train/augment/steps.h"

#include <math.h>
#include <string.h>

double silbe_mix_level(const silbe_bands *bands, const float *power, const float *strength,
                       size_t n_frames)
{
    double voiced = 0.0, all = 0.0;
    size_t n_voiced = 0, n = bands->n_bands;
    for (size_t t = 0; t < n_frames; t++, power += n) {
        double sum = 0.0;
        for (size_t b = 0; b < n; b++) {
            sum += (double)power[b] * 0.5 * (bands->edge_hz[b + 2] - bands->edge_hz[b]);
        }
        all += sum;
        if (strength != NULL && strength[t] > 0.5F) {
            voiced += sum;
            n_voiced++;
        }
    }
    double mean =
        n_voiced > 0 ? voiced / (double)n_voiced : (n_frames > 0 ? all / (double)n_frames : 0.0);
    return mean / (double)n;
}

void silbe_mix_add(const float *other, double gain, size_t n, float *power)
{
    float g = (float)gain;
    for (size_t i = 0; i < n; i++) {
        power[i] += g * other[i];
    }
}

/* Four uniform numbers of 16 bits from one draw: mean 0, variance 1, within +-3.47 (Irwin and
 * Hall). */
static float near_normal(silbe_random *random)
{
    uint64_t x = silbe_random_next(random);
    uint32_t sum = (uint32_t)(x & 0xffff) + (uint32_t)(x >> 16 & 0xffff) +
                   (uint32_t)(x >> 32 & 0xffff) + (uint32_t)(x >> 48);
    return ((float)sum * (1.0F / 65536.0F) - 2.0F) * 1.7320508F;
}

void silbe_mix_noise(const silbe_bands *bands, double level, double tilt_db, double spread,
                     size_t n_frames, silbe_random *random, float *power)
{
    float mean[SILBE_BANDS_MAX];
    double sum = 0.0;
    size_t n = bands->n_bands;
    for (size_t b = 0; b < n; b++) {
        double octaves = log2(bands->centre_hz[b] / 1000.0);
        double value = pow(10.0, 0.1 * tilt_db * octaves);
        mean[b] = (float)value;
        sum += value * 0.5 * (bands->edge_hz[b + 2] - bands->edge_hz[b]);
    }
    for (size_t b = 0; b < n; b++) {
        mean[b] *= (float)(level * (double)n / sum);
    }
    float s = (float)spread;
    for (size_t t = 0; t < n_frames; t++, power += n) {
        for (size_t b = 0; b < n; b++) {
            power[b] += s > 0.0F ? mean[b] * expf(s * near_normal(random) - 0.5F * s * s) : mean[b];
        }
    }
}

void silbe_mix_room(double wet, double decay_s, double hop_s, size_t n_frames, size_t n_bands,
                    float *power, float *scratch)
{
    if (!(wet > 0.0) || !(decay_s > 0.0)) {
        return;
    }
    float d = (float)pow(10.0, -6.0 * hop_s / decay_s), w = (float)wet;
    memset(scratch, 0, n_bands * sizeof *scratch);
    for (size_t t = 0; t < n_frames; t++, power += n_bands) {
        for (size_t b = 0; b < n_bands; b++) {
            float dry = power[b];
            power[b] += w * scratch[b];
            scratch[b] = d * scratch[b] + (1.0F - d) * dry;
        }
    }
}

void silbe_mix_crackle(const silbe_bands *bands, double level, double rate, double hop_s,
                       size_t n_frames, silbe_random *random, float *power)
{
    size_t n = bands->n_bands;
    double width = (bands->edge_hz[n + 1] - bands->edge_hz[0]) / (double)n;
    for (size_t t = 0; t < n_frames; t++, power += n) {
        double u = silbe_random_uniform(random), loud = silbe_random_uniform(random);
        if (u < rate * hop_s) {
            float click = (float)(level / width * exp(4.0 * loud - 2.0));
            for (size_t b = 0; b < n; b++) {
                power[b] += click;
            }
        }
    }
}
