/*
 * Weights from a dataset's own recordings, starting from a model that is there (train.initial, else
 * the model of acoustic.weights), in rounds: the last weights find the phones, the next ones learn
 * from those that are sure.
 *
 *   adapt         by the lyrics alone, as mode lyrics finds them: no times, no scores.
 *                 WORK/<dataset>/adapt/adapted.weights
 *   from scores   held to the word times of mode score, with speech in each batch if there is some.
 *                 WORK/<dataset>/train/singing.weights; with train.folds fold_K.weights, each made
 *                 without some works, and folds.json (pipeline/train/folds.h)
 *
 * The rounds lie beside these files (round_RR.*, fold_K_round_RR.*); a run that was stopped goes on
 * where it was.
 */
#ifndef SILBE_TRAIN_DATASET_TRAINING_H
#define SILBE_TRAIN_DATASET_TRAINING_H

#include "pipeline/settings/cli.h"

typedef enum { SILBE_DATASET_ADAPT, SILBE_DATASET_FROM_SCORES } silbe_dataset_training;

/* *is_complete: false if a signal stopped it. Takes the locks it needs. SILBE_ERR_DATA if earlier
 * stages have not been run, naming the command; SILBE_ERR_ARGUMENT for more folds than works. */
SILBE_MUST_CHECK silbe_status silbe_dataset_training_run(silbe_cli *cli,
                                                         silbe_dataset_training kind,
                                                         bool *is_complete, silbe_err *err);

#endif
