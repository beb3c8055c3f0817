/* How many checkpoints, and the sweeps over them. */
#include "align/trellis/plan.h"

static silbe_trellis_plan with_fan(size_t n_frames, size_t n_levels, size_t fan, size_t frame_bytes,
                                   size_t slot_bytes)
{
    silbe_trellis_plan plan = {.n_levels = n_levels, .fan = fan};
    size_t blocks = 1;
    for (size_t i = 0; i < n_levels; i++) {
        blocks = silbe_size_mul(blocks, fan);
    }
    plan.leaf_frames = n_frames / blocks + (n_frames % blocks != 0);
    plan.stride[0] = plan.leaf_frames;
    for (size_t i = 1; i <= n_levels; i++) {
        plan.stride[i] = silbe_size_mul(plan.stride[i - 1], fan);
    }
    plan.bytes = silbe_size_add(silbe_size_mul(plan.leaf_frames, frame_bytes),
                                silbe_size_mul(n_levels * fan, slot_bytes));
    return plan;
}

silbe_trellis_plan silbe_trellis_plan_make(size_t n_frames, size_t frame_bytes, size_t slot_bytes,
                                           size_t max_bytes)
{
    silbe_trellis_plan best = with_fan(n_frames, 0, 1, frame_bytes, slot_bytes);
    for (size_t levels = 1; levels <= SILBE_TRELLIS_MAX_LEVELS && best.bytes > max_bytes;
         levels++) {
        silbe_trellis_plan level_best = best;
        for (size_t fan = 2; fan <= n_frames; fan += 1 + fan / 16) {
            silbe_trellis_plan plan = with_fan(n_frames, levels, fan, frame_bytes, slot_bytes);
            level_best = plan.bytes < level_best.bytes ? plan : level_best;
            if (plan.leaf_frames == 1) {
                break;
            }
        }
        best = level_best;
    }
    return best;
}

typedef struct {
    const silbe_trellis_plan *plan;
    const silbe_trellis_sweep_ops *ops;
    void *context;
} sweep;

static silbe_status descend(const sweep *w, size_t level, size_t begin, size_t end, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    if (level == 0) {
        return w->ops->leaf(w->context, begin, end, err);
    }
    size_t block = w->plan->stride[level - 1];
    size_t n = (end - begin) / block + ((end - begin) % block != 0);
    size_t slots = (level - 1) * w->plan->fan;
    for (size_t i = 0; status == SILBE_OK && i < n; i++) {
        w->ops->save(w->context, slots + i);
        if (i + 1 < n) {
            status = w->ops->forward(w->context, begin + i * block, begin + (i + 1) * block, err);
        }
    }
    for (size_t i = n; status == SILBE_OK && i-- > 0;) {
        size_t stop = i + 1 < n ? begin + (i + 1) * block : end;
        if (i + 1 < n) {
            w->ops->restore(w->context, slots + i);
        }
        status = descend(w, level - 1, begin + i * block, stop, err);
    }
    return status;
}

silbe_status silbe_trellis_sweep(const silbe_trellis_plan *plan, size_t n_frames,
                                 const silbe_trellis_sweep_ops *ops, void *context, silbe_err *err)
{
    sweep w = {plan, ops, context};
    return descend(&w, plan->n_levels, 0, n_frames, err);
}
