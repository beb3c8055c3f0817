/* Posteriors of a leaf turned into what is wanted: gradient, blocks, onsets. */
#include <math.h>

#include "align/ctc/ctc_engine.h"

/* P(onset in this frame) below this moves no mean or spread by anything that a double shows. */
#define NEGLIGIBLE 1e-40

static const double *leaf_row(const silbe_ctc_state *s, int field, size_t frame)
{
    return s->leaf[field] + frame * s->plan.leaf_pairs + SILBE_CTC_UNIT;
}

/* Four chains of additions run beside each other. */
static double sum_of(const double *x, size_t n)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        sum[0] += x[i];
        sum[1] += x[i + 1];
        sum[2] += x[i + 2];
        sum[3] += x[i + 3];
    }
    for (; i < n; i++) {
        sum[0] += x[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Equation 15 summed over the places of each symbol, and equation 16. */
static silbe_status gradient_row(silbe_ctc_state *s, size_t t, size_t frame, silbe_err *err)
{
    const silbe_ctc_problem *p = &s->problem;
    const double *label = leaf_row(s, 0, frame);
    const float *values = p->values + t * p->row_stride;
    float *gradient = s->wanted.gradient + t * s->wanted.gradient_stride;
    double *by_symbol = s->by_symbol;
    double n = 0.0;
    for (size_t k = 0; k < p->n_symbols; k++) {
        by_symbol[k] = 0.0;
    }
    double blank = 0.0;
    for (size_t u = 0; u < s->forward.n_units; u++) {
        size_t begin = u * SILBE_CTC_UNIT;
        size_t end = begin + SILBE_CTC_UNIT;
        size_t n_blanks = (end <= p->n_labels ? end : p->n_labels + 1) - begin;
        end = end < p->n_labels ? end : p->n_labels;
        if (s->active[u] != 0) {
            for (size_t j = begin; j < end; j++) {
                by_symbol[p->labels[j]] += label[j];
            }
            blank += sum_of(leaf_row(s, 2, frame) + begin, n_blanks);
        }
    }
    if (p->topology == SILBE_CTC_BLANKS) {
        by_symbol[p->blank] = blank;
    }
    bool logits = s->wanted.gradient_by == SILBE_CTC_BY_LOGITS;
    if (logits) {
        silbe_status status = silbe_ctc_emission_row(p, t, s->emission, &n, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    for (size_t k = 0; k < p->n_symbols; k++) {
        gradient[k] = (float)((logits ? exp((double)values[k] - n) : 0.0) - by_symbol[k]);
    }
    return SILBE_OK;
}

void silbe_ctc_outputs_begin(silbe_ctc_state *s)
{
    for (size_t j = 0; s->wanted.onsets != NULL && j < s->problem.n_labels; j++) {
        s->onset_cumulative[j] = 0.0;
        s->onset_mean[j] = 0.0;
        s->onset_square[j] = 0.0;
        s->wanted.onsets[j] = (silbe_ctc_onset){.hi_frame = s->problem.n_frames};
    }
}

/* One more frame of one label, from the last to the first. Weighted mean and variance as they come:
 * West, Updating Mean and Variance Estimates, CACM 22 (1979). */
static void add_onset(silbe_ctc_state *s, size_t t, size_t j, double onset)
{
    silbe_ctc_onset *o = &s->wanted.onsets[j];
    double tail = (1.0 - s->wanted.interval_mass) / 2.0;
    double later = s->onset_cumulative[j];
    double sum = later + onset;
    s->onset_cumulative[j] = sum;
    if (later <= tail && sum > tail) {
        o->hi_frame = t + 1;
    }
    if (later < 1.0 - tail && sum >= 1.0 - tail) {
        o->lo_frame = t;
    }
    double away = (double)t - s->onset_mean[j];
    double shift = away * (onset / sum);
    s->onset_mean[j] += shift;
    s->onset_square[j] += later * away * shift;
    if (s->wanted.near_frame != NULL) {
        size_t near = s->wanted.near_frame[j];
        size_t distance = t > near ? t - near : near - t;
        o->mass_near += distance <= s->wanted.near_radius ? onset : 0.0;
    }
}

/* From shares to onset posteriors, in place. */
static void onset_row(silbe_ctc_state *s, size_t t, size_t frame)
{
    size_t n = s->problem.n_labels;
    double *onset = s->leaf[4] + frame * s->plan.leaf_pairs + SILBE_CTC_UNIT;
    const double *label = leaf_row(s, 0, frame);
    for (size_t u = 0; u < s->forward.n_units; u++) {
        size_t end = (u + 1) * SILBE_CTC_UNIT < n ? (u + 1) * SILBE_CTC_UNIT : n;
        for (size_t j = u * SILBE_CTC_UNIT; s->active[u] != 0 && j < end; j++) {
            onset[j] *= label[j];
            if (s->wanted.onsets != NULL && onset[j] > NEGLIGIBLE) {
                add_onset(s, t, j, onset[j]);
            }
        }
    }
}

void silbe_ctc_outputs_end(silbe_ctc_state *s)
{
    for (size_t j = 0; s->wanted.onsets != NULL && j < s->problem.n_labels; j++) {
        silbe_ctc_onset *o = &s->wanted.onsets[j];
        o->mean_frame = s->onset_mean[j];
        o->spread_frames = sqrt(s->onset_square[j] / s->onset_cumulative[j]);
        o->mass_near = fmin(o->mass_near, 1.0);
    }
}

silbe_status silbe_ctc_outputs_leaf(silbe_ctc_state *s, size_t t0, size_t t1, silbe_err *err)
{
    const silbe_ctc_plan *plan = &s->plan;
    for (size_t t = t1; t-- > t0;) {
        size_t frame = t - t0;
        if (plan->shares) {
            onset_row(s, t, frame);
        }
        if (s->wanted.gradient != NULL) {
            silbe_status status = gradient_row(s, t, frame, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
    }
    if (s->wanted.on_block == NULL) {
        return SILBE_OK;
    }
    silbe_ctc_block block = {t0,
                             t1,
                             plan->leaf_pairs,
                             leaf_row(s, 0, 0),
                             leaf_row(s, 2, 0),
                             plan->shares && s->wanted.block_onsets ? leaf_row(s, 4, 0) : NULL};
    return s->wanted.on_block(s->wanted.context, &block, err);
}
