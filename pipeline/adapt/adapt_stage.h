/*
 * The acoustic model adapted to the recordings of a dataset by their lyrics alone, and where that
 * helps (evidence.h). Part of the chain between labels and posteriors where --adapt is given, and
 * what `silbe adapt` does. Needs what the stages features and labels made. Files, below
 * WORK/<dataset>/adapt/:
 *
 *   adapted.json          who is aligned by which weights, for acoustic.weights
 * (acoustic/adapted.h) adapted.weights       unless nothing could be learnt adapted.record.json
 * what both were made of: if that is still so, nothing is done round_RR.*            the rounds
 * (train/run/training.h)
 *
 * A run that was stopped is gone on with, unless recordings, settings or program have changed: then
 * the folder is emptied first.
 */
#ifndef SILBE_ADAPT_STAGE_H
#define SILBE_ADAPT_STAGE_H

#include "datasets/items.h"
#include "pipeline/settings/cli.h"

/* Returns an exit code; has reported everything itself. */
int silbe_adapt_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* All stages, as silbe_chain_run does, this one among them. */
int silbe_adapted_chain_run(silbe_cli *cli, const silbe_dataset *dataset);

#endif
