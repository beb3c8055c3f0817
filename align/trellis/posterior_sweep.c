/* Forward-backward's sweeps over frames. */
#include "align/trellis/posterior_engine.h"

typedef silbe_trellis_engine engine;

/* Zeroes what a row held outside `range`. */
static void clear_outside(silbe_scaled_row row, silbe_trellis_range old, silbe_trellis_range range)
{
    silbe_scaled_clear(row, old.begin, old.end < range.begin ? old.end : range.begin);
    silbe_scaled_clear(row, old.begin > range.end ? old.begin : range.end, old.end);
}

static silbe_trellis_range active(const silbe_trellis *g, size_t t)
{
    silbe_trellis_range range = silbe_trellis_states_at(g, t);
    if (range.begin >= range.end) {
        return (silbe_trellis_range){0, 0};
    }
    range.begin = range.begin / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    range.end = (range.end + SILBE_TRELLIS_LANES - 1) / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    return range;
}

/* Sum over the arcs of a list at `node` of weight times what is at the other end. */
static silbe_scaled sum_arcs(const silbe_trellis *g, const silbe_trellis_arcs *arcs, size_t node,
                             silbe_scaled_row states, silbe_scaled_row junctions)
{
    silbe_scaled sum = {0.0, SILBE_SCALED_ZERO};
    for (uint32_t k = arcs->begin[node]; k < arcs->begin[node + 1]; k++) {
        uint32_t other = arcs->node[k];
        silbe_scaled value = other < g->n_states ? silbe_scaled_at(states, other)
                                                 : silbe_scaled_at(junctions, other - g->n_states);
        if (value.m > 0.0) {
            sum = silbe_scaled_add(sum, silbe_scaled_multiply(value, silbe_scaled_at(arcs->w, k)));
        }
    }
    return sum;
}

static void cross(engine *v, size_t u)
{
    const silbe_trellis *g = v->g;
    silbe_trellis_range range = silbe_trellis_junctions_at(g, u);
    silbe_scaled_clear(v->junction, v->open.begin, v->open.end);
    silbe_scaled_clear(v->junction, range.begin, range.end);
    v->open = range;
    for (size_t j = range.begin; j < range.end; j++) {
        size_t node = g->n_states + j;
        if (u == 0 && j == 0) {
            silbe_scaled_put(v->junction, 0, (silbe_scaled){1.0, 0});
        } else if (silbe_trellis_is_open(g, node, u)) {
            silbe_scaled_put(v->junction, j,
                             sum_arcs(g, &g->in, node, v->row[v->now], v->junction));
        }
    }
}

/* Emissions of frame t, all classes. */
static silbe_status emit(engine *v, size_t t, size_t *chosen, silbe_err *err)
{
    silbe_status status =
        silbe_trellis_class_row(v->g, v->emissions, t, v->log_e, v->order, chosen, err);
    for (size_t k = 0; status == SILBE_OK && k < v->g->n_classes; k++) {
        silbe_scaled_put(v->e, k, silbe_scaled_of(v->log_e[k]));
    }
    return status;
}

silbe_status silbe_trellis_posterior_step(engine *v, size_t t, silbe_err *err)
{
    const silbe_trellis *g = v->g;
    silbe_status status = emit(v, t, NULL, err);
    if (status != SILBE_OK) {
        return status;
    }
    silbe_trellis_range range = active(g, t);
    silbe_scaled_row from = v->row[v->now];
    silbe_scaled_row to = v->row[1 - v->now];
    clear_outside(to, v->dirty[1 - v->now], range);
    v->dirty[1 - v->now] = range;
    size_t i = silbe_trellis_lower_bound(g->slow, g->n_slow_states, range.begin);
    for (; i < g->n_slow_states && g->slow[i] < range.end; i++) {
        silbe_scaled_put(v->slow, g->slow[i], sum_arcs(g, &g->in, g->slow[i], from, v->junction));
    }
    silbe_scaled_row p[3] = {from, silbe_scaled_offset(from, -1), silbe_scaled_offset(from, -2)};
    silbe_scaled_row w[3] = {g->w_stay, g->w_next, g->w_jump};
    v->loops.mix(p, w, v->slow, v->e, g->class_of, range.begin, range.end, to);
    v->now = 1 - v->now;
    cross(v, t + 1);
    if (t + 1 == g->n_frames) {
        v->total = silbe_scaled_at(v->junction, g->n_junctions - 1);
    }
    return SILBE_OK;
}

