/*
 * From files of log-mel bands to a file of phone posteriors. The bands are read some seconds at a
 * time; the posteriors, a tenth of their size, are in memory.
 */
#ifndef SILBE_ACOUSTIC_MAKE_POSTERIORGRAM_H
#define SILBE_ACOUSTIC_MAKE_POSTERIORGRAM_H

#include "features/model/ensemble.h"
#include "pipeline/files/posteriorgram.h"

/*
 * logmel_paths: n_logmel_frames x n_bands each, .npy; that of the middle is NULL where there is
 * none. Writes posteriors_path atomically and fills in *facts but for duration_s. The file holds
 * the same bits as silbe_ensemble_run gives. Thread-safe. SILBE_ERR_MISMATCH for another number of
 * bands or frames; SILBE_ERR_DATA for no frames and values that are not finite; SILBE_ERR_IO,
 * SILBE_ERR_FORMAT, SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_make_posteriorgram(
    const silbe_ensemble *ensemble, const char *const logmel_paths[SILBE_N_HEARINGS],
    size_t n_logmel_frames, const char *posteriors_path, silbe_posteriorgram_facts *facts,
    silbe_err *err);

/* The same from memory to memory; the caller frees *posteriors. Errors of silbe_ensemble_run. */
SILBE_MUST_CHECK silbe_status silbe_posteriorgram_of(const silbe_ensemble *ensemble,
                                                     const silbe_matrix logmel[SILBE_N_HEARINGS],
                                                     silbe_posteriorgram_facts *facts,
                                                     silbe_matrix *posteriors, silbe_err *err);

#endif
