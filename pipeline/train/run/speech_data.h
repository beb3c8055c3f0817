/*
 * The aligned corpus of recordings of voices that the settings of train name, made or read from
 * WORK/train, and the accompaniment for it.
 */
#ifndef SILBE_TRAIN_SPEECH_DATA_H
#define SILBE_TRAIN_SPEECH_DATA_H

#include "pipeline/settings/cli.h"
#include "pipeline/train/data/accompaniment.h"
#include "pipeline/train/data/alignment.h"

typedef struct {
    silbe_corpus corpus;
    silbe_alignments alignments; /* of network frames, by phones of speech */
    silbe_alignments training; /* a view: without what is held out; items is owned, segments not */
    silbe_alignments held_out; /* the rest, likewise */
    size_t n_held_out;         /* utterances */
    silbe_accompaniment_bank bank;
} silbe_speech_data;

#define SILBE_SPEECH_DATA_INIT                                                                     \
    {                                                                                              \
        SILBE_CORPUS_INIT, SILBE_ALIGNMENTS_INIT, SILBE_ALIGNMENTS_INIT, SILBE_ALIGNMENTS_INIT, 0, \
            SILBE_ACCOMPANIMENT_BANK_INIT                                                          \
    }

/* train.speech_root, or the variable that train.speech_root_env names; "" if there is neither. */
const char *silbe_speech_root(const silbe_config *config);

/* Log-mel of the settings features. SILBE_ERR_ARGUMENT if features.rate_hz is not the rate that
 * the trainer reads sound at. */
SILBE_MUST_CHECK silbe_status silbe_speech_logmel(const silbe_config *config,
                                                  silbe_logmel_options *logmel, silbe_err *err);

/* Rounds that were done are read. *data must be _INIT; the caller frees it. *is_complete: false if
 * a signal stopped it. */
SILBE_MUST_CHECK silbe_status silbe_speech_data_new(silbe_cli *cli, silbe_speech_data *data,
                                                    bool *is_complete, silbe_err *err);
void silbe_speech_data_free(silbe_speech_data *data);

/* CRC-64 of phones and borders of all utterances. */
uint64_t silbe_alignments_digest(const silbe_alignments *alignments);

#endif
