/* Everything that CTC's forward-backward gives, from the fast form and from the reference. */
#ifndef SILBE_TESTS_CTC_OUTCOME_H
#define SILBE_TESTS_CTC_OUTCOME_H

#include "tests/align/ctc/ctc_test.h"
#include "tests/align/ctc/reference.h"

typedef struct {
    silbe_status status;
    double loss;
    float *gradient;   /* T x S */
    double *posterior; /* T x W */
    double *onset;     /* T x L */
    silbe_ctc_onset *onsets;
    silbe_ctc_result result;
    silbe_err err;
    silbe_ctc_state_matrix states;
    size_t next_end; /* frame at which the next block should end */
} outcome;

static inline silbe_status keep_block(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    outcome *o = context;
    size_t n = o->states.n_labels;
    assert_int_equal(block->end_frame, o->next_end);
    assert_true(block->begin_frame < block->end_frame);
    o->next_end = block->begin_frame;
    for (size_t t = block->begin_frame; t < block->end_frame; t++) {
        memcpy(o->onset + t * n, block->onset + (t - block->begin_frame) * block->stride,
               n * sizeof *o->onset);
    }
    return silbe_ctc_copy_states(&o->states, block, err);
}

static inline outcome run_fast(const silbe_ctc_problem *p, const silbe_ctc_options *options,
                               silbe_ctc_gradient by, double interval_mass)
{
    outcome o = {.err = SILBE_ERR_INIT, .next_end = p->n_frames};
    size_t w = silbe_ctc_n_states(p);
    size_t bytes = 0;
    o.gradient = ctc_get(p->n_frames * p->n_symbols * sizeof *o.gradient);
    o.posterior = ctc_get(p->n_frames * w * sizeof *o.posterior);
    o.onset = ctc_get(p->n_frames * p->n_labels * sizeof *o.onset);
    o.onsets = ctc_get(p->n_labels * sizeof *o.onsets);
    o.states = (silbe_ctc_state_matrix){o.posterior, w, p->n_labels};
    size_t *near = ctc_get(p->n_labels * sizeof *near);
    for (size_t j = 0; j < p->n_labels; j++) {
        near[j] = j * p->n_frames / p->n_labels;
    }
    silbe_ctc_wanted wanted = {.gradient = o.gradient,
                               .gradient_stride = p->n_symbols,
                               .gradient_by = by,
                               .on_block = keep_block,
                               .context = &o,
                               .block_onsets = true,
                               .onsets = o.onsets,
                               .near_frame = near,
                               .near_radius = 2,
                               .interval_mass = interval_mass};
    check_ok(silbe_ctc_scratch_size(p, &wanted, options, &bytes, &o.err), o.err);
    char *scratch = ctc_get(bytes + 1);
    o.status = silbe_ctc_run(p, &wanted, options, scratch + 1, bytes, &o.result, &o.err);
    o.loss = o.result.loss;
    free(scratch);
    free(near);
    return o;
}

static inline void outcome_free(outcome *o)
{
    free(o->gradient);
    free(o->posterior);
    free(o->onset);
    free(o->onsets);
}

typedef struct {
    silbe_status status;
    double loss;
    double *alpha;
    double *beta;
    double *posterior;
    double *onset;
    double *gradient;
} slow_outcome;

static inline slow_outcome run_slow(const silbe_ctc_problem *p, silbe_ctc_gradient by)
{
    silbe_err err = SILBE_ERR_INIT;
    slow_outcome o = {0};
    size_t bytes = 0;
    size_t n = p->n_frames * silbe_ctc_n_states(p) * sizeof(double);
    o.alpha = ctc_get(n);
    o.beta = ctc_get(n);
    o.posterior = ctc_get(n);
    o.onset = ctc_get(p->n_frames * p->n_labels * sizeof *o.onset);
    o.gradient = ctc_get(p->n_frames * p->n_symbols * sizeof *o.gradient);
    silbe_ctc_reference_wanted wanted = {o.alpha, o.beta, o.posterior, o.onset, o.gradient, by};
    check_ok(silbe_ctc_reference_size(p, &bytes, &err), err);
    void *scratch = ctc_get(bytes + 8);
    o.status = silbe_ctc_reference(p, scratch, bytes + 8, &wanted, &o.loss, &err);
    free(scratch);
    return o;
}

static inline void slow_free(slow_outcome *o)
{
    free(o->alpha);
    free(o->beta);
    free(o->posterior);
    free(o->onset);
    free(o->gradient);
}

static inline silbe_ctc_gradient gradient_of(const silbe_ctc_problem *p)
{
    return p->logits ? SILBE_CTC_BY_LOGITS : SILBE_CTC_BY_LOGP;
}

#endif