static void copy_row(silbe_scaled_row to, silbe_scaled_row from, silbe_trellis_range range)
{
    memcpy(to.m + range.begin, from.m + range.begin, (range.end - range.begin) * sizeof *to.m);
    memcpy(to.x + range.begin, from.x + range.begin, (range.end - range.begin) * sizeof *to.x);
}

void silbe_trellis_posterior_begin(engine *v)
{
    for (size_t i = 0; i < 2; i++) {
        silbe_scaled_clear(silbe_scaled_offset(v->row[i], -SILBE_TRELLIS_SIDE_PAD), 0,
                           v->width + 2 * SILBE_TRELLIS_SIDE_PAD);
        v->dirty[i] = (silbe_trellis_range){0, 0};
    }
    silbe_scaled_clear(silbe_scaled_offset(v->behind, -SILBE_TRELLIS_SIDE_PAD), 0,
                       v->width + 2 * SILBE_TRELLIS_SIDE_PAD);
    silbe_scaled_clear(v->slow, 0, v->width);
    silbe_scaled_clear(v->junction, 0, v->g->n_junctions);
    silbe_scaled_clear(v->beta_junction, 0, v->g->n_junctions);
    memset(v->posterior, 0, v->width * sizeof *v->posterior);
    v->ahead = (silbe_trellis_range){0, 0};
    v->shown = (silbe_trellis_range){0, 0};
    v->open = (silbe_trellis_range){0, 0};
    v->now = 0;
    cross(v, 0);
}

static silbe_status forward(void *context, size_t begin, size_t end, silbe_err *err)
{
    engine *v = context;
    silbe_status status = SILBE_OK;
    for (size_t t = begin; status == SILBE_OK && t < end; t++) {
        status = silbe_trellis_posterior_step(v, t, err);
    }
    return status;
}

static void save(void *context, size_t slot)
{
    engine *v = context;
    silbe_scaled_row to =
        silbe_scaled_offset(v->slots, (ptrdiff_t)(slot * (v->width + v->g->n_junctions)));
    v->slot_states[slot] = v->dirty[v->now];
    v->slot_open[slot] = v->open;
    copy_row(to, v->row[v->now], v->dirty[v->now]);
    copy_row(silbe_scaled_offset(to, (ptrdiff_t)v->width), v->junction, v->open);
}

static void restore(void *context, size_t slot)
{
    engine *v = context;
    silbe_scaled_row from =
        silbe_scaled_offset(v->slots, (ptrdiff_t)(slot * (v->width + v->g->n_junctions)));
    clear_outside(v->row[v->now], v->dirty[v->now], v->slot_states[slot]);
    v->dirty[v->now] = v->slot_states[slot];
    copy_row(v->row[v->now], from, v->dirty[v->now]);
    silbe_scaled_clear(v->junction, v->open.begin, v->open.end);
    v->open = v->slot_open[slot];
    copy_row(v->junction, silbe_scaled_offset(from, (ptrdiff_t)v->width), v->open);
    /* The backward pass uses the same array for states with other arcs. */
    silbe_scaled_clear(v->slow, 0, v->width);
}

