/* What forward-backward is asked for, how it cuts the frames, where everything lies. */
#include <math.h>

#include "align/base/arena.h"
#include "align/ctc/ctc_engine.h"

enum {
    TABLE_BYTES = 32768, /* wish for the emissions of a tile */
    N_FIELDS = 4,        /* m and e of labels and blanks */
    DEFAULT_BYTES = 256 << 20,
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t silbe_ctc_carve(silbe_ctc_state *s, void *scratch)
{
    const silbe_ctc_plan *plan = &s->plan;
    const size_t each = sizeof(double);
    silbe_arena arena = silbe_arena_at(scratch);
    size_t row = plan->row_pairs;
    size_t n_symbols = s->problem.n_symbols;
    silbe_ctc_units *units[2] = {&s->forward, &s->backward};
    for (int i = 0; i < (plan->leaves ? 2 : 1); i++) {
        units[i]->symbol = silbe_arena_take(&arena, row, sizeof(int32_t));
        units[i]->skip = silbe_arena_take(&arena, units[i]->n_units, sizeof(uint32_t));
    }
    s->tile.table = silbe_arena_take(&arena, plan->tile_frames, s->tile.stride * each);
    s->tile.blank_m = silbe_arena_take(&arena, plan->tile_frames, each);
    s->tile.blank_e = silbe_arena_take(&arena, plan->tile_frames, each);
    s->emission = silbe_arena_take(&arena, n_symbols, each);
    s->edge = silbe_arena_take(&arena, plan->tile_frames, (size_t)2 * SILBE_CTC_EDGE * each);
    s->alpha = silbe_arena_take(&arena, row, N_FIELDS * each);
    if (!plan->leaves) {
        return arena.used;
    }
    s->beta = silbe_arena_take(&arena, row, N_FIELDS * each);
    s->slots =
        silbe_arena_take(&arena, silbe_checkpoints_n_slots(&plan->cut), N_FIELDS * each * row);
    for (int i = 0; i < N_FIELDS + plan->shares; i++) {
        s->leaf[i] = silbe_arena_take(&arena, plan->cut.stride[0], plan->leaf_pairs * each);
    }
    s->active = silbe_arena_take(&arena, s->forward.n_units, 1);
    s->unit_alpha = silbe_arena_take(&arena, s->forward.n_units, each);
    s->unit_beta = silbe_arena_take(&arena, s->forward.n_units, each);
    s->by_symbol = silbe_arena_take(&arena, n_symbols, each);
    if (s->wanted.onsets != NULL) {
        s->onset_cumulative = silbe_arena_take(&arena, s->problem.n_labels, each);
        s->onset_mean = silbe_arena_take(&arena, s->problem.n_labels, each);
        s->onset_square = silbe_arena_take(&arena, s->problem.n_labels, each);
    }
    return arena.used;
}

/* A leaf is one tile: what is larger than the cache costs more than a further sweep. Above it,
 * factors that are equal make the rows that are kept fewest. */
static silbe_checkpoints cut_frames(size_t n_frames, size_t tile_frames, size_t n_levels)
{
    silbe_checkpoints cut = {.n_levels = n_levels};
    double ratio = (double)n_frames / (double)tile_frames;
    size_t factor = n_levels == 0 ? 1 : (size_t)pow(ratio, 1.0 / (double)n_levels) + 1;
    cut.stride[0] = least(tile_frames, n_frames);
    for (size_t l = 1; l <= n_levels; l++) {
        cut.stride[l] = l == n_levels || cut.stride[l - 1] > n_frames / factor
                            ? n_frames
                            : cut.stride[l - 1] * factor;
    }
    for (size_t l = 0; l < n_levels; l++) {
        cut.n_slots[l] = (cut.stride[l + 1] + cut.stride[l] - 1) / cut.stride[l] - 1;
    }
    return cut;
}

static silbe_status check_wanted(const silbe_ctc_problem *p, const silbe_ctc_wanted *w,
                                 silbe_err *err)
{
    if (w->gradient != NULL && w->gradient_stride < p->n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: the gradient's stride should be at least the number of symbols, "
                          "%zu, got %zu",
                          p->n_symbols, w->gradient_stride);
    }
    if ((int)w->gradient_by < 0 || w->gradient_by >= SILBE_CTC_N_GRADIENTS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC: there is no gradient %d",
                          (int)w->gradient_by);
    }
    if (w->gradient != NULL && w->gradient_by == SILBE_CTC_BY_LOGITS && !p->logits) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: a gradient by logits needs emissions that are logits");
    }
    if (w->onsets != NULL && !(w->interval_mass > 0.0 && w->interval_mass < 1.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: the mass of the onset's interval should be inside (0, 1), got %g",
                          w->interval_mass);
    }
    for (size_t j = 0; w->onsets != NULL && w->near_frame != NULL && j < p->n_labels; j++) {
        if (w->near_frame[j] >= p->n_frames) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "CTC: near_frame of label %zu should be below %zu frames, got %zu", j,
                              p->n_frames, w->near_frame[j]);
        }
    }
    return SILBE_OK;
}

