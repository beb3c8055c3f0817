/*
 * One item of a stage from its inputs to its record; used by stage.c only.
 */
#ifndef SILBE_STAGE_ITEM_H
#define SILBE_STAGE_ITEM_H

#include "pipeline/run/stage.h"

/* What all items of a run share. */
typedef struct {
    const silbe_stage *stage;
    const silbe_config *config;
    const silbe_run_info *run;
    const char *folder; /* of the stage */
    char settings_sha256[SILBE_DIGEST_HEX_SIZE];
} silbe_stage_run_context;

/* Skips the item if it is up to date, else does it and writes its record. A silbe_item_fn. */
SILBE_MUST_CHECK silbe_status silbe_stage_run_item(void *context, size_t index,
                                                   silbe_item_report *report, silbe_err *err);

#endif
