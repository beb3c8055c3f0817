/* Softmin with classical steps in the linear domain: forward with checkpoints, back block by block.
 */
#include <math.h>
#include <string.h>

#include "align/softdtw/engine.h"

enum {
    LANES = SILBE_SOFTDTW_LANES,
    PAD = SILBE_SOFTDTW_PAD,
};

bool silbe_softdtw_strips_fit(const silbe_softdtw_problem *problem,
                              const silbe_softdtw_gradient *gradient)
{
    const silbe_path_step *s = problem->steps.steps;
    bool classical = problem->steps.n_steps == 3 && s[0].dn == 1 && s[0].dm == 1 && s[1].dn == 1 &&
                     s[1].dm == 0 && s[2].dn == 0 && s[2].dm == 1;
    bool step_gradient =
        gradient != NULL && (gradient->weights != NULL || gradient->penalties != NULL);
    return classical && problem->minimum == SILBE_SOFTDTW_SOFTMIN && problem->n_rows >= 2 &&
           !problem->steps.add_skipped && problem->column_steps == NULL && !step_gradient &&
           s[0].weight == s[1].weight && s[1].weight == s[2].weight;
}

/* Strips, tail and blocks. Checkpoints (2 n_cols values each) and a block (KEPT values per column
 * and strip) take least together with sqrt(2 n_strips / KEPT) strips a block, but a block that
 * stays in second-level cache is faster. */
static void plan(silbe_softdtw_strips *s, const silbe_softdtw_problem *problem)
{
    s->problem = problem;
    s->n_strips = (problem->n_rows - 2) / LANES;
    s->n_tail = problem->n_rows - 1 - s->n_strips * LANES;
    s->block_strips = (size_t)sqrt((double)s->n_strips * (2.0 / SILBE_SOFTDTW_KEPT));
    s->block_strips = s->block_strips < 1 ? 1 : s->block_strips;
    s->n_blocks = (s->n_strips + s->block_strips - 1) / s->block_strips;
    s->width = problem->n_cols + 2 * PAD;
}

static size_t kept_per_strip(const silbe_softdtw_strips *s)
{
    return silbe_size_mul(s->problem->n_cols + LANES, SILBE_SOFTDTW_KEPT);
}

static silbe_softdtw_pairs take_pairs(silbe_arena *arena, size_t width)
{
    silbe_softdtw_pairs p;
    p.m = silbe_arena_take(arena, width, sizeof(double));
    p.e = silbe_arena_take(arena, width, sizeof(double));
    if (p.m != NULL) {
        p.m += PAD;
        p.e += PAD;
    }
    return p;
}

static size_t carve(silbe_softdtw_strips *s, void *scratch)
{
    silbe_arena arena = silbe_arena_at(scratch);
    size_t whole_row = s->problem->n_cols;
    size_t segment_rows = (size_t)LANES * (PAD + SILBE_SOFTDTW_SEGMENT);
    s->row = take_pairs(&arena, s->width);
    s->first.z = take_pairs(&arena, s->width);
    s->first.x = take_pairs(&arena, s->width);
    for (size_t i = 0; i < (s->with_gradient ? s->n_tail : 1); i++) {
        s->tail[i].z = take_pairs(&arena, s->width);
        s->tail[i].x = take_pairs(&arena, s->width);
    }
    s->cost_rows = silbe_arena_take(&arena, segment_rows > whole_row ? segment_rows : whole_row,
                                    sizeof(double));
    s->skewed = silbe_arena_take(&arena, (size_t)LANES * SILBE_SOFTDTW_SEGMENT, sizeof(double));
    if (s->with_gradient && s->n_strips > 0) {
        s->kept = silbe_arena_take(&arena, silbe_size_mul(s->block_strips, kept_per_strip(s)),
                                   sizeof(double));
        s->saved = silbe_arena_take(&arena, silbe_size_mul(s->n_blocks, 2 * s->problem->n_cols),
                                    sizeof(double));
        s->saved_range = silbe_arena_take(&arena, s->n_blocks, sizeof *s->saved_range);
    }
    return arena.used;
}

size_t silbe_softdtw_strips_bytes(const silbe_softdtw_problem *problem, bool with_gradient)
{
    silbe_softdtw_strips s = {.with_gradient = with_gradient};
    plan(&s, problem);
    return carve(&s, NULL);
}

