/*
 * Batches of plain speech with the phones of an alignment: a silbe_train_source_fn
 * (pipeline/train/learn/loop.h) for frame-wise cross-entropy. Utterances are whole.
 */
#ifndef SILBE_TRAIN_SPEECH_SOURCE_H
#define SILBE_TRAIN_SPEECH_SOURCE_H

#include "pipeline/train/data/alignment.h"
#include "pipeline/train/learn/loop.h"

typedef struct silbe_speech_source silbe_speech_source;

/* n_batch utterances a step, from those that are aligned. Everything is borrowed. Free with _free.
 * SILBE_ERR_DATA: nothing is aligned. */
SILBE_MUST_CHECK silbe_status silbe_speech_source_new(const silbe_corpus *corpus,
                                                      const silbe_alignments *alignments,
                                                      size_t n_batch, uint64_t seed,
                                                      silbe_speech_source **source, silbe_err *err);
void silbe_speech_source_free(silbe_speech_source *source);

/* context: the source. *random is not used: batches depend on seed and step. */
silbe_status silbe_speech_source_next(void *context, size_t step, silbe_random *random,
                                      silbe_train_batch *batch, silbe_err *err);

#endif
