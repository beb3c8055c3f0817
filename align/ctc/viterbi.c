/* Viterbi in linear memory: forward, then back block by block. */
#include <math.h>
#include <string.h>

#include "align/ctc/viterbi_engine.h"

silbe_status silbe_ctc_viterbi_scratch_size(const silbe_ctc_problem *problem,
                                            const silbe_ctc_viterbi_options *options, size_t *bytes,
                                            silbe_err *err)
{
    silbe_ctc_viterbi_state state;
    return silbe_ctc_viterbi_plan_init(problem, options, &state, bytes, err);
}

/* Puts a path that is met from its end into segments and states. */
typedef struct {
    silbe_ctc_segment *segments;
    uint32_t *states;
    size_t later; /* state of the frame after; SIZE_MAX at the end */
} collector;

static void collect(collector *c, size_t t, size_t state)
{
    if (c->states != NULL) {
        c->states[t] = (uint32_t)state;
    }
    if (c->segments != NULL && state % 2 == 1) {
        if (state != c->later) {
            c->segments[state / 2].end_frame = t + 1;
        }
        c->segments[state / 2].begin_frame = t;
    }
    c->later = state;
}

static bool bit(const uint8_t *bits, size_t i)
{
    return (bits[i / 8] >> (i % 8) & 1) != 0;
}

/* State of the frame before. back: the pair's unit in this frame. */
static size_t predecessor(const silbe_ctc_units *units, size_t state, const uint8_t *back)
{
    size_t j = state / 2;
    size_t i = j % SILBE_CTC_UNIT;
    bool beats_blank = bit(back + SILBE_CTC_BACK / 2, i);
    if (state % 2 == 0) {
        return beats_blank ? state - 1 : state;
    }
    if (!bit(back, i)) {
        return state;
    }
    bool may_skip = (units->skip[j / SILBE_CTC_UNIT] >> i & 1) != 0;
    return may_skip && beats_blank ? state - 2 : state - 1;
}

static silbe_status trace(silbe_ctc_viterbi_state *s, size_t state, collector *c, silbe_err *err)
{
    const silbe_ctc_viterbi_plan *plan = &s->plan;
    size_t stride = plan->back_units * SILBE_CTC_BACK;
    for (size_t block = plan->n_blocks; block-- > 0;) {
        size_t begin = block * plan->block_frames;
        size_t end = begin + plan->block_frames;
        size_t first_unit = 0;
        end = end < s->problem.n_frames ? end : s->problem.n_frames;
        silbe_status status = silbe_ctc_viterbi_block(s, block, state / 2, &first_unit, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t t = end; t-- > begin;) {
            collect(c, t, state);
            size_t unit = state / 2 / SILBE_CTC_UNIT - first_unit;
            state = predecessor(&s->units, state,
                                s->back + (t - begin) * stride + unit * SILBE_CTC_BACK);
        }
    }
    return SILBE_OK;
}

/* Whether something that the beam dropped could, at best, have become the best path. */
static bool maybe_cut(const silbe_ctc_viterbi_state *s, double logp)
{
    double rest = 0.0;
    for (size_t block = s->plan.n_blocks; block-- > 0;) {
        rest += s->block_best[block];
        double bound = s->block_drop[block] + rest;
        /* The bound is summed in another order than scores are: allow for rounding. */
        if (bound + 1e-9 * fabs(bound) >= logp && s->block_drop[block] > SILBE_NEG_INF) {
            return true;
        }
    }
    return false;
}

silbe_status silbe_ctc_viterbi(const silbe_ctc_problem *problem,
                               const silbe_ctc_viterbi_options *options, void *scratch,
                               size_t scratch_bytes, silbe_ctc_segment *segments, uint32_t *states,
                               silbe_ctc_viterbi_result *result, silbe_err *err)
{
    silbe_ctc_viterbi_state s;
    size_t bytes = 0;
    silbe_status status = silbe_ctc_viterbi_plan_init(problem, options, &s, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "Viterbi: scratch should be %zu bytes, got %zu%s", bytes, scratch_bytes,
                          result == NULL ? ", and a result" : "");
    }
    (void)silbe_ctc_viterbi_carve(&s, scratch);
    silbe_ctc_units_fill(problem, false, &s.units);
    status = silbe_ctc_viterbi_forward(&s, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n = problem->n_labels;
    size_t state = s.blank[n] >= s.label[n - 1] ? 2 * n : 2 * n - 1;
    double logp = state == 2 * n ? s.blank[n] : s.label[n - 1];
    if (logp == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          s.n_dropped > 0
                              ? "Viterbi: no path of %zu labels over %zu frames is left "
                                "in the beam; widen it"
                              : "Viterbi: every path of %zu labels over %zu frames "
                                "meets an emission of -infinity",
                          n, problem->n_frames);
    }
    result->logp = logp;
    result->n_dropped = s.n_dropped;
    result->maybe_cut = maybe_cut(&s, logp);
    collector c = {segments, states, SIZE_MAX};
    if (segments == NULL && states == NULL) {
        return SILBE_OK;
    }
    return trace(&s, state, &c, err);
}

silbe_status silbe_ctc_segments_of_states(const uint32_t *states, size_t n_frames, size_t n_labels,
                                          silbe_ctc_segment *segments, silbe_err *err)
{
    if (states == NULL || segments == NULL || n_frames == 0 || n_labels == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: states and segments should be given and not be empty, got %zu "
                          "frames and %zu labels",
                          n_frames, n_labels);
    }
    size_t next = 0; /* label that has not begun */
    for (size_t t = 0; t < n_frames; t++) {
        size_t s = states[t];
        bool stays = t > 0 && s == states[t - 1];
        if (s / 2 > n_labels || s > 2 * n_labels ||
            (!stays && s != 2 * next && s != 2 * next + 1) || s == 2 * n_labels + 1) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "CTC: frame %zu of the path is in state %zu, but label %zu of %zu is "
                              "next (states %zu and %zu)",
                              t, s, next, n_labels, 2 * next, 2 * next + 1);
        }
        if (s % 2 == 1) {
            if (!stays) {
                segments[next++].begin_frame = t;
            }
            segments[s / 2].end_frame = t + 1;
        }
    }
    if (next != n_labels) {
        return silbe_fail(err, SILBE_ERR_DATA, "CTC: the path ends before label %zu of %zu", next,
                          n_labels);
    }
    return SILBE_OK;
}
