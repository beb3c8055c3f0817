/* Forward-backward with checkpoints: see posterior.h. */
#include "align/trellis/posterior.h"

#include "align/trellis/posterior_engine.h"

enum { DEFAULT_MAX_BYTES = 128 << 20 };

typedef silbe_trellis_engine engine;

static silbe_scaled_row take(silbe_arena *arena, size_t n)
{
    silbe_scaled_row row = {silbe_arena_take(arena, n, sizeof(double)),
                            silbe_arena_take(arena, n, sizeof(int64_t))};
    return row;
}

static silbe_scaled_row take_padded(silbe_arena *arena, size_t n)
{
    silbe_scaled_row row = take(arena, silbe_size_add(n, 2 * SILBE_TRELLIS_SIDE_PAD));
    return row.m == NULL ? row : silbe_scaled_offset(row, SILBE_TRELLIS_SIDE_PAD);
}

static bool wants_backward(const silbe_trellis_wanted *wanted)
{
    return wanted != NULL &&
           (wanted->gradient != NULL || wanted->onsets != NULL || wanted->on_frame != NULL);
}

static size_t carve(engine *v, const silbe_trellis *g, const silbe_trellis_wanted *wanted,
                    const silbe_trellis_options *options, void *scratch)
{
    size_t max_bytes =
        options == NULL || options->max_bytes == 0 ? DEFAULT_MAX_BYTES : options->max_bytes;
    v->width = (g->n_states + SILBE_TRELLIS_LANES - 1) / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    size_t slot_values = v->width + g->n_junctions;
    v->plan = silbe_checkpoints_plan(g->n_frames, 16 * v->width,
                                     16 * slot_values + 2 * sizeof(silbe_trellis_range), max_bytes);
    if (!wants_backward(wanted)) {
        v->plan = (silbe_checkpoints){0};
    }
    size_t n_slots = silbe_checkpoints_n_slots(&v->plan);
    silbe_arena arena = silbe_arena_at(scratch);
    v->row[0] = take_padded(&arena, v->width);
    v->row[1] = take_padded(&arena, v->width);
    v->junction = take(&arena, g->n_junctions);
    v->slow = take(&arena, v->width);
    v->slots = take(&arena, silbe_size_mul(n_slots, slot_values));
    v->slot_states = silbe_arena_take(&arena, n_slots, sizeof *v->slot_states);
    v->slot_open = silbe_arena_take(&arena, n_slots, sizeof *v->slot_open);
    v->alpha = take(&arena, silbe_size_mul(silbe_size_add(v->plan.stride[0], 1), v->width));
    v->beta = take(&arena, v->width);
    v->behind = take_padded(&arena, v->width);
    v->beta_junction = take(&arena, g->n_junctions);
    v->posterior = silbe_arena_take(&arena, v->width, sizeof(double));
    v->log_e = silbe_arena_take(&arena, g->n_classes, sizeof(double));
    v->order = silbe_arena_take(&arena, g->n_symbols, sizeof(double));
    v->mass = silbe_arena_take(&arena, g->n_classes, sizeof(double));
    v->e = take(&arena, g->n_classes);
    return arena.used;
}

/* Why there is no path: runs again and sees where the last one ends. */
static silbe_status explain(engine *v, silbe_err *err)
{
    size_t alive = 0;
    size_t state = 0;
    silbe_trellis_posterior_begin(v);
    for (size_t t = 0; t < v->g->n_frames; t++) {
        silbe_status status = silbe_trellis_posterior_step(v, t, err);
        if (status != SILBE_OK) {
            return status;
        }
        silbe_trellis_range range = v->dirty[v->now];
        while (range.end > range.begin && v->row[v->now].m[range.end - 1] == 0.0) {
            range.end--;
        }
        if (range.end <= range.begin) {
            break;
        }
        alive = t + 1;
        state = range.end - 1;
    }
    return silbe_trellis_dead(v->g, alive, state, false, err);
}

