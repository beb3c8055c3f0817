#include <math.h>

#include "features/model/layers.h"
#include "features/model/vector.h"

/* Sums over channels run in LANES lanes, lane c % LANES in order of c, which are then added in
 * pairs: an order that vectors of any width can follow. */
enum { LANES = 16 };

static inline float sum_lanes(float *lanes)
{
    for (size_t half = LANES / 2; half > 0; half /= 2) {
        for (size_t k = 0; k < half; k++) {
            lanes[k] += lanes[k + half];
        }
    }
    return lanes[0];
}

/* The mean of x, or with squares of (x - centre)^2. */
static inline __attribute__((always_inline)) float mean_of(const float *x, size_t n, float centre,
                                                           int squares)
{
    float lanes[LANES] = {0};
    size_t c = 0;
    for (; c + LANES <= n; c += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            float value = x[c + k] - centre;
            lanes[k] += squares ? value * value : value;
        }
    }
    for (size_t k = 0; c + k < n; k++) {
        float value = x[c + k] - centre;
        lanes[k] += squares ? value * value : value;
    }
    return sum_lanes(lanes) / (float)n;
}

/* The mean of g d n. */
static inline __attribute__((always_inline)) float mean_product(const float *g, const float *d,
                                                                const float *n_values, size_t n)
{
    float lanes[LANES] = {0};
    size_t c = 0;
    for (; c + LANES <= n; c += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            float value = g[c + k] * d[c + k];
            lanes[k] += n_values == NULL ? value : value * n_values[c + k];
        }
    }
    for (size_t k = 0; c + k < n; k++) {
        float value = g[c + k] * d[c + k];
        lanes[k] += n_values == NULL ? value : value * n_values[c + k];
    }
    return sum_lanes(lanes) / (float)n;
}

SILBE_MODEL_CLONES
void silbe_layer_norm(const float *x, const float *gain, const float *offset, size_t n_frames,
                      size_t n_channels, float *y, float *normed, float *inverse_sd)
{
    for (size_t t = 0; t < n_frames; t++) {
        const float *x_row = x + t * n_channels;
        float *y_row = y + t * n_channels;
        float mean = mean_of(x_row, n_channels, 0.0F, 0);
        float variance = mean_of(x_row, n_channels, mean, 1);
        float scale = 1.0F / sqrtf(variance + SILBE_NORM_EPSILON);
        if (normed != NULL) {
            float *normed_row = normed + t * n_channels;
            for (size_t c = 0; c < n_channels; c++) {
                float value = (x_row[c] - mean) * scale;
                normed_row[c] = value;
                y_row[c] = gain[c] * value + offset[c];
            }
        } else {
            for (size_t c = 0; c < n_channels; c++) {
                y_row[c] = gain[c] * ((x_row[c] - mean) * scale) + offset[c];
            }
        }
        if (inverse_sd != NULL) {
            inverse_sd[t] = scale;
        }
    }
}

/* d_x = (g - mean(g) - n mean(g n)) / sd with g = gain d_y */
SILBE_MODEL_CLONES
void silbe_layer_norm_backward(const float *normed, const float *inverse_sd, const float *gain,
                               const float *d_y, size_t n_frames, size_t n_channels, float *d_x,
                               float *d_gain, float *d_offset)
{
    for (size_t t = 0; t < n_frames; t++) {
        const float *n_row = normed + t * n_channels;
        const float *d_row = d_y + t * n_channels;
        float *out = d_x + t * n_channels;
        float mean_g = mean_product(gain, d_row, NULL, n_channels);
        float mean_gn = mean_product(gain, d_row, n_row, n_channels);
        float scale = inverse_sd[t];
        for (size_t c = 0; c < n_channels; c++) {
            d_gain[c] += d_row[c] * n_row[c];
            d_offset[c] += d_row[c];
        }
        for (size_t c = 0; c < n_channels; c++) {
            out[c] = (gain[c] * d_row[c] - mean_g - n_row[c] * mean_gn) * scale;
        }
    }
}
