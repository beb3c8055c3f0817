/* Forward-backward's sweeps over frames, a tile at a time. */
#include <math.h>
#include <string.h>

#include "align/base/logmath.h"
#include "align/ctc/ctc_engine.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* exp(x) = *m * 2^*e. ln 2 in two parts, the first with 21 trailing zeros: x - e ln 2 is exact to
 * the last bits of x. */
static void split_exp(double x, double *m, double *e)
{
    const double ln2_high = 6.93147180369123816490e-01;
    const double ln2_low = 1.90821492927058770002e-10;
    if (x == SILBE_NEG_INF) {
        *m = 0.0;
        *e = SILBE_ZERO_EXPONENT;
        return;
    }
    double n = rint(x * 1.4426950408889634074);
    *m = exp((x - n * ln2_high) - n * ln2_low);
    *e = n;
}

/* Nothing comes in from the left. */
static void clear_edge(silbe_ctc_state *s)
{
    for (size_t f = 0; f < s->tile.n_frames; f++) {
        for (size_t i = 0; i < SILBE_CTC_EDGE; i++) {
            s->edge[f * 2 * SILBE_CTC_EDGE + i] = 0.0;
            s->edge[f * 2 * SILBE_CTC_EDGE + SILBE_CTC_EDGE + i] = SILBE_ZERO_EXPONENT;
        }
    }
}

/* Frames t0, t0 + 1, ... or, backwards, t1 - 1, t1 - 2, ... */
static silbe_status fill_tile(silbe_ctc_state *s, size_t t0, size_t t1, bool backwards,
                              silbe_err *err)
{
    const silbe_ctc_problem *p = &s->problem;
    silbe_ctc_sweep_tile *tile = &s->tile;
    tile->n_frames = t1 - t0;
    for (size_t f = 0; f < t1 - t0; f++) {
        double *table = tile->table + f * tile->stride;
        silbe_status status =
            silbe_ctc_emission_row(p, backwards ? t1 - 1 - f : t0 + f, s->emission, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t k = 0; k < p->n_symbols; k++) {
            split_exp(s->emission[k], table + 2 * k, table + 2 * k + 1);
        }
        table[2 * p->n_symbols] = 0.0;
        table[2 * p->n_symbols + 1] = SILBE_ZERO_EXPONENT;
        size_t blank = p->topology == SILBE_CTC_BLANKS ? p->blank : p->n_symbols;
        tile->blank_m[f] = table[2 * blank];
        tile->blank_e[f] = table[2 * blank + 1];
    }
    return SILBE_OK;
}

static silbe_ctc_row row_at(const silbe_ctc_state *s, double *fields, size_t pair)
{
    size_t n = s->plan.row_pairs;
    return (silbe_ctc_row){fields + pair, fields + n + pair, fields + 2 * n + pair,
                           fields + 3 * n + pair};
}

/* Takes the exponents out of m: m in [1, 2), or 0. */
static void normalise(double *m, double *e, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, m + i, sizeof bits);
        if (bits == 0) {
            e[i] = SILBE_ZERO_EXPONENT;
            continue;
        }
        e[i] += (double)(int)(bits >> 52) - 1023.0;
        bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
        memcpy(m + i, &bits, sizeof bits);
    }
}

static void run_unit(silbe_ctc_state *s, const silbe_ctc_units *units, double *fields, size_t u,
                     silbe_ctc_mode mode, const silbe_ctc_out *out)
{
    size_t at = u * SILBE_CTC_UNIT;
    silbe_ctc_row row = row_at(s, fields, at);
    s->kernel(&s->tile, units->symbol + at, units->skip[u], &row, s->edge, mode, out);
    normalise(row.label_m, row.label_e, SILBE_CTC_UNIT);
    normalise(row.blank_m, row.blank_e, SILBE_CTC_UNIT);
}

