/* A draft made into arrays that kernels run over. */
#include <math.h>
#include <string.h>

#include "align/trellis/graph.h"
#include "align/trellis/rows.h"

/* Number of a draft's node in the compiled graph. */
static uint32_t number(const silbe_draft *d, uint32_t node)
{
    return (node & SILBE_JUNCTION_BIT) == 0
               ? node
               : (uint32_t)d->g->n_states + silbe_draft_node_of(d, node)->compiled;
}

/* Whether the arc fits into next or jump; later equal ones do not. */
static double *dense_slot(const silbe_draft *d, const silbe_draft_arc *arc)
{
    silbe_trellis *g = d->g;
    if (((arc->from | arc->to) & SILBE_JUNCTION_BIT) != 0) {
        return NULL;
    }
    double *slot = arc->to - arc->from == 1   ? &g->next[arc->to]
                   : arc->to - arc->from == 2 ? &g->jump[arc->to]
                                              : NULL;
    return slot != NULL && *slot == SILBE_NEG_INF ? slot : NULL;
}

/* Moves arcs out of one node into the dense arrays; the others are counted in begin[node + 1]. */
static void sort_out(silbe_draft *d, uint32_t node)
{
    silbe_trellis *g = d->g;
    for (uint32_t k = silbe_draft_node_of(d, node)->first_out; k != SILBE_NO_ARC;
         k = d->arcs[k].next_out) {
        silbe_draft_arc *arc = &d->arcs[k];
        double *slot = dense_slot(d, arc);
        if (slot != NULL) {
            *slot = arc->logw;
            arc->logw = NAN; /* done with */
        } else {
            g->in.begin[number(d, arc->to) + 1]++;
            g->out.begin[number(d, node) + 1]++;
        }
    }
}

static void sums(uint32_t *begin, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        begin[i + 1] += begin[i];
    }
}

/* Writes the arcs of one node into both lists; in.begin[n] points at the next free place of n. */
static void fill_lists(silbe_draft *d, uint32_t node)
{
    silbe_trellis *g = d->g;
    uint32_t from = number(d, node);
    uint32_t at = g->out.begin[from];
    for (uint32_t k = silbe_draft_node_of(d, node)->first_out; k != SILBE_NO_ARC;
         k = d->arcs[k].next_out) {
        const silbe_draft_arc *arc = &d->arcs[k];
        if (isnan(arc->logw)) {
            continue;
        }
        uint32_t to = number(d, arc->to);
        g->out.node[at] = to;
        g->out.logw[at++] = arc->logw;
        uint32_t place = g->in.begin[to]++;
        g->in.node[place] = from;
        g->in.logw[place] = arc->logw;
    }
}

static void scale(double logw, double *m, int64_t *x)
{
    silbe_scaled w = silbe_scaled_of(logw);
    *m = w.m;
    *x = w.x;
}

/* Also fills what lies behind the last state, which the vector loops run over. */
static void fill_scaled(silbe_trellis *g)
{
    for (size_t s = g->n_states; s < g->n_states + SILBE_TRELLIS_PAD; s++) {
        g->stay[s] = SILBE_NEG_INF;
        g->next[s] = SILBE_NEG_INF;
        g->jump[s] = SILBE_NEG_INF;
        g->class_of[s] = 0;
    }
    for (size_t s = 0; s < g->n_states + SILBE_TRELLIS_PAD; s++) {
        scale(g->stay[s], &g->w_stay.m[s], &g->w_stay.x[s]);
        scale(g->next[s], &g->w_next.m[s], &g->w_next.x[s]);
        scale(g->jump[s], &g->w_jump.m[s], &g->w_jump.x[s]);
    }
    for (size_t k = 0; k < g->in.begin[g->n_nodes]; k++) {
        scale(g->in.logw[k], &g->in.w.m[k], &g->in.w.x[k]);
        scale(g->out.logw[k], &g->out.w.m[k], &g->out.w.x[k]);
    }
}

/* first and end of the nodes [begin, stop). */
static void hulls(silbe_trellis *g, size_t begin, size_t stop)
{
    uint32_t first = SILBE_TRELLIS_NO_FRAME;
    uint32_t end = 0;
    for (size_t n = begin; n < stop; n++) {
        end = g->hi[n] > end ? g->hi[n] : end;
        g->end[n] = end;
    }
    for (size_t n = stop; n-- > begin;) {
        first = g->lo[n] < first ? g->lo[n] : first;
        g->first[n] = first;
    }
}

