/*
 * The acoustic model from recordings of voices: corpus, flat start and rounds on a few sets, rounds
 * on all, training on singing-like data. Every stage goes on where it was stopped. Files:
 *
 *   WORK/train/logmel/     features of recordings (data/logmel_cache.h)
 *   WORK/train/bootstrap/  rounds on train.bootstrap_sets (data/bootstrap.h)
 *   WORK/train/realign/    rounds on train.sets
 *   train.out              session.h; default WORK/train/singing.weights
 */
#ifndef SILBE_TRAIN_SPEECH_TRAINING_H
#define SILBE_TRAIN_SPEECH_TRAINING_H

#include <stdbool.h>

#include "pipeline/settings/cli.h"

/* *is_complete: false if a signal stopped it. Logs what it does. SILBE_ERR_ARGUMENT: no
 * train.speech_root; errors of silbe_corpus_load, silbe_bootstrap_run, silbe_accompaniment_make,
 * silbe_session_run. */
SILBE_MUST_CHECK silbe_status silbe_speech_training_run(silbe_cli *cli, bool *is_complete,
                                                        silbe_err *err);

#endif