static silbe_status choose_levels(silbe_ctc_state *s, size_t wish, size_t *bytes, silbe_err *err)
{
    size_t best = SIZE_MAX;
    size_t best_levels = 0;
    size_t fewest = s->problem.n_frames > s->plan.tile_frames;
    for (size_t n = fewest; n < SILBE_CHECKPOINT_LEVELS && best > wish; n++) {
        s->plan.cut = cut_frames(s->problem.n_frames, s->plan.tile_frames, n);
        size_t used = silbe_ctc_carve(s, NULL);
        if (used < best) {
            best = used;
            best_levels = n;
        }
    }
    if (best == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "CTC: %zu labels over %zu frames overflow size_t",
                          s->problem.n_labels, s->problem.n_frames);
    }
    s->plan.cut = cut_frames(s->problem.n_frames, s->plan.tile_frames, best_levels);
    *bytes = best;
    return SILBE_OK;
}

silbe_status silbe_ctc_plan_init(const silbe_ctc_problem *problem, const silbe_ctc_wanted *wanted,
                                 const silbe_ctc_options *options, silbe_ctc_state *s,
                                 size_t *bytes, silbe_err *err)
{
    silbe_ctc_options o = SILBE_CTC_OPTIONS_INIT;
    silbe_ctc_wanted w = {0};
    silbe_kernel kernel = SILBE_KERNEL_AUTO;
    silbe_status status = silbe_ctc_problem_check(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    w = wanted != NULL ? *wanted : w;
    o = options != NULL ? *options : o;
    status = check_wanted(problem, &w, err);
    if (status == SILBE_OK) {
        status = silbe_ctc_choose_kernel(o.kernel, &kernel, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    *s = (silbe_ctc_state){.problem = *problem, .wanted = w};
    s->kernel = silbe_ctc_sweep_portable;
#ifdef SILBE_X86
    if (kernel == SILBE_KERNEL_AVX2) {
        s->kernel = silbe_ctc_sweep_avx2;
    } else if (kernel == SILBE_KERNEL_AVX512) {
        s->kernel = silbe_ctc_sweep_avx512;
    }
#endif
    silbe_ctc_plan *plan = &s->plan;
    s->forward.n_units = silbe_ctc_unit_count(problem->n_labels);
    s->backward.n_units = s->forward.n_units;
    s->tile.stride = 2 * (problem->n_symbols + 1);
    size_t tile = TABLE_BYTES / sizeof(double) / s->tile.stride;
    plan->tile_frames = tile < 4 ? 4 : least(tile, SILBE_CTC_SWEEP_TILE);
    plan->row_pairs = s->forward.n_units * SILBE_CTC_UNIT;
    plan->leaf_pairs = plan->row_pairs + (size_t)2 * SILBE_CTC_UNIT;
    plan->leaves = w.gradient != NULL || w.on_block != NULL || w.onsets != NULL;
    plan->shares = w.onsets != NULL || (w.on_block != NULL && w.block_onsets);
    return choose_levels(s, o.max_bytes != 0 ? o.max_bytes : (size_t)DEFAULT_BYTES, bytes, err);
}
