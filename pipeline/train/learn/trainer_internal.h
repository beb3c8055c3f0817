/* The trainer's inside: shared by trainer.c, pass.c and checkpoint.c, not for others. */
#ifndef SILBE_TRAIN_TRAINER_INTERNAL_H
#define SILBE_TRAIN_TRAINER_INTERNAL_H

#include "pipeline/train/learn/trainer.h"

/* What one thread needs. */
typedef struct {
    void *workspace; /* floats of backprop.h, for the longest utterance so far */
    size_t workspace_bytes;
    void *scratch; /* of the loss */
    size_t scratch_bytes;
} silbe_train_worker;

/* One row of gradients, and the first failure among its utterances. */
typedef struct {
    float *gradient;  /* layout.n_params */
    size_t failed_at; /* index of the utterance; SIZE_MAX: none */
    silbe_err err;
} silbe_train_lane;

struct silbe_trainer {
    silbe_trainer_options options;
    silbe_net_layout layout;
    size_t step;
    silbe_random random;
    float *arrays; /* the four of state, mask, and the gradients of all lanes, in one piece */
    silbe_optimiser_state state;
    float *decay_mask;
    silbe_train_lane *lanes; /* options.n_lanes */
    silbe_train_worker *workers;
    size_t n_workers;
    silbe_loss_value *values; /* one per utterance of a batch */
    size_t n_values;
};

/* How utterances are gone through. */
typedef struct {
    const silbe_loss *loss;
    const silbe_train_utterance *utterances;
    size_t n;
    const float *params;
    bool with_gradient;
} silbe_train_pass;

/* Fills trainer->values and, with_gradient, lanes[0 .. min(n, n_lanes)).gradient. */
SILBE_MUST_CHECK silbe_status silbe_train_pass_run(silbe_trainer *trainer,
                                                   const silbe_train_pass *pass, silbe_err *err);

/* Adds the gradients of the lanes that the pass used into lane 0's. */
void silbe_train_reduce(silbe_trainer *trainer, size_t n_used);

/* Index of the first utterance whose own gradient is not finite, n if none; slow. */
size_t silbe_train_find_not_finite(silbe_trainer *trainer, const silbe_train_pass *pass);

/* Loss, share right, frames, skipped; *weight: the sum of weights. */
void silbe_train_sum_up(const silbe_trainer *trainer, const silbe_train_pass *pass,
                        silbe_train_report *report, double *weight);

#endif
