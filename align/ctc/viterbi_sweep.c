/* Viterbi's sweeps over frames: forward with checkpoints, and one block with back-pointers. */
#include <math.h>
#include <string.h>

#include "align/ctc/viterbi_engine.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Fills the tile that begins with frame t0; *best grows by the best emission of each frame. */
static silbe_status fill_tile(silbe_ctc_viterbi_state *s, size_t t0, size_t t1, double *best,
                              silbe_err *err)
{
    const silbe_ctc_problem *p = &s->problem;
    s->tile.n_frames = t1 - t0;
    for (size_t t = t0; t < t1; t++) {
        float *row = s->tile.table + (t - t0) * s->tile.stride;
        silbe_status status = silbe_ctc_emission_row(p, t, s->emission, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        float high = -INFINITY;
        for (size_t k = 0; k < p->n_symbols; k++) {
            row[k] = (float)s->emission[k];
            high = row[k] > high ? row[k] : high;
        }
        *best += (double)high;
        for (size_t k = p->n_symbols; k < s->tile.stride; k++) {
            row[k] = -INFINITY;
        }
        s->tile.blank[t - t0] =
            p->topology == SILBE_CTC_BLANKS ? (double)row[p->blank] : SILBE_NEG_INF;
    }
    for (size_t i = 0; i < (t1 - t0) * SILBE_CTC_EDGE; i++) {
        s->edge[i] = SILBE_NEG_INF;
    }
    return SILBE_OK;
}

static void run_unit(silbe_ctc_viterbi_state *s, size_t u, uint8_t *back, size_t back_stride)
{
    size_t at = u * SILBE_CTC_UNIT;
    s->kernel(&s->tile, s->units.symbol + at, s->units.skip[u], s->label + at, s->blank + at,
              s->edge, back, back_stride);
}

static double unit_best(const silbe_ctc_viterbi_state *s, size_t u)
{
    double best = SILBE_NEG_INF;
    for (size_t j = u * SILBE_CTC_UNIT; j < (u + 1) * SILBE_CTC_UNIT; j++) {
        best = s->label[j] > best ? s->label[j] : best;
        best = s->blank[j] > best ? s->blank[j] : best;
    }
    return best;
}

/* Drops units far below the best one, before the given block. Units that cannot reach the end any
 * more go without being counted: their values are from earlier frames. */
static void apply_beam(silbe_ctc_viterbi_state *s, size_t block)
{
    size_t t = block * s->plan.block_frames;
    size_t live = 0;
    size_t live_end = 0;
    silbe_ctc_live_units(&s->problem, t, t + 1, &live, &live_end);
    double best = SILBE_NEG_INF;
    size_t first = s->units.n_units;
    size_t last = 0;
    for (size_t u = live; u < s->units.n_units; u++) {
        double here = unit_best(s, u);
        best = here > best ? here : best;
    }
    for (size_t u = 0; u < s->units.n_units; u++) {
        double here = u < live ? SILBE_NEG_INF : unit_best(s, u);
        if (here >= best - s->beam_logp && here > SILBE_NEG_INF) {
            first = u < first ? u : first;
            last = u + 1;
            continue;
        }
        if (here > SILBE_NEG_INF) {
            s->n_dropped++;
            s->block_drop[block] = here > s->block_drop[block] ? here : s->block_drop[block];
        }
        for (size_t j = u * SILBE_CTC_UNIT; j < (u + 1) * SILBE_CTC_UNIT; j++) {
            s->label[j] = SILBE_NEG_INF;
            s->blank[j] = SILBE_NEG_INF;
        }
    }
    s->beam_first = first < last ? first : 0;
    s->beam_last = last;
}

static void begin_row(silbe_ctc_viterbi_state *s)
{
    for (size_t j = 0; j < s->plan.row_pairs; j++) {
        s->label[j] = SILBE_NEG_INF;
        s->blank[j] = SILBE_NEG_INF;
    }
    s->blank[0] = 0.0; /* before the first frame: from here label 0 and blank 0 can be reached */
}

static double *checkpoint(silbe_ctc_viterbi_state *s, size_t block)
{
    return s->checkpoints + (block - 1) * 2 * s->plan.row_pairs;
}

silbe_status silbe_ctc_viterbi_forward(silbe_ctc_viterbi_state *s, silbe_err *err)
{
    const silbe_ctc_viterbi_plan *plan = &s->plan;
    size_t row_bytes = plan->row_pairs * sizeof *s->label;
    begin_row(s);
    s->beam_first = 0;
    s->beam_last = 1;
    for (size_t block = 0; block < plan->n_blocks; block++) {
        size_t begin = block * plan->block_frames;
        size_t end = least(begin + plan->block_frames, s->problem.n_frames);
        s->block_best[block] = 0.0;
        s->block_drop[block] = SILBE_NEG_INF;
        if (block > 0) {
            if (s->beam_logp > 0.0) {
                apply_beam(s, block);
            }
            memcpy(checkpoint(s, block), s->label, row_bytes);
            memcpy(checkpoint(s, block) + plan->row_pairs, s->blank, row_bytes);
        }
        for (size_t t0 = begin; t0 < end; t0 += plan->tile_frames) {
            size_t t1 = least(t0 + plan->tile_frames, end);
            size_t first = 0;
            size_t last = 0;
            silbe_status status = fill_tile(s, t0, t1, &s->block_best[block], err);
            if (status != SILBE_OK) {
                return status;
            }
            silbe_ctc_live_units(&s->problem, t0, t1, &first, &last);
            if (s->beam_logp > 0.0) {
                first = s->beam_first > first ? s->beam_first : first;
                last = least(last, s->beam_last + (t1 - begin) / SILBE_CTC_UNIT + 1);
            }
            for (size_t u = first; u < last; u++) {
                run_unit(s, u, NULL, 0);
            }
        }
    }
    return SILBE_OK;
}

silbe_status silbe_ctc_viterbi_block(silbe_ctc_viterbi_state *s, size_t block, size_t end_pair,
                                     size_t *first_unit, silbe_err *err)
{
    const silbe_ctc_viterbi_plan *plan = &s->plan;
    size_t begin = block * plan->block_frames;
    size_t end = least(begin + plan->block_frames, s->problem.n_frames);
    size_t lowest = end_pair > end - begin ? end_pair - (end - begin) : 0;
    size_t stride = plan->back_units * SILBE_CTC_BACK;
    double ignored = 0.0;
    *first_unit = lowest / SILBE_CTC_UNIT;
    if (block == 0) {
        begin_row(s);
    } else {
        size_t from = *first_unit * SILBE_CTC_UNIT;
        size_t n = (end_pair / SILBE_CTC_UNIT + 1) * SILBE_CTC_UNIT - from;
        memcpy(s->label + from, checkpoint(s, block) + from, n * sizeof *s->label);
        memcpy(s->blank + from, checkpoint(s, block) + plan->row_pairs + from,
               n * sizeof *s->blank);
    }
    for (size_t t0 = begin; t0 < end; t0 += plan->tile_frames) {
        size_t t1 = least(t0 + plan->tile_frames, end);
        size_t first = 0;
        size_t last = 0;
        silbe_status status = fill_tile(s, t0, t1, &ignored, err);
        if (status != SILBE_OK) {
            return status;
        }
        silbe_ctc_live_units(&s->problem, t0, t1, &first, &last);
        /* Pairs that can reach the end in the frames that are left; others only cost time. */
        size_t need = end_pair > end - t0 ? (end_pair - (end - t0)) / SILBE_CTC_UNIT : 0;
        first = need > first ? need : first;
        first = *first_unit > first ? *first_unit : first;
        last = least(last, end_pair / SILBE_CTC_UNIT + 1);
        for (size_t u = first; u < last; u++) {
            run_unit(s, u, s->back + (t0 - begin) * stride + (u - *first_unit) * SILBE_CTC_BACK,
                     stride);
        }
    }
    return SILBE_OK;
}
