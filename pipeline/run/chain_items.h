/*
 * A stage of the chain, filled from a dataset.
 */
#ifndef SILBE_CHAIN_ITEMS_H
#define SILBE_CHAIN_ITEMS_H

#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"

/*
 * Names the stage, and appends to it the dataset's items that run.items selects, each with the
 * files that it reads and writes by its row of the chain: those of the user that are missing are
 * left out, and log-mel bands that the settings do without. An item's tag is its index in the
 * dataset; one that stands for a work is the first of its versions.
 */
SILBE_MUST_CHECK silbe_status silbe_chain_fill(silbe_stage *stage, silbe_stage_id id,
                                               const silbe_config *config,
                                               const silbe_dataset *dataset, silbe_err *err);

#endif
