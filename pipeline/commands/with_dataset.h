/*
 * What works on the dataset of the settings.
 */
#ifndef SILBE_WITH_DATASET_H
#define SILBE_WITH_DATASET_H

#include "datasets/dataset.h"
#include "pipeline/settings/cli.h"

/* Opens the dataset, runs the function and closes it; a dataset that is not named, or cannot be
 * opened, is reported. Returns an exit code. */
int silbe_with_dataset(silbe_cli *cli, int (*run)(silbe_cli *cli, const silbe_dataset *dataset));

#endif
