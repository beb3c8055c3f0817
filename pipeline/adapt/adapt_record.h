/*
 * Whether an adaptation is up to date, or to be gone on with: a record as each stage has for its
 * items (run/record.h), written when the adaptation is begun and again when it is done.
 */
#ifndef SILBE_ADAPT_RECORD_H
#define SILBE_ADAPT_RECORD_H

#include <stdbool.h>

#include "datasets/items.h"
#include "pipeline/run/record.h"
#include "pipeline/settings/cli.h"

#define SILBE_ADAPTED_JSON "adapted.json"

typedef struct {
    silbe_record record;
    char *folder; /* owned, as is path */
    char *path;
} silbe_adapt_record;

/*
 * folder: WORK/<dataset>/adapt, which is made. *is_done: whether it holds what would come out now.
 * Otherwise what another adaptation left there is removed. *record must be zero; the caller frees
 * it, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_adapt_record_begin(const silbe_cli *cli,
                                                       const silbe_dataset *dataset,
                                                       const char *folder,
                                                       silbe_adapt_record *record, bool *is_done,
                                                       silbe_err *err);

/* It is done. with_weights: whether there are adapted weights. */
SILBE_MUST_CHECK silbe_status silbe_adapt_record_end(silbe_adapt_record *record, bool with_weights,
                                                     silbe_err *err);

void silbe_adapt_record_free(silbe_adapt_record *record);

#endif
