/*
 * One aligned item against the dataset's annotations: gathers word and measure onsets, estimated
 * and annotated, into what the report wants.
 */
#ifndef SILBE_ITEM_EVALUATION_H
#define SILBE_ITEM_EVALUATION_H

#include <stdbool.h>

#include "datasets/dataset.h"
#include "datasets/messages.h"
#include "features/base/status.h"
#include "pipeline/evaluate/report/report.h"
#include "pipeline/run/chain.h"
#include "pipeline/settings/config.h"

typedef struct {
    silbe_item_result result; /* points into the arrays below */
    double *values;           /* owned: all arrays of numbers, one behind the other */
    bool *is_missing;         /* owned */
    char **texts;             /* owned, with their strings */
    size_t *lines;            /* owned */
    silbe_messages notes;     /* what has no reference and why */
    /* If the item failed in an earlier stage: which and why; result is then empty. */
    char failed_stage[32];
    char failed_reason[SILBE_ERR_MESSAGE_SIZE];
} silbe_item_evaluation;

#define SILBE_ITEM_EVALUATION_INIT                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Reads what the earlier stages made of the item in a mode, and its references. An item without
 * reference is fine (result.n_words is 0); an item that an earlier stage failed on comes back with
 * failed_stage set and SILBE_OK. A word that has a reference and that the mode did not find is
 * missing; measures are compared where the mode knows their times (path/<item>.npy).
 * SILBE_ERR_MISMATCH for results of another text; other errors are those of the readers. The caller
 * frees *evaluation, also after a failure. item must outlive it.
 */
SILBE_MUST_CHECK silbe_status silbe_item_evaluation_new(const silbe_config *config,
                                                        silbe_stage_id mode, const silbe_item *item,
                                                        silbe_item_evaluation *evaluation,
                                                        silbe_err *err);

/* Whether the mode has worked on the item at all, well or not. */
SILBE_MUST_CHECK silbe_status silbe_item_evaluation_exists(const silbe_config *config,
                                                           silbe_stage_id mode,
                                                           const silbe_item *item, bool *exists,
                                                           silbe_err *err);

void silbe_item_evaluation_free(silbe_item_evaluation *evaluation);

#endif
