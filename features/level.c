#include "features/level.h"

#include <math.h>

double silbe_level_of_energy(const silbe_matrix *energy)
{
    double total = 0.0;
    size_t n = energy->n_rows * energy->n_cols;
    for (size_t i = 0; i < n; i++) {
        total += energy->data[i];
    }
    return energy->n_rows == 0 ? 0.0 : sqrt(total / (double)energy->n_rows);
}

void silbe_level_compress(const float *energy, size_t n, double compression, double level,
                          float *out)
{
    float gain = level > 0.0 ? (float)(compression / level) : 0.0F;
    for (size_t i = 0; i < n; i++) {
        out[i] = sqrtf(energy[i]) * gain;
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = log1pf(out[i]);
    }
}
