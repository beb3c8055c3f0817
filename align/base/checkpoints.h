/*
 * Sweeps from the last frames to the first in little memory, for engines that go forward over the
 * frames and back again: instead of keeping all rows, keep some and make the others again. A block
 * of level l has at most stride[l] frames. One of level 0 is a leaf, whose rows or back-pointers
 * are all in memory; one of level l > 0 keeps the state before each of its blocks of level l - 1
 * but the last in a slot. Each level costs one more sweep forward.
 */
#ifndef SILBE_ALIGN_BASE_CHECKPOINTS_H
#define SILBE_ALIGN_BASE_CHECKPOINTS_H

#include <stddef.h>

#include "features/base/status.h"

enum { SILBE_CHECKPOINT_LEVELS = 8 };

typedef struct {
    size_t n_levels; /* 0 .. SILBE_CHECKPOINT_LEVELS; the frames are one block of that level */
    size_t stride[SILBE_CHECKPOINT_LEVELS + 1];
    size_t n_slots[SILBE_CHECKPOINT_LEVELS]; /* of blocks of level l + 1 */
} silbe_checkpoints;

/* Least levels, up to 6, whose leaf (frame_bytes per frame) and slots fit into max_bytes, or the
 * least memory. Slots: as many for each level. */
silbe_checkpoints silbe_checkpoints_plan(size_t n_frames, size_t frame_bytes, size_t slot_bytes,
                                         size_t max_bytes);

/* Slots of all levels; their numbers run from 0 to one less. */
size_t silbe_checkpoints_n_slots(const silbe_checkpoints *plan);

/* What an engine does: "the state in hand" is its own, in context. */
typedef struct {
    /* Advances the state in hand over frames [begin, end). */
    silbe_status (*forward)(void *context, size_t begin, size_t end, silbe_err *err);
    /* Uses frames [begin, end); leaves come from last to first; the state in hand is the one before
     * begin. */
    silbe_status (*leaf)(void *context, size_t begin, size_t end, silbe_err *err);
    void (*save)(void *context, size_t slot);
    void (*restore)(void *context, size_t slot);
} silbe_checkpoint_ops;

/* All leaves, beginning with the state before frame 0 in hand. Stops at the first failure of
 * forward or leaf and returns it. Recursion no deeper than n_levels. */
SILBE_MUST_CHECK silbe_status silbe_checkpoints_sweep(const silbe_checkpoints *plan,
                                                      size_t n_frames,
                                                      const silbe_checkpoint_ops *ops,
                                                      void *context, silbe_err *err);

#endif
