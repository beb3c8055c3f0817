/* Viterbi with checkpoints: see viterbi.h. */
#include "align/trellis/viterbi.h"
#include "align/trellis/plan.h"
#include "align/trellis/rows.h"

#define NEG_INF (-(double)INFINITY)

enum { DEFAULT_MAX_BYTES = 128 << 20, LEFT_PAD = 4 };

/* What belongs to a row beside its values. */
typedef struct {
    silbe_trellis_range states; /* that may be finite; multiples of SILBE_TRELLIS_LANES */
    silbe_trellis_range junctions;
    double best_sum; /* sum over frames of the best emission: for the beam's proof */
    double cut;      /* largest v - best_sum that the beam dropped */
} row_info;

typedef struct {
    const silbe_trellis *g;
    const silbe_trellis_emissions *emissions;
    silbe_trellis_plan plan;
    silbe_trellis_loops loops;
    double beam;
    size_t n_cells;
    size_t width; /* states, rounded up */

    double *row[2]; /* width values each, LEFT_PAD before and PAD behind them */
    silbe_trellis_range dirty[2];
    size_t now; /* which of them is the row in hand */
    row_info info;
    double *junction; /* crossed before the next frame */
    double *slow;     /* width: best by arcs in lists */
    double *e;        /* classes, rounded to float */
    double *order;
    double *slot_values; /* slots x (width + junctions) */
    row_info *slot_infos;

    /* the leaf in hand */
    uint8_t *back;       /* leaf_frames x width / LANES */
    uint32_t *slow_back; /* leaf_frames x (slow states + junctions): arc taken, in g->in */
    size_t leaf_begin;

    uint32_t *path;
    uint32_t node; /* of the path, the latest one known */
    silbe_trellis_viterbi_result result;
} viterbi;

static size_t slow_width(const silbe_trellis *g)
{
    return g->n_slow_states + g->n_junctions;
}

static size_t carve(viterbi *v, const silbe_trellis *g, const silbe_trellis_options *options,
                    void *scratch)
{
    size_t max_bytes =
        options == NULL || options->max_bytes == 0 ? DEFAULT_MAX_BYTES : options->max_bytes;
    v->width = (g->n_states + SILBE_TRELLIS_LANES - 1) / SILBE_TRELLIS_LANES * SILBE_TRELLIS_LANES;
    size_t back_bytes = v->width / SILBE_TRELLIS_LANES;
    size_t slot_values = v->width + g->n_junctions;
    v->plan = silbe_trellis_plan_make(g->n_frames, back_bytes + slow_width(g) * sizeof(uint32_t),
                                      slot_values * sizeof(double) + sizeof(row_info), max_bytes);
    size_t n_slots = v->plan.n_levels * v->plan.fan;
    silbe_arena arena = silbe_arena_at(scratch);
    for (size_t i = 0; i < 2; i++) {
        v->row[i] =
            silbe_arena_take(&arena, v->width + LEFT_PAD + SILBE_TRELLIS_PAD, sizeof(double));
        v->row[i] = v->row[i] == NULL ? NULL : v->row[i] + LEFT_PAD;
    }
    v->junction = silbe_arena_take(&arena, g->n_junctions, sizeof(double));
    v->slow = silbe_arena_take(&arena, v->width, sizeof(double));
    v->e = silbe_arena_take(&arena, g->n_classes, sizeof(double));
    v->order = silbe_arena_take(&arena, g->n_symbols, sizeof(double));
    v->slot_values = silbe_arena_take(&arena, silbe_size_mul(n_slots, slot_values), sizeof(double));
    v->slot_infos = silbe_arena_take(&arena, n_slots, sizeof(row_info));
    v->back = silbe_arena_take(&arena, silbe_size_mul(v->plan.leaf_frames, back_bytes), 1);
    v->slow_back = silbe_arena_take(&arena, silbe_size_mul(v->plan.leaf_frames, slow_width(g)),
                                    sizeof(uint32_t));
    return arena.used;
}

