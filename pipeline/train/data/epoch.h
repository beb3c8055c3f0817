/*
 * Which utterances a step takes: the whole corpus in a new order each epoch, from seed and step
 * alone, so that a resumed training goes on with the same batches.
 */
#ifndef SILBE_TRAIN_EPOCH_H
#define SILBE_TRAIN_EPOCH_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "pipeline/train/learn/random.h"

typedef struct {
    const size_t *items; /* n_items, what is drawn from; borrowed */
    size_t n_items;      /* >= 1 */
    uint64_t seed;
    size_t *order; /* owned; of the epoch in hand */
    size_t epoch;
} silbe_epochs;

SILBE_MUST_CHECK silbe_status silbe_epochs_new(const size_t *items, size_t n_items, uint64_t seed,
                                               silbe_epochs *epochs, silbe_err *err);
void silbe_epochs_free(silbe_epochs *epochs);

/* Item number `position` = 0, 1, ... of the endless sequence, and its epoch. Positions may come in
 * any order; those of one epoch after another are quick. */
size_t silbe_epochs_at(silbe_epochs *epochs, size_t position, size_t *epoch);

/* Random numbers of one utterance in one epoch. */
silbe_random silbe_epochs_random(uint64_t seed, size_t epoch, size_t utterance);

#endif
