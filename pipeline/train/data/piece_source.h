/*
 * Batches of pieces with the phones of their frames: a silbe_train_source_fn
 * (pipeline/train/learn/loop.h) for frame-wise losses; perhaps with singing-like items made of
 * speech in the same batch. A batch depends on seed and step alone.
 */
#ifndef SILBE_TRAIN_PIECE_SOURCE_H
#define SILBE_TRAIN_PIECE_SOURCE_H

#include "pipeline/train/data/singing_source.h"

/* What is trained on as one utterance; all borrowed. */
typedef struct {
    const char *name;
    const float *logmel; /* n_frames x n_bands */
    size_t n_frames;
    silbe_frames_target target;
} silbe_train_piece;

typedef struct {
    silbe_train_piece *pieces; /* taken over, also after a failure */
    size_t n_pieces;
    int32_t *labels; /* memory that the targets lie in, taken over likewise; or NULL */
    size_t n_bands;
    bool removes_means; /* of the bands, over each piece */
    size_t n_masks;     /* ranges of bands hidden in a piece */
    size_t n_batch;     /* pieces a step, >= 1 */
    uint64_t seed;
    silbe_singing_source *speech; /* its items follow the pieces; borrowed; NULL: none */
} silbe_piece_source_options;

typedef struct silbe_piece_source silbe_piece_source;

/* Free with _free. SILBE_ERR_DATA: no piece. */
SILBE_MUST_CHECK silbe_status silbe_piece_source_new(const silbe_piece_source_options *options,
                                                     silbe_piece_source **source, silbe_err *err);
void silbe_piece_source_free(silbe_piece_source *source);

/* Whole utterances of plain speech, those that are aligned. Corpus and alignments are borrowed. */
SILBE_MUST_CHECK silbe_status silbe_piece_source_of_speech(const silbe_corpus *corpus,
                                                           const silbe_alignments *alignments,
                                                           size_t n_batch, uint64_t seed,
                                                           silbe_piece_source **source,
                                                           silbe_err *err);

/* Pieces of an epoch. */
size_t silbe_piece_source_n_pieces(const silbe_piece_source *source);

/* context: the source; *random is not used. */
silbe_status silbe_piece_source_next(void *context, size_t step, silbe_random *random,
                                     silbe_train_batch *batch, silbe_err *err);

#endif