/* beta of frame t without its emission, from what is behind it. */
static void step_back(engine *v, size_t t, silbe_trellis_range range)
{
    const silbe_trellis *g = v->g;
    silbe_trellis_range open = silbe_trellis_junctions_at(g, t + 1);
    silbe_scaled_clear(v->beta_junction, 0, g->n_junctions);
    for (size_t j = open.end; j-- > open.begin;) {
        size_t node = g->n_states + j;
        if (t + 1 == g->n_frames && j + 1 == g->n_junctions) {
            silbe_scaled_put(v->beta_junction, j, (silbe_scaled){1.0, 0});
        } else if (silbe_trellis_is_open(g, node, t + 1)) {
            silbe_scaled_put(v->beta_junction, j,
                             sum_arcs(g, &g->out, node, v->behind, v->beta_junction));
        }
    }
    size_t i = silbe_trellis_lower_bound(g->slow_out, g->n_slow_out, range.begin);
    for (; i < g->n_slow_out && g->slow_out[i] < range.end; i++) {
        silbe_scaled_put(v->slow, g->slow_out[i],
                         sum_arcs(g, &g->out, g->slow_out[i], v->behind, v->beta_junction));
    }
    silbe_scaled_row p[3] = {v->behind, silbe_scaled_offset(v->behind, 1),
                             silbe_scaled_offset(v->behind, 2)};
    silbe_scaled_row w[3] = {g->w_stay, silbe_scaled_offset(g->w_next, 1),
                             silbe_scaled_offset(g->w_jump, 2)};
    silbe_scaled_row no_emission = {NULL, NULL};
    v->loops.mix(p, w, v->slow, no_emission, g->class_of, range.begin, range.end, v->beta);
}

static silbe_status use_frame(engine *v, size_t t, silbe_scaled_row alpha,
                              silbe_scaled_row alpha_before, silbe_trellis_range before,
                              silbe_err *err)
{
    const silbe_trellis *g = v->g;
    size_t chosen = 0;
    silbe_trellis_range range = active(g, t);
    step_back(v, t, range);
    silbe_status status = emit(v, t, &chosen, err);
    if (status != SILBE_OK) {
        return status;
    }
    clear_outside(v->behind, v->ahead, range);
    v->ahead = range;
    for (size_t s = v->shown.begin; s < v->shown.end; s++) {
        v->posterior[s] = 0.0;
    }
    v->shown = range;
    v->loops.meet(alpha, v->beta, v->e, g->class_of, v->total.m, v->total.x, range.begin, range.end,
                  v->posterior, v->behind);
    if (v->wanted->onsets != NULL) {
        silbe_trellis_add_onsets(v, t, alpha_before, before, range);
    }
    if (v->wanted->gradient != NULL) {
        status = silbe_trellis_add_gradient(v, t, chosen, range, err);
    }
    return status != SILBE_OK || v->wanted->on_frame == NULL
               ? status
               : v->wanted->on_frame(v->wanted->context, t, v->posterior, err);
}

static silbe_status leaf(void *context, size_t begin, size_t end, silbe_err *err)
{
    engine *v = context;
    silbe_trellis_range first = v->dirty[v->now];
    copy_row(v->alpha, v->row[v->now], first);
    for (size_t t = begin; t < end; t++) {
        silbe_status status = silbe_trellis_posterior_step(v, t, err);
        if (status != SILBE_OK) {
            return status;
        }
        copy_row(silbe_scaled_offset(v->alpha, (ptrdiff_t)((t - begin + 1) * v->width)),
                 v->row[v->now], v->dirty[v->now]);
    }
    if (v->total.m == 0.0) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "trellis: no path");
    }
    silbe_scaled_clear(v->slow, 0, v->width);
    for (size_t t = end; t-- > begin;) {
        size_t i = t - begin;
        silbe_status status =
            use_frame(v, t, silbe_scaled_offset(v->alpha, (ptrdiff_t)((i + 1) * v->width)),
                      silbe_scaled_offset(v->alpha, (ptrdiff_t)(i * v->width)),
                      i == 0 ? first : active(v->g, t - 1), err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

const silbe_checkpoint_ops silbe_trellis_posterior_ops = {forward, leaf, save, restore};