static void begin_row(const silbe_ctc_state *s, double *fields)
{
    silbe_ctc_row row = row_at(s, fields, 0);
    for (size_t j = 0; j < s->plan.row_pairs; j++) {
        row.label_m[j] = 0.0;
        row.blank_m[j] = 0.0;
        row.label_e[j] = SILBE_ZERO_EXPONENT;
        row.blank_e[j] = SILBE_ZERO_EXPONENT;
    }
    row.blank_m[0] = 1.0; /* before the first frame: from here blank 0 and label 0 can be reached */
    row.blank_e[0] = 0.0;
}

/* Leaf cells [begin, end) of the pairs of a frame, counted from pair 0: no probability. */
static void clear_leaf(const silbe_ctc_state *s, size_t frame, size_t begin, size_t end)
{
    size_t at = frame * s->plan.leaf_pairs + SILBE_CTC_UNIT;
    for (size_t j = at + begin; j < at + end; j++) {
        s->leaf[0][j] = 0.0;
        s->leaf[1][j] = SILBE_ZERO_EXPONENT;
        s->leaf[2][j] = 0.0;
        s->leaf[3][j] = SILBE_ZERO_EXPONENT;
        if (s->plan.shares) {
            s->leaf[4][j] = 0.0;
        }
    }
}

void silbe_ctc_sweep_begin(silbe_ctc_state *s)
{
    begin_row(s, s->alpha);
    if (!s->plan.leaves) {
        return;
    }
    for (size_t f = 0; f < s->plan.cut.stride[0];
         f++) { /* margins, too: they are read, but not used */
        for (int i = 0; i < 4 + s->plan.shares; i++) {
            double *row = s->leaf[i] + f * s->plan.leaf_pairs;
            for (size_t j = 0; j < s->plan.leaf_pairs; j++) {
                row[j] = i % 2 == 1 ? SILBE_ZERO_EXPONENT : 0.0;
            }
        }
    }
}

/* Pointers to pair `pair` (from -32) of a frame of the leaf. */
static silbe_ctc_out leaf_at(const silbe_ctc_state *s, size_t frame, ptrdiff_t label,
                             ptrdiff_t blank)
{
    size_t row = frame * s->plan.leaf_pairs + SILBE_CTC_UNIT;
    return (silbe_ctc_out){.row = {s->leaf[0] + row + label, s->leaf[1] + row + label,
                                   s->leaf[2] + row + blank, s->leaf[3] + row + blank},
                           .share = s->plan.shares ? s->leaf[4] + row + label : NULL};
}

/* A leaf, which is one tile: its active units. The others keep what an earlier leaf left, which
 * nothing reads but a block function: for that they are cleared. */
static void store_leaf(silbe_ctc_state *s, size_t first, size_t last)
{
    silbe_ctc_find_active(s, s->tile.n_frames);
    for (size_t u = 0; u < s->forward.n_units; u++) {
        ptrdiff_t at = (ptrdiff_t)(u * SILBE_CTC_UNIT);
        s->active[u] = s->active[u] != 0 && u >= first && u < last;
        if (s->active[u] != 0) {
            silbe_ctc_out out = leaf_at(s, 0, at, at);
            out.stride = (ptrdiff_t)s->plan.leaf_pairs;
            run_unit(s, &s->forward, s->alpha, u, SILBE_CTC_STORE, &out);
            continue;
        }
        if (u > 0 && s->active[u - 1] != 0) {
            clear_edge(s);
        }
        for (size_t f = 0; s->wanted.on_block != NULL && f < s->tile.n_frames; f++) {
            clear_leaf(s, f, (size_t)at, (size_t)at + SILBE_CTC_UNIT);
        }
    }
}

