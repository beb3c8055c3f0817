/*
 * The dataset that the settings name.
 */
#ifndef SILBE_OPEN_DATASET_H
#define SILBE_OPEN_DATASET_H

#include "datasets/dataset.h"
#include "features/base/status.h"
#include "pipeline/settings/cli.h"

/* Opens it and logs its warnings, and its notes when verbose. The caller frees *dataset, also after
 * a failure. Errors as silbe_dataset_open. */
SILBE_MUST_CHECK silbe_status silbe_open_dataset(silbe_cli *cli, silbe_dataset *dataset,
                                                 silbe_err *err);

#endif
