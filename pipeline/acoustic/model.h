/*
 * The acoustic model that the settings ask for: a weights file of the user's, or the one that is
 * part of the program.
 */
#ifndef SILBE_ACOUSTIC_MODEL_H
#define SILBE_ACOUSTIC_MODEL_H

#include "features/model/weights.h"
#include "pipeline/settings/config.h"

/*
 * Reads acoustic.weights, or the weights that ship if it is empty, and checks that the classes are
 * the phone set. The caller frees *model with silbe_model_free, also after a failure.
 *
 * SILBE_ERR_IO, SILBE_ERR_FORMAT: as silbe_weights_read. SILBE_ERR_MISMATCH: other classes, naming
 * the first. SILBE_ERR_DATA: no weights ship with this program.
 */
SILBE_MUST_CHECK silbe_status silbe_acoustic_model_open(const silbe_config *config,
                                                        silbe_model *model, silbe_err *err);

/* The same of a weights file. */
SILBE_MUST_CHECK silbe_status silbe_acoustic_model_read(const char *path, silbe_model *model,
                                                        silbe_err *err);

/* Whether features are computed as the model was trained: SILBE_ERR_MISMATCH naming the setting,
 * its value and the one that is needed. */
SILBE_MUST_CHECK silbe_status silbe_acoustic_check_features(const silbe_config *config,
                                                            const silbe_model *model,
                                                            silbe_err *err);

#endif
