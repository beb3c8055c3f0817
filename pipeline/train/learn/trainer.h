/*
 * The trainer's core: a batch of utterances to one step of the optimiser.
 *
 * Utterances run in parallel over OpenMP. Utterance i belongs to lane i % n_lanes; a lane adds up
 * the gradients of its utterances in order, and lanes are added in order. So the same bytes come
 * out with any number of threads up to n_lanes, beyond which more threads do not help. Every buffer
 * is allocated when the trainer is made, or grows to the largest utterance seen.
 *
 * Call openblas_set_num_threads(1) in main before anything else.
 */
#ifndef SILBE_TRAIN_TRAINER_H
#define SILBE_TRAIN_TRAINER_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "features/model/weights.h"
#include "pipeline/train/learn/loss.h"
#include "pipeline/train/learn/optimiser.h"
#include "pipeline/train/learn/random.h"

typedef struct {
    silbe_net_shape shape;
    silbe_optimiser_options optimiser;
    size_t n_lanes; /* default 8; part of the result: other lanes, other rounding */
    uint64_t seed;  /* of initial parameters and of the random numbers for data */
} silbe_trainer_options;

silbe_trainer_options silbe_trainer_options_default(const silbe_net_shape *shape, size_t n_steps);

typedef struct silbe_trainer silbe_trainer;

/* Fresh parameters: normal of variance 2 / fan_in before a ReLU, 1 / fan_in elsewhere, the last
 * layer of each block times 1 / sqrt(n_blocks), gains 1, biases and offsets 0. Free with _free. */
SILBE_MUST_CHECK silbe_status silbe_trainer_new(const silbe_trainer_options *options,
                                                silbe_trainer **trainer, silbe_err *err);
void silbe_trainer_free(silbe_trainer *trainer);

typedef struct {
    size_t step;          /* 0-based number of the step that this was */
    double loss;          /* sum of values / sum of weights; 0 if nothing counted */
    double right;         /* share of frames right, 0..1; 0 if the loss has no such thing */
    double rate;          /* learning rate */
    double gradient_norm; /* before clipping */
    size_t n_frames;      /* input frames */
    size_t n_skipped;     /* utterances that the loss left out */
} silbe_train_report;

/*
 * Forward, loss, backward, update. n >= 1. SILBE_ERR_DATA if an input, a loss or a gradient is not
 * finite, naming step and utterance; after any failure parameters and optimiser are as before the
 * call. A batch whose utterances are all skipped counts as a step and leaves everything as it is.
 */
SILBE_MUST_CHECK silbe_status silbe_trainer_step(silbe_trainer *trainer, const silbe_loss *loss,
                                                 const silbe_train_utterance *utterances, size_t n,
                                                 silbe_train_report *report, silbe_err *err);

/* Loss of other utterances with the averaged parameters; nothing is changed. rate and gradient_norm
 * of the report are 0. */
SILBE_MUST_CHECK silbe_status silbe_trainer_evaluate(silbe_trainer *trainer, const silbe_loss *loss,
                                                     const silbe_train_utterance *utterances,
                                                     size_t n, silbe_train_report *report,
                                                     silbe_err *err);

/* Steps done. */
size_t silbe_trainer_steps(const silbe_trainer *trainer);

/* For the making of data; part of checkpoints. */
silbe_random *silbe_trainer_random(silbe_trainer *trainer);

/* Parameters being trained, and their average (what to ship); layout.n_params, borrowed. */
const float *silbe_trainer_params(const silbe_trainer *trainer);
const float *silbe_trainer_average(const silbe_trainer *trainer);

/* Starts from a model's parameters (fine-tuning): moments zero, average = params, step 0.
 * SILBE_ERR_MISMATCH if the shape differs. */
SILBE_MUST_CHECK silbe_status silbe_trainer_set_params(silbe_trainer *trainer,
                                                       const silbe_model *model, silbe_err *err);

/* Copies the average into a model of the same shape. */
SILBE_MUST_CHECK silbe_status silbe_trainer_get_model(const silbe_trainer *trainer,
                                                      silbe_model *model, silbe_err *err);

/*
 * Checkpoints hold everything: options, step, random state, parameters, moments, average, with a
 * CRC-64; float32, the machine's own byte order marked. Written atomically. A trainer that reads
 * one goes on with the same bytes as if it had never stopped. Reading: SILBE_ERR_FORMAT for a
 * damaged file, SILBE_ERR_MISMATCH naming the option that is not the trainer's (n_steps and rates
 * among them: a schedule cannot change half-way unnoticed). After a failure the trainer is as
 * before.
 */
SILBE_MUST_CHECK silbe_status silbe_trainer_write(const silbe_trainer *trainer, const char *path,
                                                  silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_trainer_read(silbe_trainer *trainer, const char *path,
                                                 silbe_err *err);

#endif
