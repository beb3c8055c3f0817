/*
 * From a file of log-mel bands to a file of phone posteriors, some seconds at a time: memory does
 * not grow with the recording.
 */
#ifndef SILBE_ACOUSTIC_MAKE_POSTERIORGRAM_H
#define SILBE_ACOUSTIC_MAKE_POSTERIORGRAM_H

#include "features/model/weights.h"
#include "pipeline/files/posteriorgram.h"

/*
 * logmel_path: n_logmel_frames x model->shape.n_bands, .npy. Writes posteriors_path atomically and
 * fills in *facts but for duration_s. The file holds the same bits as silbe_posteriors_run gives.
 * Thread-safe. SILBE_ERR_MISMATCH for another number of bands or frames; SILBE_ERR_DATA for no
 * frames and values that are not finite; SILBE_ERR_IO, SILBE_ERR_FORMAT, SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_make_posteriorgram(
    const silbe_model *model, const char *logmel_path, size_t n_logmel_frames,
    const char *posteriors_path, silbe_posteriorgram_facts *facts, silbe_err *err);

#endif
