/*
 * The acoustic model that the settings ask for: weights files of the user's, or those that are part
 * of the program. Several are an ensemble.
 */
#ifndef SILBE_ACOUSTIC_MODEL_H
#define SILBE_ACOUSTIC_MODEL_H

#include "features/model/ensemble.h"
#include "pipeline/settings/config.h"

/*
 * Reads acoustic.weights, or the weights that ship if it is empty, and checks that the classes are
 * the phone set. The caller frees *ensemble, also after a failure.
 *
 * SILBE_ERR_IO, SILBE_ERR_FORMAT: as silbe_weights_read. SILBE_ERR_MISMATCH: other classes, naming
 * the first; networks that cannot be averaged, naming the file. SILBE_ERR_DATA: no weights ship
 * with this program.
 */
SILBE_MUST_CHECK silbe_status silbe_acoustic_model_open(const silbe_config *config,
                                                        silbe_ensemble *ensemble, silbe_err *err);

/* The first network of them alone, for training to begin with. The caller frees *model. */
SILBE_MUST_CHECK silbe_status silbe_acoustic_model_first(const silbe_config *config,
                                                         silbe_model *model, silbe_err *err);

/* The same of files: `paths` as in acoustic.weights, not empty. */
SILBE_MUST_CHECK silbe_status silbe_acoustic_model_read(const char *paths, silbe_ensemble *ensemble,
                                                        silbe_err *err);

/* Whether features are computed as the model was trained: SILBE_ERR_MISMATCH naming the setting,
 * its value and the one that is needed. (All networks of an ensemble agree on that.) */
SILBE_MUST_CHECK silbe_status silbe_acoustic_check_features(const silbe_config *config,
                                                            const silbe_model *model,
                                                            silbe_err *err);

#endif
