/* Viterbi with checkpoints: see viterbi.h. */
#include "align/trellis/viterbi.h"

#include "align/trellis/viterbi_engine.h"

enum { DEFAULT_MAX_BYTES = 128 << 20 };

typedef silbe_trellis_viterbi_engine viterbi;

static size_t carve(viterbi *v, const silbe_trellis *g, const silbe_trellis_options *options,
                    void *scratch)
{
    size_t max_bytes =
        options == NULL || options->max_bytes == 0 ? DEFAULT_MAX_BYTES : options->max_bytes;
    v->width = (g->n_states + SILBE_TRELLIS_LANES - 1) / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    size_t back_bytes = v->width / SILBE_TRELLIS_LANES;
    size_t slot_values = v->width + g->n_junctions;
    v->plan = silbe_checkpoints_plan(
        g->n_frames, back_bytes + silbe_trellis_slow_width(g) * sizeof(uint32_t),
        slot_values * sizeof(double) + sizeof(silbe_trellis_row_info), max_bytes);
    size_t n_slots = silbe_checkpoints_n_slots(&v->plan);
    silbe_arena arena = silbe_arena_at(scratch);
    for (size_t i = 0; i < 2; i++) {
        v->row[i] = silbe_arena_take(&arena, v->width + SILBE_TRELLIS_LEFT_PAD + SILBE_TRELLIS_PAD,
                                     sizeof(double));
        v->row[i] = v->row[i] == NULL ? NULL : v->row[i] + SILBE_TRELLIS_LEFT_PAD;
    }
    v->junction = silbe_arena_take(&arena, g->n_junctions, sizeof(double));
    v->slow = silbe_arena_take(&arena, v->width, sizeof(double));
    v->e = silbe_arena_take(&arena, g->n_classes, sizeof(double));
    v->order = silbe_arena_take(&arena, g->n_symbols, sizeof(double));
    v->slot_values = silbe_arena_take(&arena, silbe_size_mul(n_slots, slot_values), sizeof(double));
    v->slot_infos = silbe_arena_take(&arena, n_slots, sizeof(silbe_trellis_row_info));
    v->back = silbe_arena_take(&arena, silbe_size_mul(v->plan.stride[0], back_bytes), 1);
    v->slow_back = silbe_arena_take(
        &arena, silbe_size_mul(v->plan.stride[0], silbe_trellis_slow_width(g)), sizeof(uint32_t));
    return arena.used;
}

/* Why there is no path: runs again and sees where the last one ends. */
static silbe_status explain(viterbi *v, silbe_err *err)
{
    const silbe_trellis *g = v->g;
    size_t alive = 0;
    size_t state = 0;
    silbe_trellis_viterbi_begin(v);
    for (size_t t = 0; t < g->n_frames; t++) {
        silbe_status status = silbe_trellis_viterbi_step(v, t, NULL, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        size_t s = v->dirty[v->now].end;
        while (s > v->dirty[v->now].begin && v->row[v->now][s - 1] == SILBE_NEG_INF) {
            s--;
        }
        if (s <= v->dirty[v->now].begin) {
            break;
        }
        alive = t + 1;
        state = s - 1;
    }
    return silbe_trellis_dead(g, alive, state, v->beam > 0.0, err);
}

silbe_status silbe_trellis_dead(const silbe_trellis *g, size_t n_alive, size_t state, bool beam,
                                silbe_err *err)
{
    const char *cause = beam ? " (or the beam is too narrow)" : "";
    if (n_alive == 0) {
        return silbe_fail(
            err, SILBE_ERR_INFEASIBLE,
            "trellis: every path has probability 0 from the first frame on%s; are the "
            "emissions of frame 0 right, and can its region be filled?",
            cause);
    }
    return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                      "trellis: every path of %zu words has probability 0; the last one reaches "
                      "frame %zu of %zu, at most as far as word %lu%s; look at emissions, anchors, "
                      "regions and durations there",
                      g->n_words, n_alive, g->n_frames, (unsigned long)g->word_of[state], cause);
}

static silbe_status check_options(const silbe_trellis_options *options, silbe_err *err)
{
    if (options != NULL && !(options->beam_logp >= 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: beam_logp should be >= 0, got %g",
                          options->beam_logp);
    }
    return SILBE_OK;
}

silbe_status silbe_trellis_viterbi_size(const silbe_trellis *trellis,
                                        const silbe_trellis_options *options, size_t *bytes,
                                        silbe_err *err)
{
    viterbi v;
    if (trellis == NULL || bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s is NULL",
                          trellis == NULL ? "the trellis" : "bytes");
    }
    silbe_status status = check_options(options, err);
    if (status != SILBE_OK) {
        return status;
    }
    *bytes = carve(&v, trellis, options, NULL);
    return *bytes == SIZE_MAX
               ? silbe_fail(err, SILBE_ERR_MEMORY,
                            "trellis: %zu states x %zu frames do not fit into memory",
                            trellis->n_states, trellis->n_frames)
               : SILBE_OK;
}

silbe_status silbe_trellis_viterbi(const silbe_trellis *trellis,
                                   const silbe_trellis_emissions *emissions,
                                   const silbe_trellis_options *options, void *scratch,
                                   size_t scratch_bytes, uint32_t *path,
                                   silbe_trellis_viterbi_result *result, silbe_err *err)
{
    viterbi v = {0};
    size_t bytes = 0;
    silbe_status status = silbe_trellis_emissions_check(trellis, emissions, err);
    if (status == SILBE_OK) {
        status = silbe_trellis_viterbi_size(trellis, options, &bytes, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: Viterbi needs a result and %zu bytes of scratch, got %zu",
                          bytes, scratch == NULL ? 0 : scratch_bytes);
    }
    (void)carve(&v, trellis, options, scratch);
    v.g = trellis;
    v.emissions = emissions;
    v.loops = silbe_trellis_choose_loops(options != NULL && options->portable);
    v.beam = options == NULL ? 0.0 : options->beam_logp;
    v.path = path;
    silbe_trellis_viterbi_begin(&v);
    status = path == NULL ? silbe_trellis_viterbi_ops.forward(&v, 0, trellis->n_frames, err)
                          : silbe_checkpoints_sweep(&v.plan, trellis->n_frames,
                                                    &silbe_trellis_viterbi_ops, &v, err);
    if (status == SILBE_ERR_INFEASIBLE || (status == SILBE_OK && v.result.logp == SILBE_NEG_INF)) {
        return explain(&v, err);
    }
    if (status == SILBE_OK) {
        *result = v.result;
    }
    return status;
}