static silbe_status check_wanted(const silbe_trellis *g, const silbe_trellis_wanted *wanted,
                                 silbe_err *err)
{
    if (wanted == NULL) {
        return SILBE_OK;
    }
    if (wanted->gradient != NULL &&
        (wanted->gradient_stride < g->n_symbols ||
         silbe_size_mul(g->n_frames, silbe_size_mul(wanted->gradient_stride, sizeof(float))) ==
             SIZE_MAX)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: gradient_stride %zu does not fit %zu frames of %zu symbols",
                          wanted->gradient_stride, g->n_frames, g->n_symbols);
    }
    for (size_t w = 0; wanted->onsets != NULL && w < g->n_words; w++) {
        const silbe_trellis_onset *o = &wanted->onsets[w];
        if (o->begin_frame > o->end_frame || o->end_frame > g->n_frames ||
            (o->p == NULL && o->begin_frame < o->end_frame)) {
            return silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "trellis: window [%zu, %zu) of word %zu: should lie within %zu frames "
                "and have values",
                o->begin_frame, o->end_frame, w, g->n_frames);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_trellis_posterior_size(const silbe_trellis *trellis,
                                          const silbe_trellis_wanted *wanted,
                                          const silbe_trellis_options *options, size_t *bytes,
                                          silbe_err *err)
{
    engine v;
    if (trellis == NULL || bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s is NULL",
                          trellis == NULL ? "the trellis" : "bytes");
    }
    *bytes = carve(&v, trellis, wanted, options, NULL);
    return *bytes == SIZE_MAX
               ? silbe_fail(err, SILBE_ERR_MEMORY,
                            "trellis: %zu states x %zu frames do not fit into memory",
                            trellis->n_states, trellis->n_frames)
               : SILBE_OK;
}

static void prepare_onsets(const silbe_trellis *g, silbe_trellis_onset *onsets)
{
    for (size_t w = 0; onsets != NULL && w < g->n_words; w++) {
        silbe_trellis_onset *o = &onsets[w];
        for (size_t i = o->begin_frame; i < o->end_frame; i++) {
            o->p[i - o->begin_frame] = 0.0;
        }
        o->total = o->before = o->after = o->mean_frame = o->spread_frames = 0.0;
    }
}

silbe_status silbe_trellis_posterior(const silbe_trellis *trellis,
                                     const silbe_trellis_emissions *emissions,
                                     const silbe_trellis_wanted *wanted,
                                     const silbe_trellis_options *options, void *scratch,
                                     size_t scratch_bytes, silbe_trellis_posterior_result *result,
                                     silbe_err *err)
{
    engine v = {0};
    size_t bytes = 0;
    silbe_status status = silbe_trellis_emissions_check(trellis, emissions, err);
    if (status == SILBE_OK) {
        status = check_wanted(trellis, wanted, err);
    }
    if (status == SILBE_OK) {
        status = silbe_trellis_posterior_size(trellis, wanted, options, &bytes, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: posteriors need a result and %zu bytes of scratch, got %zu",
                          bytes, scratch == NULL ? 0 : scratch_bytes);
    }
    (void)carve(&v, trellis, wanted, options, scratch);
    v.g = trellis;
    v.emissions = emissions;
    v.wanted = wanted;
    v.loops = silbe_trellis_choose_loops(options != NULL && options->portable);
    silbe_trellis_posterior_begin(&v);
    if (wants_backward(wanted)) {
        prepare_onsets(trellis, wanted->onsets);
        status = silbe_checkpoints_sweep(&v.plan, trellis->n_frames, &silbe_trellis_posterior_ops,
                                         &v, err);
    } else {
        status = silbe_trellis_posterior_ops.forward(&v, 0, trellis->n_frames, err);
    }
    if (status == SILBE_ERR_INFEASIBLE && v.total.m > 0.0) {
        return status; /* the caller's own function says so */
    }
    if (status == SILBE_ERR_INFEASIBLE || (status == SILBE_OK && v.total.m == 0.0)) {
        return explain(&v, err);
    }
    for (size_t w = 0; status == SILBE_OK && wants_backward(wanted) && wanted->onsets != NULL &&
                       w < trellis->n_words;
         w++) {
        silbe_trellis_onset *o = &wanted->onsets[w];
        o->spread_frames = o->total > 0.0 ? sqrt(o->spread_frames / o->total) : 0.0;
    }
    if (status == SILBE_OK) {
        *result = (silbe_trellis_posterior_result){-silbe_scaled_log(v.total), v.plan.n_levels};
    }
    return status;
}
