/* Forward-backward and Viterbi by the definition: see reference.h. */
#include "tests/align/trellis/reference.h"

#include <math.h>
#include <string.h>

#include "align/base/logmath.h"
#include "align/trellis/graph.h"

typedef struct {
    double *alpha;  /* (T + 1) x nodes: states of frame u - 1 and junctions before frame u */
    double *beta;   /* the same, without the emission of frame u - 1 */
    uint32_t *from; /* (T + 1) x nodes */
    double *e;      /* T x classes */
    double *order;
    size_t *chosen; /* T */
} tables;

static size_t carve(const silbe_trellis *g, void *scratch, tables *t)
{
    silbe_arena arena = silbe_arena_at(scratch);
    size_t cells = silbe_size_mul(g->n_frames + 1, g->n_nodes);
    t->alpha = silbe_arena_take(&arena, cells, sizeof(double));
    t->beta = silbe_arena_take(&arena, cells, sizeof(double));
    t->from = silbe_arena_take(&arena, cells, sizeof(uint32_t));
    t->e = silbe_arena_take(&arena, silbe_size_mul(g->n_frames, g->n_classes), sizeof(double));
    t->order = silbe_arena_take(&arena, g->n_symbols, sizeof(double));
    t->chosen = silbe_arena_take(&arena, g->n_frames, sizeof(size_t));
    return arena.used;
}

silbe_status silbe_trellis_reference_size(const silbe_trellis *trellis, size_t *bytes,
                                          silbe_err *err)
{
    tables t;
    *bytes = carve(trellis, NULL, &t);
    return *bytes == SIZE_MAX ? silbe_fail(err, SILBE_ERR_MEMORY, "trellis: full matrices overflow")
                              : SILBE_OK;
}

