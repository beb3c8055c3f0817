/* Viterbi's sweeps over frames: forward, with back-pointers, and back along them. */
#include "align/trellis/viterbi_engine.h"

typedef silbe_trellis_viterbi_engine viterbi;

static void clear(double *values, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        values[i] = SILBE_NEG_INF;
    }
}

/* Makes row i hold SILBE_NEG_INF outside `range`, which is about to be written. */
static void open_row(viterbi *v, size_t i, silbe_trellis_range range)
{
    silbe_trellis_range old = v->dirty[i];
    clear(v->row[i], old.begin, old.end < range.begin ? old.end : range.begin);
    clear(v->row[i], old.begin > range.end ? old.begin : range.end, old.end);
    v->dirty[i] = range;
}

/* Best arc of a list into `node`; *arc: its index. */
static double best_arc(const viterbi *v, const double *states, size_t node, uint32_t *arc)
{
    const silbe_trellis *g = v->g;
    double best = SILBE_NEG_INF;
    *arc = g->in.begin[node];
    for (uint32_t k = g->in.begin[node]; k < g->in.begin[node + 1]; k++) {
        uint32_t from = g->in.node[k];
        double value = from < g->n_states ? states[from] : v->junction[from - g->n_states];
        value += g->in.logw[k];
        if (value > best) {
            best = value;
            *arc = k;
        }
    }
    return best;
}

/* Junctions before frame u, from the states of the frame before (NULL: none). */
static void cross(viterbi *v, const double *states, size_t u, uint32_t *back)
{
    const silbe_trellis *g = v->g;
    silbe_trellis_range old = v->info.junctions;
    silbe_trellis_range range = silbe_trellis_junctions_at(g, u);
    clear(v->junction, old.begin, old.end);
    clear(v->junction, range.begin, range.end);
    v->info.junctions = range;
    for (size_t j = range.begin; j < range.end; j++) {
        uint32_t arc = 0;
        size_t node = g->n_states + j;
        if (u == 0 && j == 0) {
            v->junction[0] = 0.0;
        } else if (silbe_trellis_is_open(g, node, u)) {
            v->junction[j] = best_arc(v, states, node, &arc);
        }
        if (back != NULL) {
            back[j] = arc;
        }
    }
}

/* Drops what lies beyond the beam at both ends of the row in hand. */
static void trim(viterbi *v)
{
    double *row = v->row[v->now];
    silbe_trellis_range range = v->info.states;
    double best = SILBE_NEG_INF;
    for (size_t s = range.begin; s < range.end; s++) {
        best = row[s] > best ? row[s] : best;
    }
    double least = best - v->beam;
    while (range.begin < range.end && !(row[range.begin] >= least)) {
        double cut = row[range.begin] - v->info.best_sum;
        v->info.cut = cut > v->info.cut ? cut : v->info.cut;
        row[range.begin++] = SILBE_NEG_INF;
    }
    while (range.end > range.begin && !(row[range.end - 1] >= least)) {
        double cut = row[range.end - 1] - v->info.best_sum;
        v->info.cut = cut > v->info.cut ? cut : v->info.cut;
        row[--range.end] = SILBE_NEG_INF;
    }
    v->info.states = range;
}

static silbe_trellis_range rounded(silbe_trellis_range range)
{
    if (range.begin >= range.end) {
        return (silbe_trellis_range){0, 0};
    }
    range.begin = range.begin / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    range.end = (range.end + SILBE_TRELLIS_LANES - 1) / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    return range;
}

/* States of frame t, cut to what the beam left of the row before. */
static silbe_trellis_range active(const viterbi *v, size_t t)
{
    silbe_trellis_range range = silbe_trellis_states_at(v->g, t);
    silbe_trellis_range kept = v->info.states;
    if (v->beam > 0.0 && t > 0 && kept.begin < kept.end) {
        size_t last = kept.end <= v->g->n_states ? kept.end : v->g->n_states;
        size_t reach = v->g->reach[last - 1];
        range.begin = kept.begin > range.begin ? kept.begin : range.begin;
        range.end = reach < range.end ? reach : range.end;
    }
    return rounded(range);
}

/* At the end of the first sweep; later ones do not come here again. */
static void finish(viterbi *v)
{
    double logp = v->junction[v->g->n_junctions - 1];
    double imagined = v->info.cut + v->info.best_sum; /* -INFINITY without a beam */
    v->result.logp = logp;
    v->result.n_cells = v->n_cells;
    v->result.n_levels = v->plan.n_levels;
    v->result.maybe_cut = v->beam > 0.0 && !(imagined < logp - 1e-9 * fabs(logp));
}

