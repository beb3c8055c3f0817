/*
 * The words of recordings as mode lyrics has them by some weights, in memory, to be compared with
 * those by others.
 */
#ifndef SILBE_ADAPT_TAKES_H
#define SILBE_ADAPT_TAKES_H

#include <stdbool.h>

#include "datasets/items.h"
#include "pipeline/output/words.h"
#include "pipeline/settings/cli.h"

/* All owned. */
typedef struct {
    silbe_words *words; /* of each item; empty where it failed */
    silbe_err *errs;    /* of each item */
    size_t n;           /* items */
} silbe_takes;

#define SILBE_TAKES_INIT                                                                           \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }

void silbe_takes_free(silbe_takes *takes);

/*
 * All items of the dataset, from what the stages features and labels made. weights: as in
 * acoustic.weights. *takes must be _INIT; the caller frees it, also after a failure. Parallel over
 * items, the same with any number of threads. *is_complete: false if a signal stopped it. Errors of
 * silbe_acoustic_model_open, silbe_acoustic_check_features; those of an item are its own.
 */
SILBE_MUST_CHECK silbe_status silbe_takes_run(silbe_cli *cli, const silbe_dataset *dataset,
                                              const char *weights, silbe_takes *takes,
                                              bool *is_complete, silbe_err *err);

#endif
