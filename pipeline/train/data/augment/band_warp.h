/*
 * Another vocal tract: the spectrum stretched along frequency.
 */
#ifndef SILBE_AUGMENT_BAND_WARP_H
#define SILBE_AUGMENT_BAND_WARP_H

#include <stddef.h>

#include "pipeline/train/data/augment/bands.h"

/*
 * Frames (n_frames x n_bands, of anything that may be interpolated): what lay at f lies at
 * alpha * f, linear between bands; beyond the ends the last band. alpha > 1: shorter tract. alpha
 * 1 changes nothing. scratch: n_bands floats.
 */
void silbe_band_warp(const silbe_bands *bands, double alpha, size_t n_frames, float *frames,
                     float *scratch);

#endif