silbe_status silbe_trellis_viterbi_step(viterbi *v, size_t t, uint8_t *back, uint32_t *slow_back,
                                        silbe_err *err)
{
    const silbe_trellis *g = v->g;
    silbe_status status = silbe_trellis_class_row(g, v->emissions, t, v->e, v->order, NULL, err);
    if (status != SILBE_OK) {
        return status;
    }
    double best = SILBE_NEG_INF;
    for (size_t k = 0; k < g->n_classes; k++) {
        v->e[k] = (double)(float)v->e[k];
        best = v->e[k] > best ? v->e[k] : best;
    }
    silbe_trellis_range range = active(v, t);
    double *from = v->row[v->now];
    double *to = v->row[1 - v->now];
    open_row(v, 1 - v->now, range);
    size_t i = silbe_trellis_lower_bound(g->slow, g->n_slow_states, range.begin);
    for (; i < g->n_slow_states && g->slow[i] < range.end; i++) {
        uint32_t arc;
        v->slow[g->slow[i]] = best_arc(v, from, g->slow[i], &arc);
        if (slow_back != NULL) {
            slow_back[i] = arc;
        }
    }
    v->loops.best(g, from, v->slow, v->e, range.begin, range.end, to, back);
    v->now = 1 - v->now;
    v->info.states = range;
    v->info.best_sum += best;
    v->n_cells += range.end - range.begin;
    if (v->beam > 0.0) {
        trim(v);
    }
    cross(v, to, t + 1, slow_back == NULL ? NULL : slow_back + g->n_slow_states);
    if (t + 1 == g->n_frames) {
        finish(v);
    }
    return SILBE_OK;
}

static silbe_status forward(void *context, size_t begin, size_t end, silbe_err *err)
{
    viterbi *v = context;
    silbe_status status = SILBE_OK;
    for (size_t t = begin; status == SILBE_OK && t < end; t++) {
        status = silbe_trellis_viterbi_step(v, t, NULL, NULL, err);
    }
    return status;
}

/* The path through the leaf in hand, frames [begin, end), from v->node backwards. */
static void trace(viterbi *v, size_t begin, size_t end)
{
    const silbe_trellis *g = v->g;
    size_t u = end; /* a junction is crossed before frame u, a state is in frame u - 1 */
    uint32_t node = v->node;
    while (u > begin) {
        size_t i = u - 1 - begin;
        const uint32_t *slow_back = v->slow_back + i * silbe_trellis_slow_width(g);
        if (node >= g->n_states) {
            node = g->in.node[slow_back[g->n_slow_states + node - g->n_states]];
            continue;
        }
        v->path[u - 1] = node;
        unsigned byte = v->back[i * (v->width / SILBE_TRELLIS_LANES) + node / SILBE_TRELLIS_LANES];
        unsigned lane = node % SILBE_TRELLIS_LANES;
        unsigned code = (byte >> lane & 1) | (byte >> (lane + 4) & 1) << 1;
        if (code < 3) {
            node -= code;
        } else {
            node =
                g->in.node[slow_back[silbe_trellis_lower_bound(g->slow, g->n_slow_states, node)]];
        }
        u--;
    }
    v->node = node;
}

static silbe_status leaf(void *context, size_t begin, size_t end, silbe_err *err)
{
    viterbi *v = context;
    silbe_status status = SILBE_OK;
    for (size_t t = begin; status == SILBE_OK && t < end; t++) {
        size_t i = t - begin;
        status = silbe_trellis_viterbi_step(v, t, v->back + i * (v->width / SILBE_TRELLIS_LANES),
                                            v->slow_back + i * silbe_trellis_slow_width(v->g), err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (end == v->g->n_frames && v->result.logp == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "trellis: no path");
    }
    trace(v, begin, end);
    return SILBE_OK;
}

void silbe_trellis_viterbi_begin(viterbi *v)
{
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < v->width + SILBE_TRELLIS_LEFT_PAD + SILBE_TRELLIS_PAD; k++) {
            v->row[i][(ptrdiff_t)k - SILBE_TRELLIS_LEFT_PAD] = SILBE_NEG_INF;
        }
        v->dirty[i] = (silbe_trellis_range){0, 0};
    }
    clear(v->slow, 0, v->width);
    clear(v->junction, 0, v->g->n_junctions);
    v->info = (silbe_trellis_row_info){{0, 0}, {0, 0}, 0.0, SILBE_NEG_INF};
    v->now = 0;
    v->n_cells = 0;
    v->node = (uint32_t)v->g->n_nodes - 1;
    cross(v, v->row[0], 0, NULL);
}

static void save(void *context, size_t slot)
{
    viterbi *v = context;
    double *values = v->slot_values + slot * (v->width + v->g->n_junctions);
    silbe_trellis_range range = v->dirty[v->now];
    v->slot_infos[slot] = v->info;
    v->slot_infos[slot].states = range; /* the beam's own range is found again by trim's values */
    memcpy(values + range.begin, v->row[v->now] + range.begin,
           (range.end - range.begin) * sizeof *values);
    range = v->info.junctions;
    memcpy(values + v->width + range.begin, v->junction + range.begin,
           (range.end - range.begin) * sizeof *values);
}

static void restore(void *context, size_t slot)
{
    viterbi *v = context;
    const double *values = v->slot_values + slot * (v->width + v->g->n_junctions);
    silbe_trellis_range old = v->info.junctions;
    v->info = v->slot_infos[slot];
    silbe_trellis_range range = v->info.states;
    open_row(v, v->now, range);
    memcpy(v->row[v->now] + range.begin, values + range.begin,
           (range.end - range.begin) * sizeof *values);
    while (range.begin < range.end && v->row[v->now][range.begin] == SILBE_NEG_INF) {
        range.begin++;
    }
    while (range.end > range.begin && v->row[v->now][range.end - 1] == SILBE_NEG_INF) {
        range.end--;
    }
    v->info.states = range;
    clear(v->junction, old.begin, old.end);
    range = v->info.junctions;
    memcpy(v->junction + range.begin, values + v->width + range.begin,
           (range.end - range.begin) * sizeof *values);
}

const silbe_checkpoint_ops silbe_trellis_viterbi_ops = {forward, leaf, save, restore};