static void fill_ranges(silbe_draft *d)
{
    silbe_trellis *g = d->g;
    for (size_t i = 0; i < d->n_order; i++) {
        const silbe_draft_node *node = silbe_draft_node_of(d, d->order[i]);
        if ((d->order[i] & SILBE_JUNCTION_BIT) != 0 && node->compiled == UINT32_MAX) {
            continue;
        }
        uint32_t n = number(d, d->order[i]);
        g->lo[n] = node->lo;
        g->hi[n] = node->lo == SILBE_TRELLIS_NO_FRAME ? 0 : node->last + 1;
    }
    hulls(g, 0, g->n_states);
    hulls(g, g->n_states, g->n_nodes);
    g->n_cells = 0;
    for (size_t s = 0; s < g->n_states; s++) {
        g->n_cells += g->end[s] > g->first[s] ? g->end[s] - g->first[s] : 0;
    }
}

/* Farthest state that each node reaches without another frame in between, then as prefix maxima.
 * lo serves as scratch for junctions: it is filled later. */
static void fill_reach(silbe_trellis *g, uint32_t *of_junction)
{
    for (size_t n = g->n_nodes; n-- > 0;) {
        uint32_t most = n < g->n_states ? (uint32_t)n + 3 : 0;
        for (uint32_t k = g->out.begin[n]; k < g->out.begin[n + 1]; k++) {
            uint32_t to = g->out.node[k];
            uint32_t far = to < g->n_states ? to + 1 : of_junction[to - g->n_states];
            most = far > most ? far : most;
        }
        if (n < g->n_states) {
            g->reach[n] = most;
        } else {
            of_junction[n - g->n_states] = most;
        }
    }
    for (size_t s = 1; s < g->n_states; s++) {
        g->reach[s] = g->reach[s] > g->reach[s - 1] ? g->reach[s] : g->reach[s - 1];
    }
}

void silbe_draft_compile(silbe_draft *d)
{
    silbe_trellis *g = d->g;
    size_t n_draft_junctions = g->n_junctions;
    uint32_t n_kept = 0;
    for (size_t j = 0; j < n_draft_junctions; j++) {
        if (d->junctions[j].compiled != UINT32_MAX) {
            d->junctions[j].compiled = n_kept++;
        }
    }
    g->n_junctions = n_kept;
    g->n_nodes = g->n_states + n_kept;
    for (size_t s = 0; s < g->n_states; s++) {
        g->next[s] = SILBE_NEG_INF;
        g->jump[s] = SILBE_NEG_INF;
    }
    memset(g->in.begin, 0, (g->n_nodes + 1) * sizeof *g->in.begin);
    memset(g->out.begin, 0, (g->n_nodes + 1) * sizeof *g->out.begin);
    for (size_t s = 0; s < g->n_states; s++) {
        sort_out(d, (uint32_t)s);
    }
    for (size_t j = 0; j < n_draft_junctions; j++) {
        if (d->junctions[j].compiled != UINT32_MAX) {
            sort_out(d, (uint32_t)j | SILBE_JUNCTION_BIT);
        }
    }
    sums(g->in.begin, g->n_nodes);
    sums(g->out.begin, g->n_nodes);
    /* Latest source first, states before junctions: the order of ties. */
    for (size_t s = g->n_states; s-- > 0;) {
        fill_lists(d, (uint32_t)s);
    }
    for (size_t j = n_draft_junctions; j-- > 0;) {
        if (d->junctions[j].compiled != UINT32_MAX) {
            fill_lists(d, (uint32_t)j | SILBE_JUNCTION_BIT);
        }
    }
    for (size_t n = g->n_nodes; n > 0; n--) { /* places were used up: move them back */
        g->in.begin[n] = g->in.begin[n - 1];
    }
    g->in.begin[0] = 0;
    g->n_slow_states = 0;
    g->n_slow_out = 0;
    for (size_t s = 0; s < g->n_states; s++) {
        if (g->in.begin[s + 1] > g->in.begin[s]) {
            g->slow[g->n_slow_states++] = (uint32_t)s;
        }
        if (g->out.begin[s + 1] > g->out.begin[s]) {
            g->slow_out[g->n_slow_out++] = (uint32_t)s;
        }
    }
    fill_scaled(g);
    fill_reach(g, g->lo);
    fill_ranges(d);
}