static void save_row(silbe_softdtw_strips *s, size_t block)
{
    size_t n_cols = s->problem->n_cols;
    memcpy(s->saved + block * 2 * n_cols, s->row.m, n_cols * sizeof *s->saved);
    memcpy(s->saved + block * 2 * n_cols + n_cols, s->row.e, n_cols * sizeof *s->saved);
    s->saved_range[block] = s->in_row;
}

static void set_row(silbe_softdtw_strips *s, const double *m, const double *e,
                    silbe_softdtw_range range)
{
    memcpy(s->row.m, m, s->problem->n_cols * sizeof *m);
    memcpy(s->row.e, e, s->problem->n_cols * sizeof *e);
    s->in_row = range;
}

static void clear_pairs(const silbe_softdtw_strips *s, silbe_softdtw_pairs row)
{
    for (size_t i = 0; i < s->width; i++) {
        *(row.m + i - PAD) = 1.0;
        *(row.e + i - PAD) = SILBE_ZERO_EXPONENT;
    }
}

/* Row n cell by cell. */
static silbe_status edge_row(silbe_softdtw_strips *s, size_t n, silbe_softdtw_pairs above,
                             const silbe_softdtw_edge_row *row, silbe_err *err)
{
    silbe_softdtw_range window = silbe_softdtw_window(s->problem, n);
    double *cost = s->cost_rows;
    for (size_t m = 0; m < s->problem->n_cols; m++) {
        cost[m] = INFINITY;
    }
    silbe_status status = silbe_softdtw_fill(s->problem, n, window.begin, window.end,
                                             cost + window.begin, &s->highest, err);
    if (status == SILBE_OK) {
        silbe_softdtw_edge_forward(s->problem, &s->lanes, n, above, cost, row);
    }
    return status;
}

static size_t strip_row(size_t strip)
{
    return 1 + strip * LANES;
}

