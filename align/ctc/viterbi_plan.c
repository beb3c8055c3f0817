/* How many frames a block of Viterbi has, and where everything lies in the scratch. */
#include <math.h>

#include "align/base/arena.h"
#include "align/ctc/viterbi_engine.h"

enum {
    TABLE_BYTES = 16384, /* wish for the table of a tile: half of a small first-level cache */
    MIN_BLOCK = 256,     /* frames; with fewer, copying rows would cost more than it saves */
    DEFAULT_BYTES = 64 << 20,
};

static size_t table_stride(size_t n_symbols)
{
    if (n_symbols < 32) {
        return 32;
    }
    return n_symbols < 64 ? 64 : (n_symbols + 16) / 16 * 16;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t silbe_ctc_viterbi_carve(silbe_ctc_viterbi_state *s, void *scratch)
{
    const silbe_ctc_viterbi_plan *plan = &s->plan;
    silbe_arena arena = silbe_arena_at(scratch);
    size_t row = plan->row_pairs;
    s->units.symbol = silbe_arena_take(&arena, row, sizeof *s->units.symbol);
    s->units.skip = silbe_arena_take(&arena, s->units.n_units, sizeof *s->units.skip);
    s->tile.table =
        silbe_arena_take(&arena, plan->tile_frames, plan->stride * sizeof *s->tile.table);
    s->tile.blank = silbe_arena_take(&arena, plan->tile_frames, sizeof *s->tile.blank);
    s->emission = silbe_arena_take(&arena, s->problem.n_symbols, sizeof *s->emission);
    s->label = silbe_arena_take(&arena, row, sizeof *s->label);
    s->blank = silbe_arena_take(&arena, row, sizeof *s->blank);
    s->edge = silbe_arena_take(&arena, plan->tile_frames, SILBE_CTC_EDGE * sizeof *s->edge);
    s->block_best = silbe_arena_take(&arena, plan->n_blocks, sizeof *s->block_best);
    s->block_drop = silbe_arena_take(&arena, plan->n_blocks, sizeof *s->block_drop);
    s->checkpoints = silbe_arena_take(&arena, plan->n_blocks - 1, 2 * row * sizeof *s->checkpoints);
    s->back = silbe_arena_take(&arena, plan->block_frames, plan->back_units * SILBE_CTC_BACK);
    return arena.used;
}

static void set_block(silbe_ctc_viterbi_state *s, size_t frames)
{
    silbe_ctc_viterbi_plan *plan = &s->plan;
    size_t n_frames = s->problem.n_frames;
    frames = (frames + plan->tile_frames - 1) / plan->tile_frames * plan->tile_frames;
    plan->block_frames = least(frames, n_frames);
    plan->n_blocks = (n_frames + plan->block_frames - 1) / plan->block_frames;
    plan->back_units =
        least(plan->block_frames / SILBE_CTC_UNIT + 2, silbe_ctc_unit_count(s->problem.n_labels));
}

silbe_status silbe_ctc_viterbi_plan_init(const silbe_ctc_problem *problem,
                                         const silbe_ctc_viterbi_options *options,
                                         silbe_ctc_viterbi_state *s, size_t *bytes, silbe_err *err)
{
    silbe_ctc_viterbi_options o = SILBE_CTC_VITERBI_OPTIONS_INIT;
    silbe_kernel kernel = SILBE_KERNEL_AUTO;
    silbe_status status = silbe_ctc_problem_check(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    o = options != NULL ? *options : o;
    status = silbe_ctc_choose_kernel(o.kernel, &kernel, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (!isfinite(o.beam_logp) || o.beam_logp < 0.0) {
        return silbe_fail(
            err, SILBE_ERR_ARGUMENT,
            "Viterbi: the beam should be 0 (none) or a positive number of nats, got %g",
            o.beam_logp);
    }
    *s = (silbe_ctc_viterbi_state){.problem = *problem, .beam_logp = o.beam_logp};
    s->kernel = silbe_ctc_viterbi_portable;
#ifdef SILBE_X86
    if (kernel == SILBE_KERNEL_AVX2) {
        s->kernel = silbe_ctc_viterbi_avx2;
    } else if (kernel == SILBE_KERNEL_AVX512) {
        s->kernel = silbe_ctc_viterbi_avx512;
    }
#endif
    s->units.n_units = silbe_ctc_unit_count(problem->n_labels);
    s->plan.row_pairs = s->units.n_units * SILBE_CTC_UNIT;
    s->plan.stride = table_stride(problem->n_symbols);
    s->tile.stride = s->plan.stride;
    size_t tile = TABLE_BYTES / sizeof(float) / s->plan.stride;
    s->plan.tile_frames = tile < 4 ? 4 : least(tile, SILBE_CTC_MAX_TILE);

    size_t wish = o.max_bytes != 0 ? o.max_bytes : (size_t)DEFAULT_BYTES;
    size_t best = SIZE_MAX;
    size_t best_frames = 0;
    for (size_t frames = MIN_BLOCK; best > wish; frames += frames / 8) {
        set_block(s, frames);
        size_t used = silbe_ctc_viterbi_carve(s, NULL);
        if (used < best) {
            best = used;
            best_frames = frames;
        }
        if (s->plan.n_blocks == 1) {
            break;
        }
    }
    if (best == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "Viterbi: %zu labels over %zu frames overflow size_t", problem->n_labels,
                          problem->n_frames);
    }
    set_block(s, best_frames);
    *bytes = best;
    return SILBE_OK;
}
