#include "pipeline/train/data/epoch.h"

#include <stdlib.h>

#include "features/base/memory.h"

silbe_random silbe_epochs_random(uint64_t seed, size_t epoch, size_t utterance)
{
    silbe_random random = {seed};
    silbe_random of_epoch = silbe_random_fork(&random, epoch);
    return silbe_random_fork(&of_epoch, utterance);
}

/* Fisher and Yates. */
static void shuffle(silbe_epochs *epochs)
{
    silbe_random random = silbe_epochs_random(epochs->seed, epochs->epoch, SIZE_MAX);
    for (size_t i = 0; i < epochs->n_items; i++) {
        epochs->order[i] = epochs->items[i];
    }
    for (size_t i = epochs->n_items; i > 1; i--) {
        size_t k = silbe_random_below(&random, i);
        size_t swapped = epochs->order[i - 1];
        epochs->order[i - 1] = epochs->order[k];
        epochs->order[k] = swapped;
    }
}

silbe_status silbe_epochs_new(const size_t *items, size_t n_items, uint64_t seed,
                              silbe_epochs *epochs, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *epochs = (silbe_epochs){.items = items, .n_items = n_items, .seed = seed};
    if (n_items == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "there are no utterances to train on");
    }
    epochs->order = silbe_alloc(n_items, sizeof *epochs->order, "utterances", err);
    if (!silbe_failed(err)) {
        shuffle(epochs);
    }
    return err->status;
}

void silbe_epochs_free(silbe_epochs *epochs)
{
    free(epochs->order);
    *epochs = (silbe_epochs){0};
}

size_t silbe_epochs_at(silbe_epochs *epochs, size_t position, size_t *epoch)
{
    *epoch = position / epochs->n_items;
    if (*epoch != epochs->epoch) {
        epochs->epoch = *epoch;
        shuffle(epochs);
    }
    return epochs->order[position % epochs->n_items];
}
