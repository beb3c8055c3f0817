/*
 * What a network learns from pieces whose phones are known frame by frame: the phone of each frame
 * (loss "frames"), or nothing but their sequence ("ctc", "softdtw"), as train.loss says.
 *
 * A source of frame-wise batches goes in, a source for the loss comes out. For "ctc" the sequence
 * is that of the phones without silence, for "softdtw" with it; runs of one phone are one label,
 * also across words, and frames of label -1 are passed over.
 */
#ifndef SILBE_TRAIN_OBJECTIVE_H
#define SILBE_TRAIN_OBJECTIVE_H

#include "pipeline/settings/config.h"
#include "pipeline/train/learn/loop.h"

typedef struct silbe_objective silbe_objective;

/*
 * config: the settings of train. n_steps: of the whole training, for the schedules. log_prior:
 * n_classes logarithms, for ctc, copied. The source's targets are silbe_frames_target; it is
 * borrowed. Free with _free.
 */
SILBE_MUST_CHECK silbe_status silbe_objective_new(const silbe_config *config, size_t n_steps,
                                                  const double *log_prior, size_t n_classes,
                                                  silbe_train_source_fn *source, void *context,
                                                  silbe_objective **objective, silbe_err *err);
void silbe_objective_free(silbe_objective *objective);

/* The objective's own. */
const silbe_loss *silbe_objective_loss(const silbe_objective *objective);

/* A silbe_train_source_fn; context: the objective. Also sets the schedules to the step. A piece
 * without any label is left out of the batch; SILBE_ERR_DATA if none is left. */
silbe_status silbe_objective_next(void *context, size_t step, silbe_random *random,
                                  silbe_train_batch *batch, silbe_err *err);

/* The same for a batch that is kept: *kept is the objective's, valid until it is freed. Call once
 * at most. */
SILBE_MUST_CHECK silbe_status silbe_objective_hold_out(silbe_objective *objective,
                                                       const silbe_train_batch *frames,
                                                       silbe_train_batch *kept, silbe_err *err);

#endif
