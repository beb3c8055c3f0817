/*
 * The recording's own level and the logarithmic compression that chroma.h and onset.h share.
 */
#ifndef SILBE_LEVEL_H
#define SILBE_LEVEL_H

#include <stddef.h>

#include "features/base/matrix.h"

/* L = sqrt(mean over rows of the sum of each row) of band energies; 0 for an empty matrix. */
double silbe_level_of_energy(const silbe_matrix *energy);

/* out[i] = log(1 + compression * sqrt(energy[i]) / level), i < n; level 0 gives zeros. in and out
 * may be the same array. */
void silbe_level_compress(const float *energy, size_t n, double compression, double level,
                          float *out);

#endif
