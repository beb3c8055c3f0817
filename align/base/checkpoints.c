#include "align/base/checkpoints.h"

#include "align/base/arena.h"

enum { MOST_LEVELS = 6 };

_Static_assert((int)MOST_LEVELS <= (int)SILBE_CHECKPOINT_LEVELS, "levels of a plan");

size_t silbe_checkpoints_n_slots(const silbe_checkpoints *plan)
{
    size_t sum = 0;
    for (size_t l = 0; l < plan->n_levels; l++) {
        sum = silbe_size_add(sum, plan->n_slots[l]);
    }
    return sum;
}

/* n_levels, each block of fan blocks. */
static silbe_checkpoints with_fan(size_t n_frames, size_t n_levels, size_t fan)
{
    silbe_checkpoints plan = {.n_levels = n_levels};
    size_t blocks = 1;
    for (size_t l = 0; l < n_levels; l++) {
        blocks = silbe_size_mul(blocks, fan);
        plan.n_slots[l] = fan - 1;
    }
    plan.stride[0] = n_frames / blocks + (n_frames % blocks != 0);
    for (size_t l = 1; l <= n_levels; l++) {
        plan.stride[l] = silbe_size_mul(plan.stride[l - 1], fan);
    }
    return plan;
}

silbe_checkpoints silbe_checkpoints_plan(size_t n_frames, size_t frame_bytes, size_t slot_bytes,
                                         size_t max_bytes)
{
    silbe_checkpoints best = with_fan(n_frames, 0, 1);
    size_t least = silbe_size_mul(n_frames, frame_bytes);
    for (size_t levels = 1; levels <= MOST_LEVELS && least > max_bytes; levels++) {
        for (size_t fan = 2; fan <= n_frames; fan += 1 + fan / 16) {
            silbe_checkpoints plan = with_fan(n_frames, levels, fan);
            size_t bytes =
                silbe_size_add(silbe_size_mul(plan.stride[0], frame_bytes),
                               silbe_size_mul(silbe_checkpoints_n_slots(&plan), slot_bytes));
            best = bytes < least ? plan : best;
            least = bytes < least ? bytes : least;
            if (plan.stride[0] == 1) {
                break;
            }
        }
    }
    return best;
}

typedef struct {
    const silbe_checkpoints *plan;
    const silbe_checkpoint_ops *ops;
    void *context;
    silbe_err *err;
} sweep;

/* Frames [begin, end), a block of the given level; its slots from first_slot on, those of the
 * levels below in front of them. */
static silbe_status descend(const sweep *w, size_t level, size_t first_slot, size_t begin,
                            size_t end)
{
    const silbe_checkpoint_ops *ops = w->ops;
    if (level == 0) {
        return ops->leaf(w->context, begin, end, w->err);
    }
    silbe_status status = SILBE_OK;
    size_t block = w->plan->stride[level - 1];
    size_t last = (end - begin - 1) / block;
    size_t below = level > 1 ? first_slot - w->plan->n_slots[level - 2] : 0;
    for (size_t i = 0; status == SILBE_OK && i < last; i++) {
        ops->save(w->context, first_slot + i);
        status = ops->forward(w->context, begin + i * block, begin + (i + 1) * block, w->err);
    }
    for (size_t i = last + 1; status == SILBE_OK && i-- > 0;) {
        size_t stop = i < last ? begin + (i + 1) * block : end;
        if (i < last) {
            ops->restore(w->context, first_slot + i);
        }
        status = descend(w, level - 1, below, begin + i * block, stop);
    }
    return status;
}

silbe_status silbe_checkpoints_sweep(const silbe_checkpoints *plan, size_t n_frames,
                                     const silbe_checkpoint_ops *ops, void *context, silbe_err *err)
{
    sweep w = {plan, ops, context, err};
    size_t n_levels = plan->n_levels;
    size_t top = n_levels > 0 ? silbe_checkpoints_n_slots(plan) - plan->n_slots[n_levels - 1] : 0;
    return descend(&w, n_levels, top, 0, n_frames);
}
