/*
 * Sweeps from the last frames to the first in little memory. Not for callers. A block of level l
 * has stride[l] frames; stride[0] is a leaf, whose rows or back-pointers are all kept; a block of
 * level l > 0 saves the state before each of its blocks of level l - 1 in a slot.
 */
#ifndef SILBE_ALIGN_TRELLIS_PLAN_H
#define SILBE_ALIGN_TRELLIS_PLAN_H

#include "align/trellis/graph.h"

enum { SILBE_TRELLIS_MAX_LEVELS = 6 };

typedef struct {
    size_t n_levels;
    size_t fan; /* blocks of a block */
    size_t stride[SILBE_TRELLIS_MAX_LEVELS + 1];
    size_t leaf_frames;
    size_t bytes; /* SIZE_MAX: too much */
} silbe_trellis_plan;

/* Least levels within max_bytes, or the least memory. */
silbe_trellis_plan silbe_trellis_plan_make(size_t n_frames, size_t frame_bytes, size_t slot_bytes,
                                           size_t max_bytes);

typedef struct {
    /* Advances the state in hand over frames [begin, end). */
    silbe_status (*forward)(void *context, size_t begin, size_t end, silbe_err *err);
    /* Uses frames [begin, end); leaves come from last to first; the state in hand is the one before
     * begin. */
    silbe_status (*leaf)(void *context, size_t begin, size_t end, silbe_err *err);
    void (*save)(void *context, size_t slot);
    void (*restore)(void *context, size_t slot);
} silbe_trellis_sweep_ops;

/* Slots are numbered 0 .. n_levels * fan - 1. */
SILBE_MUST_CHECK silbe_status silbe_trellis_sweep(const silbe_trellis_plan *plan, size_t n_frames,
                                                  const silbe_trellis_sweep_ops *ops, void *context,
                                                  silbe_err *err);

#endif
