/*
 * The two trainings of silbe-train.
 */
#ifndef SILBE_TRAIN_TRAINING_H
#define SILBE_TRAIN_TRAINING_H

#include "datasets/items.h"
#include "pipeline/settings/cli.h"

/*
 * The acoustic model from recordings of voices: corpus, flat start and rounds on a few sets, rounds
 * on all, training on singing-like data. Every stage goes on where it was stopped. Files:
 *
 *   WORK/train/logmel/     features of recordings (data/logmel_cache.h)
 *   WORK/train/bootstrap/  rounds on train.bootstrap_sets (data/bootstrap.h)
 *   WORK/train/realign/    rounds on train.sets
 *   train.out              session.h; default WORK/train/singing.weights
 */

/* *is_complete: false if a signal stopped it. Logs what it does. SILBE_ERR_ARGUMENT: no
 * train.speech_root; errors of silbe_corpus_read, silbe_bootstrap_run,
 * silbe_accompaniment_bank_new, silbe_session_run. */
SILBE_MUST_CHECK silbe_status silbe_speech_training_run(silbe_cli *cli, bool *is_complete,
                                                        silbe_err *err);

/*
 * Weights from a dataset's own recordings, starting from a model that is there (train.initial, else
 * the first of acoustic.weights), in rounds: the last weights find the phones, the next ones learn
 * from those that are sure.
 *
 *   adapt         by the lyrics alone, as mode lyrics finds them: no times, no scores.
 *                 WORK/<dataset>/adapt/adapted.weights
 *   from scores   held to the word times of mode score, with speech in each batch if there is some.
 *                 WORK/<dataset>/train/singing.weights; with train.folds fold_K.weights, each made
 *                 without some works, and folds.json (pipeline/acoustic/folds.h)
 *
 * The rounds lie beside these files (round_RR.*, fold_K_round_RR.*); a run that was stopped goes on
 * where it was.
 */
#define SILBE_ADAPTED_WEIGHTS "adapted.weights"

/* *is_complete: false if a signal stopped it. Takes the locks it needs. SILBE_ERR_DATA if earlier
 * stages have not been run, naming the command; SILBE_ERR_ARGUMENT for more folds than works. */
SILBE_MUST_CHECK silbe_status silbe_score_training_run(silbe_cli *cli, bool *is_complete,
                                                       silbe_err *err);

/* The same by lyrics, from the items of `dataset` that run.items selects; the caller holds the
 * dataset's lock. SILBE_ERR_DATA also where nothing is sure enough to be learnt. */
SILBE_MUST_CHECK silbe_status silbe_adapt_training_run(silbe_cli *cli, const silbe_dataset *dataset,
                                                       bool *is_complete, silbe_err *err);

#endif
