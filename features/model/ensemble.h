/*
 * Several networks as one acoustic model: P(t * S + s) = log-softmax over s of the mean of their
 * log posteriors, a product of experts of equal weight (Hinton 2002, section 2). Networks that were
 * trained differently err in different places, and what only one of them believes is lost.
 *
 * Of a stereo recording the networks may hear two mixes: networks 0, 2, ... the mean of the
 * channels, networks 1, 3, ... their middle (features/middle.h), so that their errors differ more,
 * at no cost.
 */
#ifndef SILBE_FEATURES_MODEL_ENSEMBLE_H
#define SILBE_FEATURES_MODEL_ENSEMBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/model/weights.h"

enum { SILBE_ENSEMBLE_MAX_MODELS = 16 };

typedef enum { SILBE_HEARS_MEAN = 0, SILBE_HEARS_MIDDLE, SILBE_N_HEARINGS } silbe_hearing;

typedef struct {
    silbe_model *models; /* n_models, owned */
    size_t n_models;
} silbe_ensemble;

#define SILBE_ENSEMBLE_INIT                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

/* Takes the model over: *model is empty afterwards, also after a failure. SILBE_ERR_MISMATCH if it
 * has other classes, frames or log-mel bands than the first, naming what differs;
 * SILBE_ERR_ARGUMENT for one too many. */
SILBE_MUST_CHECK silbe_status silbe_ensemble_add(silbe_ensemble *ensemble, silbe_model *model,
                                                 silbe_err *err);

void silbe_ensemble_free(silbe_ensemble *ensemble);

/* Whether model i hears this mix; has_middle: whether there is a middle. */
bool silbe_ensemble_hears(size_t i, silbe_hearing hearing, bool has_middle);

/* Logarithm of the mean model's shares of classes: log_prior, n_classes values. */
void silbe_ensemble_log_prior(const silbe_ensemble *ensemble, double *log_prior);

/*
 * Log-mel frames x n_bands to *posteriors, which the caller frees. logmel[_MIDDLE] has as many
 * frames, or none: then all models hear the mean. Errors as silbe_posteriors_run. With one model
 * its posteriors, bit for bit.
 */
SILBE_MUST_CHECK silbe_status silbe_ensemble_run(const silbe_ensemble *ensemble,
                                                 const silbe_matrix logmel[SILBE_N_HEARINGS],
                                                 silbe_matrix *posteriors, silbe_err *err);

/* The parts of it, for log-mel that is not in memory: first the models that hear the mean are to be
 * added in their order, then those that hear the middle. A silbe_posteriors_fn whose context is a
 * matrix of zeros, frames x classes: adds the posteriors of one model. */
silbe_status silbe_ensemble_add_frames(void *context, const float *posteriors, size_t first_frame,
                                       size_t n_frames, silbe_err *err);

/* Once those of all models are added. */
void silbe_ensemble_finish(const silbe_ensemble *ensemble, silbe_matrix *posteriors);

#endif
