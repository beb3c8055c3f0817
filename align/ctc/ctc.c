/* CTC's forward-backward over pieces of frames. */
#include <math.h>
#include <string.h>

#include "align/ctc/ctc_engine.h"

static const double ln2 = 0.69314718055994530942;

silbe_status silbe_ctc_scratch_size(const silbe_ctc_problem *problem,
                                    const silbe_ctc_wanted *wanted,
                                    const silbe_ctc_options *options, size_t *bytes, silbe_err *err)
{
    silbe_ctc_state state;
    return silbe_ctc_plan_init(problem, wanted, options, &state, bytes, err);
}

/* For silbe_checkpoints_sweep: alpha is the state in hand; beta stands after the last leaf. */
static silbe_status forward(void *context, size_t t0, size_t t1, silbe_err *err)
{
    return silbe_ctc_sweep_forward(context, t0, t1, false, err);
}

static silbe_status leaf(void *context, size_t t0, size_t t1, silbe_err *err)
{
    silbe_ctc_state *s = context;
    silbe_status status = silbe_ctc_sweep_forward(s, t0, t1, true, err);
    if (status == SILBE_OK && t1 == s->problem.n_frames) {
        status = silbe_ctc_sweep_total(s, err);
    }
    if (status == SILBE_OK) {
        status = silbe_ctc_sweep_backward(s, t0, t1, err);
    }
    return status == SILBE_OK ? silbe_ctc_outputs_leaf(s, t0, t1, err) : status;
}

static void save(void *context, size_t slot)
{
    silbe_ctc_state *s = context;
    size_t n = 4 * s->plan.row_pairs;
    memcpy(s->slots + slot * n, s->alpha, n * sizeof *s->alpha);
}

static void restore(void *context, size_t slot)
{
    silbe_ctc_state *s = context;
    size_t n = 4 * s->plan.row_pairs;
    memcpy(s->alpha, s->slots + slot * n, n * sizeof *s->alpha);
}

static const silbe_checkpoint_ops sweep_ops = {forward, leaf, save, restore};

silbe_status silbe_ctc_run(const silbe_ctc_problem *problem, const silbe_ctc_wanted *wanted,
                           const silbe_ctc_options *options, void *scratch, size_t scratch_bytes,
                           silbe_ctc_result *result, silbe_err *err)
{
    silbe_ctc_state s;
    size_t bytes = 0;
    silbe_status status = silbe_ctc_plan_init(problem, wanted, options, &s, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC: scratch should be %zu bytes, got %zu%s",
                          bytes, scratch_bytes, result == NULL ? ", and a result" : "");
    }
    (void)silbe_ctc_carve(&s, scratch);
    silbe_ctc_units_fill(problem, false, &s.forward);
    if (s.plan.leaves) {
        silbe_ctc_units_fill(problem, true, &s.backward);
        silbe_ctc_outputs_begin(&s);
    }
    silbe_ctc_sweep_begin(&s);
    if (s.plan.leaves) {
        status = silbe_checkpoints_sweep(&s.plan.cut, problem->n_frames, &sweep_ops, &s, err);
    } else {
        status = silbe_ctc_sweep_forward(&s, 0, problem->n_frames, false, err);
        status = status == SILBE_OK ? silbe_ctc_sweep_total(&s, err) : status;
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (s.plan.leaves) {
        silbe_ctc_outputs_end(&s);
    }
    result->loss = -(log(s.total_m) + s.total_e * ln2);
    result->n_sweeps = s.plan.leaves ? 2 + s.plan.cut.n_levels : 1;
    result->block_frames = s.plan.leaves ? s.plan.cut.stride[0] : 0;
    return SILBE_OK;
}

silbe_status silbe_ctc_copy_states(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    const silbe_ctc_state_matrix *to = context;
    if (to == NULL || to->values == NULL || to->stride < 2 * to->n_labels + 1) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: a matrix of states should have at least 2 L + 1 values a frame");
    }
    for (size_t t = block->begin_frame; t < block->end_frame; t++) {
        const double *label = block->label + (t - block->begin_frame) * block->stride;
        const double *blank = block->blank + (t - block->begin_frame) * block->stride;
        double *row = to->values + t * to->stride;
        for (size_t j = 0; j < to->n_labels; j++) {
            row[2 * j] = blank[j];
            row[2 * j + 1] = label[j];
        }
        row[2 * to->n_labels] = blank[to->n_labels];
    }
    return SILBE_OK;
}
