/*
 * Batches of singing-like items (augment/augment.h) with the phones of an alignment: a
 * silbe_train_source_fn for frame-wise cross-entropy, or with the labels' sequence for others.
 * Items are made in parallel; a batch depends on seed and step alone, each item on (seed, epoch,
 * utterance).
 */
#ifndef SILBE_TRAIN_SINGING_SOURCE_H
#define SILBE_TRAIN_SINGING_SOURCE_H

#include "pipeline/train/augment/augment.h"
#include "pipeline/train/data/accompaniment.h"
#include "pipeline/train/data/alignment.h"
#include "pipeline/train/learn/loop.h"

typedef struct silbe_singing_source silbe_singing_source;

typedef struct {
    silbe_singing_options singing;
    silbe_logmel_options logmel; /* what corpus and bank were made with */
    size_t n_batch;              /* items a step, >= 1 */
    size_t stride;               /* input frames per output frame of the network */
    uint64_t seed;
    silbe_join_options join; /* an item is made of utterances of one set */
} silbe_singing_source_options;

/* Corpus, alignments and bank (NULL: no accompaniment) are borrowed. Free with _free.
 * SILBE_ERR_DATA: nothing is aligned. */
SILBE_MUST_CHECK silbe_status silbe_singing_source_new(const silbe_singing_source_options *options,
                                                       const silbe_corpus *corpus,
                                                       const silbe_alignments *alignments,
                                                       const silbe_accompaniment_bank *bank,
                                                       silbe_singing_source **source,
                                                       silbe_err *err);
void silbe_singing_source_free(silbe_singing_source *source);

/* context: the source; *random is not used. */
silbe_status silbe_singing_source_next(void *context, size_t step, silbe_random *random,
                                       silbe_train_batch *batch, silbe_err *err);

#endif
