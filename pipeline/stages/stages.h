/*
 * The stages of the chain, each from an opened dataset to its files below WORK/<dataset>/. All
 * return an exit code of pipeline/settings/cli.h and have reported everything themselves.
 */
#ifndef SILBE_STAGES_H
#define SILBE_STAGES_H

#include "datasets/dataset.h"
#include "pipeline/run/chain.h"
#include "pipeline/settings/cli.h"

/* Recordings to features. */
int silbe_features_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* Scores and lyrics to labels. */
int silbe_labels_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* Log-mel bands to phone posteriorgrams. */
int silbe_posteriors_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* All of these to word times, in the mode of align.mode or in each of them. */
int silbe_align_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* Word times against references: tables on stdout, and reports. */
int silbe_evaluate_stage_run(silbe_cli *cli, const silbe_dataset *dataset);

/* The stages that align.mode needs, word times and evaluation, one after the other. A stage goes
 * on past items that fail, and so does the chain; it ends where nothing could be done at all. */
int silbe_chain_run(silbe_cli *cli, const silbe_dataset *dataset);

typedef int silbe_stage_run_fn(silbe_cli *cli, const silbe_dataset *dataset);

/* The same with another stage before the posteriors; NULL: without. */
int silbe_chain_run_with(silbe_cli *cli, const silbe_dataset *dataset, silbe_stage_run_fn *adapt);

/* Runs a stage as part of a chain, with a headline, under its own name and clock, unless `worst`,
 * the worst exit code so far, says that nothing could be done at all. Returns the new worst. */
int silbe_stage_of_chain(silbe_cli *cli, const silbe_dataset *dataset, const char *program,
                         silbe_stage_run_fn *run, int worst);

#endif