static void clear(double *values, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        values[i] = NEG_INF;
    }
}

/* Makes row i hold NEG_INF outside `range`, which is about to be written. */
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
    double best = NEG_INF;
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
        } else if (silbe_trellis_open(g, node, u)) {
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
    double best = NEG_INF;
    for (size_t s = range.begin; s < range.end; s++) {
        best = row[s] > best ? row[s] : best;
    }
    double least = best - v->beam;
    while (range.begin < range.end && !(row[range.begin] >= least)) {
        double cut = row[range.begin] - v->info.best_sum;
        v->info.cut = cut > v->info.cut ? cut : v->info.cut;
        row[range.begin++] = NEG_INF;
    }
    while (range.end > range.begin && !(row[range.end - 1] >= least)) {
        double cut = row[range.end - 1] - v->info.best_sum;
        v->info.cut = cut > v->info.cut ? cut : v->info.cut;
        row[--range.end] = NEG_INF;
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

static silbe_status step(viterbi *v, size_t t, uint8_t *back, uint32_t *slow_back, silbe_err *err)
{
    const silbe_trellis *g = v->g;
    silbe_status status = silbe_trellis_class_row(g, v->emissions, t, v->e, v->order, NULL, err);
    if (status != SILBE_OK) {
        return status;
    }
    double best = NEG_INF;
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
        status = step(v, t, NULL, NULL, err);
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
        const uint32_t *slow_back = v->slow_back + i * slow_width(g);
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
        status = step(v, t, v->back + i * (v->width / SILBE_TRELLIS_LANES),
                      v->slow_back + i * slow_width(v->g), err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (end == v->g->n_frames && v->result.logp == NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "trellis: no path");
    }
    trace(v, begin, end);
    return SILBE_OK;
}

static void start(viterbi *v)
{
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < v->width + LEFT_PAD + SILBE_TRELLIS_PAD; k++) {
            v->row[i][(ptrdiff_t)k - LEFT_PAD] = NEG_INF;
        }
        v->dirty[i] = (silbe_trellis_range){0, 0};
    }
    clear(v->slow, 0, v->width);
    clear(v->junction, 0, v->g->n_junctions);
    v->info = (row_info){{0, 0}, {0, 0}, 0.0, NEG_INF};
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
    while (range.begin < range.end && v->row[v->now][range.begin] == NEG_INF) {
        range.begin++;
    }
    while (range.end > range.begin && v->row[v->now][range.end - 1] == NEG_INF) {
        range.end--;
    }
    v->info.states = range;
    clear(v->junction, old.begin, old.end);
    range = v->info.junctions;
    memcpy(v->junction + range.begin, values + v->width + range.begin,
           (range.end - range.begin) * sizeof *values);
}

/* Why there is no path: runs again and sees where the last one ends. */
static silbe_status explain(viterbi *v, silbe_err *err)
{
    const silbe_trellis *g = v->g;
    size_t alive = 0;
    size_t state = 0;
    start(v);
    for (size_t t = 0; t < g->n_frames; t++) {
        silbe_status status = step(v, t, NULL, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        size_t s = v->dirty[v->now].end;
        while (s > v->dirty[v->now].begin && v->row[v->now][s - 1] == NEG_INF) {
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
    static const silbe_trellis_sweep_ops ops = {forward, leaf, save, restore};
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
    start(&v);
    status = path == NULL ? forward(&v, 0, trellis->n_frames, err)
                          : silbe_trellis_sweep(&v.plan, trellis->n_frames, &ops, &v, err);
    if (status == SILBE_ERR_INFEASIBLE || (status == SILBE_OK && v.result.logp == NEG_INF)) {
        return explain(&v, err);
    }
    if (status == SILBE_OK) {
        *result = v.result;
    }
    return status;
}
