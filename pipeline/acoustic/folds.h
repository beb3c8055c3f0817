/*
 * folds.json: which weights were made without which works, so that no recording is aligned by
 * weights that learnt from it. `acoustic.weights` may name such a file instead of a weights file.
 *
 *   { "format": "silbe-folds", "version": 1,
 *     "folds": [ {"weights": "fold_1.weights", "works": ["Schubert_D911-01", ...]}, ... ] }
 *
 * Paths are relative to the file's folder.
 */
#ifndef SILBE_ACOUSTIC_FOLDS_H
#define SILBE_ACOUSTIC_FOLDS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/settings/config.h"

typedef struct {
    const char *weights;      /* file beside the folds file */
    const char *const *works; /* that these weights were made without */
    size_t n_works;
} silbe_fold;

/* Whether `paths`, as in acoustic.weights, is one file whose name ends in ".json": copied to path.
 */
bool silbe_folds_is_named(const char *paths, char path[SILBE_CONFIG_PATH_SIZE]);

SILBE_MUST_CHECK silbe_status silbe_folds_write(const char *path, const silbe_fold *folds,
                                                size_t n_folds, silbe_err *err);

/* Path of the weights for a work, allocated, freed by the caller. SILBE_ERR_IO; SILBE_ERR_FORMAT
 * naming file and field; SILBE_ERR_MISMATCH: the work is in no fold. */
SILBE_MUST_CHECK silbe_status silbe_folds_find(const char *path, const char *work,
                                               char **weights_path, silbe_err *err);

#endif
