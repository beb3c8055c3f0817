/*
 * Where the phones of one utterance lie. Frames are the network's output frames; the segments cover
 * them without gaps.
 */
#ifndef SILBE_AUGMENT_SEGMENTS_H
#define SILBE_AUGMENT_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t begin_frame;
    uint32_t end_frame; /* > begin_frame */
    uint32_t word;      /* 1-based; 0: silence */
    uint8_t phone;
} silbe_segment;

typedef struct {
    silbe_segment *segments; /* owned; NULL: not aligned */
    size_t n_segments;
    size_t n_frames;
} silbe_alignment;

#endif