silbe_status silbe_ctc_sweep_forward(silbe_ctc_state *s, size_t t0, size_t t1, bool keep,
                                     silbe_err *err)
{
    const silbe_ctc_plan *plan = &s->plan;
    for (size_t begin = t0; begin < t1; begin += plan->tile_frames) {
        size_t end = least(begin + plan->tile_frames, t1);
        size_t first = 0;
        size_t last = 0;
        silbe_status status = fill_tile(s, begin, end, false, err);
        if (status != SILBE_OK) {
            return status;
        }
        clear_edge(s);
        silbe_ctc_live_units(&s->problem, begin, end, &first, &last);
        if (keep) {
            store_leaf(s, first, last);
            continue;
        }
        for (size_t u = first; u < last; u++) {
            run_unit(s, &s->forward, s->alpha, u, SILBE_CTC_ADVANCE, NULL);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_ctc_sweep_total(silbe_ctc_state *s, silbe_err *err)
{
    size_t n = s->problem.n_labels;
    silbe_ctc_row row = row_at(s, s->alpha, 0);
    double e = row.label_e[n - 1] > row.blank_e[n] ? row.label_e[n - 1] : row.blank_e[n];
    /* ldexp takes an int: what is 2^-1100 times smaller is nothing beside the other. */
    double m = ldexp(row.label_m[n - 1], (int)fmax(row.label_e[n - 1] - e, -1100.0)) +
               ldexp(row.blank_m[n], (int)fmax(row.blank_e[n] - e, -1100.0));
    if (m == 0.0) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "CTC: every path of %zu labels over %zu frames meets an emission of "
                          "-infinity",
                          n, s->problem.n_frames);
    }
    s->total_m = m;
    s->total_e = e;
    if (s->plan.leaves) {
        silbe_ctc_row beta = row_at(s, s->beta, 0);
        begin_row(s, s->beta);
        beta.blank_m[0] = 1.0 / m;
        beta.blank_e[0] = -e;
    }
    return SILBE_OK;
}

/* Units without a path backwards have posterior 0; alpha may lie there. Pairs of unit u are, in the
 * trellis read forwards, labels down from L - 1 - 32 u and blanks down from L - 32 u. */
static void drop_unit(silbe_ctc_state *s, size_t u, size_t f0, size_t f1)
{
    ptrdiff_t top = (ptrdiff_t)s->problem.n_labels - (ptrdiff_t)(u * SILBE_CTC_UNIT);
    for (size_t f = f0; f < f1; f++) {
        silbe_ctc_out out = leaf_at(s, f, top - SILBE_CTC_UNIT, top - SILBE_CTC_UNIT + 1);
        memset(out.row.label_m, 0, SILBE_CTC_UNIT * sizeof(double));
        memset(out.row.blank_m, 0, SILBE_CTC_UNIT * sizeof(double));
    }
}

silbe_status silbe_ctc_sweep_backward(silbe_ctc_state *s, size_t t0, size_t t1, silbe_err *err)
{
    const silbe_ctc_plan *plan = &s->plan;
    size_t n_frames = s->problem.n_frames;
    for (size_t end = t1; end > t0;) {
        size_t begin = end - t0 > plan->tile_frames ? end - plan->tile_frames : t0;
        size_t first = 0;
        size_t last = 0;
        silbe_status status = fill_tile(s, begin, end, true, err);
        if (status != SILBE_OK) {
            return status;
        }
        silbe_ctc_live_units(&s->problem, n_frames - end, n_frames - begin, &first, &last);
        clear_edge(s);
        for (size_t u = 0; u < s->backward.n_units; u++) {
            ptrdiff_t top = (ptrdiff_t)s->problem.n_labels - (ptrdiff_t)(u * SILBE_CTC_UNIT);
            bool wanted = silbe_ctc_touches_active(s, top - SILBE_CTC_UNIT, top);
            silbe_ctc_out out =
                leaf_at(s, end - 1 - t0, top - SILBE_CTC_UNIT, top - SILBE_CTC_UNIT + 1);
            out.stride = -(ptrdiff_t)plan->leaf_pairs;
            if (u >= first && u < last) {
                run_unit(s, &s->backward, s->beta, u,
                         wanted ? SILBE_CTC_COMBINE : SILBE_CTC_ADVANCE, &out);
            } else if (wanted) {
                drop_unit(s, u, begin - t0, end - t0);
            }
        }
        end = begin;
    }
    return SILBE_OK;
}
