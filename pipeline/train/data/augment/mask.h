/*
 * Masked bands (Park et al., SpecAugment, Interspeech 2019, section 2): after the means of the
 * bands are removed, n_masks runs of 0 .. max_width bands are set to 0.
 */
#ifndef SILBE_AUGMENT_MASK_H
#define SILBE_AUGMENT_MASK_H

#include <stddef.h>

#include "pipeline/train/random.h"

void silbe_mask_bands(size_t n_masks, size_t max_width, size_t n_frames, size_t n_bands,
                      silbe_random *random, float *logmel);

#endif
