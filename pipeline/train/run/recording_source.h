/*
 * Batches of pieces of recordings, with the phones found in them: a silbe_train_source_fn for
 * frame-wise losses; perhaps with singing-like items made of speech in the same batch.
 */
#ifndef SILBE_TRAIN_RECORDING_SOURCE_H
#define SILBE_TRAIN_RECORDING_SOURCE_H

#include "pipeline/train/data/singing_source.h"
#include "pipeline/train/run/recordings.h"

typedef struct silbe_recording_source silbe_recording_source;

typedef struct {
    const silbe_recordings *recordings; /* aligned; borrowed, and not to change meanwhile */
    const bool *left_out; /* n_items: recordings not to use; NULL: none; read by _new only */
    size_t stride;        /* input frames to a frame of the network */
    size_t n_batch;       /* pieces a step, >= 1 */
    size_t n_masks;       /* ranges of bands hidden in a piece */
    uint64_t seed;
    silbe_singing_source *speech; /* its items follow the pieces; borrowed; NULL: none */
} silbe_recording_source_options;

/* Free with _free. SILBE_ERR_DATA: no piece. */
SILBE_MUST_CHECK silbe_status silbe_recording_source_new(
    const silbe_recording_source_options *options, silbe_recording_source **source, silbe_err *err);
void silbe_recording_source_free(silbe_recording_source *source);

/* Pieces of an epoch. */
size_t silbe_recording_source_n_pieces(const silbe_recording_source *source);

/* context: the source; *random is not used. */
silbe_status silbe_recording_source_next(void *context, size_t step, silbe_random *random,
                                         silbe_train_batch *batch, silbe_err *err);

#endif
