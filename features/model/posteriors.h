/*
 * Phone posteriorgram: P(t * S + s) = ln probability of class s in frame t, T x S, 50 frames a
 * second by default; frame t is centred on t * silbe_model_hop_s() seconds.
 *
 * The network runs over tiles of SILBE_POSTERIOR_TILE frames that lie at multiples of it in the
 * recording; each layer works on a tile once when the next one has come, and keeps three. So memory
 * is constant, nothing is computed twice, and the result is the same to the last bit however the
 * recording is cut into pushes.
 *
 * The mean of each band over the recording is removed first (recordings differ in level and
 * colour): run does it, a stream is told the means.
 */
#ifndef SILBE_FEATURES_MODEL_POSTERIORS_H
#define SILBE_FEATURES_MODEL_POSTERIORS_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/model/weights.h"

enum { SILBE_POSTERIOR_TILE = 64 }; /* frames of posteriors; >= SILBE_NET_MAX_REACH */

/*
 * Log-mel frames x n_bands, as model->logmel says, to *posteriors, which the caller frees.
 * Thread-safe: model and logmel are only read. SILBE_ERR_MISMATCH for another number of bands,
 * SILBE_ERR_DATA for no frames or a value that is not finite, naming its frame and band.
 */
SILBE_MUST_CHECK silbe_status silbe_posteriors_run(const silbe_model *model,
                                                   const silbe_matrix *logmel,
                                                   silbe_matrix *posteriors, silbe_err *err);

/* Mean of each band over all frames, in double; means: logmel->n_cols values. Errors as run. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_means(const silbe_matrix *logmel, double *means,
                                                     silbe_err *err);

/* Subtracts the means (rounded to float) in place, as run and streams do by themselves: for
 * training, which must see what run sees. */
void silbe_posteriors_remove_means(const double *means, silbe_matrix *logmel);

/* Receives n_frames rows of posteriors that start at frame first_frame; consecutive. */
typedef silbe_status silbe_posteriors_fn(void *context, const float *posteriors, size_t first_frame,
                                         size_t n_frames, silbe_err *err);

/* For recordings that are not in memory as a whole. Not thread-safe; model is borrowed. */
typedef struct silbe_posteriors_stream silbe_posteriors_stream;

/* means: n_bands values, or NULL for zeros (means removed already). Free with _free. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_stream_new(
    const silbe_model *model, const double *means, silbe_posteriors_fn *on_frames, void *context,
    silbe_posteriors_stream **stream, silbe_err *err);
void silbe_posteriors_stream_free(silbe_posteriors_stream *stream);

/* The next n_frames >= 0 rows of log-mel. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_stream_push(silbe_posteriors_stream *stream,
                                                           const float *logmel, size_t n_frames,
                                                           silbe_err *err);

/* No more will come: the remaining frames go out. SILBE_ERR_DATA if none ever came. After it only
 * _free is allowed. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_stream_finish(silbe_posteriors_stream *stream,
                                                             silbe_err *err);

#endif
