#include "pipeline/train/data/augment/mask.h"

#include <string.h>

void silbe_mask_bands(size_t n_masks, size_t max_width, size_t n_frames, size_t n_bands,
                      silbe_random *random, float *logmel)
{
    for (size_t i = 0; i < n_masks; i++) {
        size_t width = silbe_random_below(random, max_width + 1);
        width = width < n_bands ? width : n_bands;
        size_t begin = silbe_random_below(random, n_bands - width + 1);
        for (size_t t = 0; t < n_frames; t++) {
            memset(logmel + t * n_bands + begin, 0, width * sizeof *logmel);
        }
    }
}