/* Strips [first, last) forward; kept for the way back unless NULL. */
static silbe_status forward_strips(silbe_softdtw_strips *s, size_t first, size_t last, double *kept,
                                   silbe_err *err)
{
    for (size_t i = first; i < last; i++) {
        double *to = kept == NULL ? NULL : kept + (i - first) * kept_per_strip(s);
        silbe_status status = silbe_softdtw_strip_forward(s, strip_row(i), to, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static size_t end_of_block(const silbe_softdtw_strips *s, size_t block)
{
    size_t last = (block + 1) * s->block_strips;
    return last < s->n_strips ? last : s->n_strips;
}

static silbe_status forward(silbe_softdtw_strips *s, silbe_err *err)
{
    const silbe_softdtw_pairs none = {NULL, NULL};
    const silbe_softdtw_range all = {0, s->problem->n_cols};
    clear_pairs(s, s->row);
    clear_pairs(s, s->first.z);
    silbe_status status = edge_row(s, 0, none, &s->first, err);
    if (status != SILBE_OK) {
        return status;
    }
    set_row(s, s->first.z.m, s->first.z.e, all);
    for (size_t block = 0; block < s->n_blocks; block++) {
        bool keep = s->with_gradient && block + 1 == s->n_blocks; /* used at once */
        if (s->with_gradient) {
            save_row(s, block);
        }
        status = forward_strips(s, block * s->block_strips, end_of_block(s, block),
                                keep ? s->kept : NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    silbe_softdtw_pairs above = s->row;
    for (size_t i = 0; i < s->n_tail; i++) {
        silbe_softdtw_edge_row *row = &s->tail[s->with_gradient ? i : 0];
        if (i == 0 || s->with_gradient) {
            clear_pairs(s, row->z);
        }
        status = edge_row(s, strip_row(s->n_strips) + i, above, row, err);
        if (status != SILBE_OK) {
            return status;
        }
        above = row->z;
    }
    return SILBE_OK;
}

static silbe_status backward(silbe_softdtw_strips *s, double *gradient, silbe_err *err)
{
    const silbe_softdtw_problem *problem = s->problem;
    s->checked = true;
    clear_pairs(s, s->row);
    s->in_row = (silbe_softdtw_range){0, problem->n_cols};
    for (size_t i = s->n_tail; i-- > 0;) {
        size_t n = strip_row(s->n_strips) + i;
        silbe_softdtw_edge_backward(problem, &s->lanes, n, &s->tail[i], s->row,
                                    gradient + n * problem->n_cols);
    }
    for (size_t block = s->n_blocks; block-- > 0;) {
        size_t first = block * s->block_strips;
        size_t last = end_of_block(s, block);
        if (block + 1 < s->n_blocks) {
            /* The row in hand is x B; that of Z is needed for a while: tail[0] is free by now. */
            silbe_softdtw_pairs below = s->row;
            silbe_softdtw_range in_below = s->in_row;
            s->row = s->tail[0].z;
            clear_pairs(s, s->row);
            set_row(s, s->saved + block * 2 * problem->n_cols,
                    s->saved + block * 2 * problem->n_cols + problem->n_cols,
                    s->saved_range[block]);
            silbe_status status = forward_strips(s, first, last, s->kept, err);
            s->row = below;
            s->in_row = in_below;
            if (status != SILBE_OK) {
                return status;
            }
        }
        for (size_t i = last; i-- > first;) {
            silbe_softdtw_strip_backward(s, strip_row(i), s->kept + (i - first) * kept_per_strip(s),
                                         gradient);
        }
    }
    silbe_softdtw_edge_backward(problem, &s->lanes, 0, &s->first, s->row, gradient);
    return SILBE_OK;
}

/* Largest exponent that a path can have; not finite or too large: not exact. */
static bool exponents_are_exact(const silbe_softdtw_strips *s, double unit)
{
    double penalty = 0.0;
    for (size_t k = 0; k < 3; k++) {
        penalty = fmax(penalty, fabs(s->problem->steps.steps[k].penalty));
    }
    double weight = fmax(1.0, s->problem->steps.steps[0].weight);
    double each = (s->highest * weight + penalty) * unit;
    double length = (double)s->problem->n_rows + (double)s->problem->n_cols;
    return each * length <= SILBE_SOFTDTW_MAX_EXPONENT;
}

silbe_status silbe_softdtw_strips_run(const silbe_softdtw_problem *problem, silbe_kernel kernel,
                                      void *scratch, double *gradient, double *value, bool *exact,
                                      silbe_err *err)
{
    const double log2_e = 0x1.71547652b82fep0;
    const double ln_2 = 0x1.62e42fefa39efp-1;
    const double unit = log2_e / problem->gamma;
    silbe_softdtw_strips s = {.with_gradient = gradient != NULL};
    plan(&s, problem);
    (void)carve(&s, scratch);
    s.forward = silbe_softdtw_forward_portable;
    s.backward = silbe_softdtw_backward_portable;
#ifdef SILBE_X86
    if (kernel == SILBE_KERNEL_AVX2) {
        s.forward = silbe_softdtw_forward_avx2;
        s.backward = silbe_softdtw_backward_avx2;
    } else if (kernel == SILBE_KERNEL_AVX512) {
        s.forward = silbe_softdtw_forward_avx512;
        s.backward = silbe_softdtw_backward_avx512;
    }
#endif
    (void)kernel;
    *exact = false;
    s.lanes.scale = -problem->steps.steps[0].weight * unit;
    if (!isfinite(s.lanes.scale) || !exponents_are_exact(&s, unit)) { /* penalties; no cost yet */
        return SILBE_OK;
    }
    for (size_t k = 0; k < 3; k++) {
        s.lanes.has_penalties = s.lanes.has_penalties || problem->steps.steps[k].penalty != 0.0;
        silbe_softdtw_exp2_pair(-problem->steps.steps[k].penalty * unit, &s.lanes.step_m[k],
                                &s.lanes.step_e[k]);
    }
    silbe_status status = forward(&s, err);
    if (status != SILBE_OK) {
        return status;
    }
    double end_m = 1.0;
    double end_e = 0.0;
    const silbe_softdtw_edge_row *last = &s.tail[s.with_gradient ? s.n_tail - 1 : 0];
    if (!exponents_are_exact(&s, unit) || !silbe_softdtw_edge_end(problem, last, &end_m, &end_e)) {
        return SILBE_OK;
    }
    *value = -problem->gamma * ln_2 * (end_e + log2(end_m));
    s.lanes.share_m = problem->steps.steps[0].weight / end_m;
    s.lanes.share_e = -end_e;
    *exact = true;
    return gradient != NULL ? backward(&s, gradient, err) : SILBE_OK;
}