static silbe_status prepare(const silbe_trellis *g, const silbe_trellis_emissions *emissions,
                            void *scratch, size_t scratch_bytes, tables *t, silbe_err *err)
{
    size_t bytes = 0;
    silbe_status status = silbe_trellis_emissions_check(g, emissions, err);
    if (status == SILBE_OK) {
        status = silbe_trellis_reference_size(g, &bytes, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: the reference needs %zu bytes", bytes);
    }
    (void)carve(g, scratch, t);
    for (size_t i = 0; status == SILBE_OK && i < g->n_frames; i++) {
        status = silbe_trellis_class_row(g, emissions, i, t->e + i * g->n_classes, t->order,
                                         &t->chosen[i], err);
    }
    return status;
}

/* Arc i into a state: stay, next, jump, then the list. *from: where from; false when there are no
 * more. */
static bool arc_into(const silbe_trellis *g, size_t node, size_t i, size_t *from, double *logw)
{
    const double *dense[3] = {g->stay, g->next, g->jump};
    if (i < 3) {
        bool there = node < g->n_states && node >= i;
        *from = there ? node - i : 0;
        *logw = there ? dense[i][node] : SILBE_NEG_INF;
        return true;
    }
    size_t k = g->in.begin[node] + i - 3;
    if (k >= g->in.begin[node + 1]) {
        return false;
    }
    *from = g->in.node[k];
    *logw = g->in.logw[k];
    return true;
}

/* Row of alpha in which node `from` lies, seen from `node` in row u. */
static size_t row_of(const silbe_trellis *g, size_t node, size_t from, size_t u)
{
    /* A state in frame u - 1 comes from a state in frame u - 2, row u - 1, or from a junction
     * before frame u - 1, row u - 1; a junction from anything in its own row. */
    (void)from;
    return node < g->n_states ? u - 1 : u;
}

/* alpha by sums or, with from != NULL, maxima. */
static void forward(const silbe_trellis *g, const tables *t, bool best)
{
    size_t n = g->n_nodes;
    for (size_t u = 0; u <= g->n_frames; u++) {
        for (size_t node = 0; node < n; node++) {
            double sum = SILBE_NEG_INF;
            size_t from;
            double logw;
            bool closed = node >= g->n_states ? !silbe_trellis_is_open(g, node, u) : u == 0;
            if (u == 0 && node == g->n_states) {
                sum = 0.0;
                closed = true;
            }
            for (size_t i = 0; !closed && arc_into(g, node, i, &from, &logw); i++) {
                double value = logw == SILBE_NEG_INF
                                   ? logw
                                   : t->alpha[row_of(g, node, from, u) * n + from] + logw;
                if (!best) {
                    sum = silbe_logaddexp(sum, value);
                } else if (value > sum) {
                    sum = value;
                    t->from[u * n + node] = (uint32_t)from;
                }
            }
            if (node < g->n_states && u > 0) {
                double e = t->e[(u - 1) * g->n_classes + (size_t)g->class_of[node]];
                sum += best ? (double)(float)e : e;
            }
            t->alpha[u * n + node] = sum;
        }
    }
}

static void backward(const silbe_trellis *g, const tables *t)
{
    size_t n = g->n_nodes;
    for (size_t i = 0; i < (g->n_frames + 1) * n; i++) {
        t->beta[i] = SILBE_NEG_INF;
    }
    t->beta[(g->n_frames + 1) * n - 1] = 0.0;
    for (size_t u = g->n_frames + 1; u-- > 0;) {
        /* Pushes from each node to its predecessors: junctions of the row first, last to first. */
        for (size_t k = 0; k < n; k++) {
            size_t node = n - 1 - k;
            size_t from;
            double logw;
            double behind = t->beta[u * n + node];
            bool closed = node >= g->n_states ? !silbe_trellis_is_open(g, node, u) : u == 0;
            if (node < g->n_states && u > 0) {
                behind += t->e[(u - 1) * g->n_classes + (size_t)g->class_of[node]];
            }
            if (closed || (u == 0 && node == g->n_states)) {
                continue;
            }
            for (size_t i = 0; arc_into(g, node, i, &from, &logw); i++) {
                if (logw > SILBE_NEG_INF) {
                    double *to = &t->beta[row_of(g, node, from, u) * n + from];
                    *to = silbe_logaddexp(*to, behind + logw);
                }
            }
        }
    }
}

silbe_status silbe_trellis_viterbi_reference(const silbe_trellis *trellis,
                                             const silbe_trellis_emissions *emissions,
                                             void *scratch, size_t scratch_bytes, uint32_t *path,
                                             double *logp, silbe_err *err)
{
    tables t;
    silbe_status status = prepare(trellis, emissions, scratch, scratch_bytes, &t, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n = trellis->n_nodes;
    forward(trellis, &t, true);
    *logp = t.alpha[(trellis->n_frames + 1) * n - 1];
    if (*logp == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "trellis: every path has probability 0");
    }
    size_t u = trellis->n_frames;
    size_t node = n - 1;
    while (u > 0) {
        size_t from = t.from[u * n + node];
        if (node < trellis->n_states) {
            path[--u] = (uint32_t)node;
        }
        node = from;
    }
    return SILBE_OK;
}

/* Gradient of the loss by frame and symbol from posteriors of states. */
static void gradient_row(const silbe_trellis *g, const silbe_trellis_emissions *em, const tables *t,
                         size_t frame, const double *posterior, double *out)
{
    double scale = em->scale == 0.0 ? 1.0 : em->scale;
    size_t n = g->n_symbols;
    double row_sum = 0.0;
    memset(out, 0, n * sizeof *out);
    for (size_t s = 0; s < g->n_states; s++) {
        size_t k = (size_t)g->class_of[s];
        size_t extra = k - n;
        if (posterior[s] == 0.0) { /* maybe of a wildcard that may be nothing here */
            continue;
        }
        if (k < n) {
            out[k] += posterior[s];
        } else if (extra == SILBE_CLASS_GAP_BLANK) {
            out[g->blank] += posterior[s];
        } else if (extra == SILBE_CLASS_GAP_SILENCE) {
            out[g->silence] += posterior[s];
        } else if (em->wildcard_rule != SILBE_WILDCARD_LOGSUM) {
            out[t->chosen[frame]] += posterior[s];
        } else {
            double *row = t->e + frame * g->n_classes;
            if (silbe_trellis_emission_row(g, em, frame, row, t->order, NULL, NULL) != SILBE_OK) {
                return; /* cannot be: the row was made before */
            }
            for (size_t i = 0; i < n; i++) {
                if (em->wildcard_symbols == NULL || em->wildcard_symbols[i]) {
                    out[i] += posterior[s] * exp(row[i] - row[n] - em->wildcard_penalty);
                }
            }
        }
    }
    for (size_t k = 0; k < n; k++) {
        row_sum += out[k];
    }
    double norm = SILBE_NEG_INF;
    const float *x = em->values + frame * em->row_stride;
    for (size_t k = 0; k < n; k++) {
        norm = silbe_logaddexp(norm, (double)x[k]);
    }
    for (size_t k = 0; k < n; k++) {
        double softmax = em->logits ? exp((double)x[k] - norm) : 0.0;
        out[k] = scale * (softmax * row_sum - out[k]);
    }
}

/* P(word begins in frame u - 1): over all arcs into its first states but those from themselves. */
static void onset_row(const silbe_trellis *g, const tables *t, size_t u, double logp, double *out)
{
    size_t n = g->n_nodes;
    for (size_t i = 0; i < g->n_entries; i++) {
        size_t s = g->entries[i];
        size_t from;
        double logw;
        double e = t->e[(u - 1) * g->n_classes + (size_t)g->class_of[s]];
        for (size_t k = 1; arc_into(g, s, k, &from, &logw); k++) {
            if (logw > SILBE_NEG_INF) {
                out[g->word_of[s]] +=
                    exp(t->alpha[(u - 1) * n + from] + logw + e + t->beta[u * n + s] - logp);
            }
        }
    }
}

silbe_status silbe_trellis_posterior_reference(const silbe_trellis *trellis,
                                               const silbe_trellis_emissions *emissions,
                                               void *scratch, size_t scratch_bytes,
                                               const silbe_trellis_reference_wanted *wanted,
                                               double *loss, silbe_err *err)
{
    tables t;
    const silbe_trellis *g = trellis;
    silbe_status status = prepare(g, emissions, scratch, scratch_bytes, &t, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n = g->n_nodes;
    forward(g, &t, false);
    backward(g, &t);
    double logp = t.alpha[(g->n_frames + 1) * n - 1];
    if (logp == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "trellis: every path has probability 0");
    }
    *loss = -logp;
    for (size_t f = 0; f < g->n_frames; f++) {
        size_t row = (f + 1) * n;
        if (wanted->onset != NULL) {
            memset(wanted->onset + f * g->n_words, 0, g->n_words * sizeof(double));
            onset_row(g, &t, f + 1, logp, wanted->onset + f * g->n_words);
        }
        for (size_t s = 0; s < g->n_states; s++) {
            size_t at = f * g->n_states + s;
            double both = t.alpha[row + s] + t.beta[row + s] - logp;
            if (wanted->alpha != NULL) {
                wanted->alpha[at] = t.alpha[row + s];
            }
            if (wanted->beta != NULL) {
                wanted->beta[at] = t.beta[row + s];
            }
            if (wanted->posterior != NULL) {
                wanted->posterior[at] = exp(both);
            }
        }
    }
    for (size_t f = 0; wanted->gradient != NULL && wanted->posterior != NULL && f < g->n_frames;
         f++) {
        gradient_row(g, emissions, &t, f, wanted->posterior + f * g->n_states,
                     wanted->gradient + f * g->n_symbols);
    }
    return SILBE_OK;
}
