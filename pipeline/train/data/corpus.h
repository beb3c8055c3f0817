/*
 * Utterances ready for the trainer: features in memory and the phones of their words.
 *
 * 7 hours at 100 frames a second and 80 bands are 0.8 GB.
 */
#ifndef SILBE_TRAIN_CORPUS_H
#define SILBE_TRAIN_CORPUS_H

#include <stddef.h>

#include "features/logmel.h"
#include "pipeline/train/data/lexicon.h"
#include "pipeline/train/data/manifest.h"

typedef struct {
    const char *root; /* folder of manifest.tsv */
    const char *work; /* for the cache of features, or NULL */
    const char *sets; /* names, see speech_sets.h */
    silbe_speech_use allowed;
    double
        max_seconds; /* of audio: of each set the same share, spread evenly over its rows; 0: all */
    size_t max_pronunciations; /* of a word, >= 1 */
    silbe_logmel_options logmel;
} silbe_corpus_options;

/* Default: the sets that may ship, 4 pronunciations, log-mel as its own default. root is NULL. */
silbe_corpus_options silbe_corpus_options_default(void);

typedef struct {
    const silbe_speech_item *item;
    silbe_matrix logmel; /* n_frames x n_bands as features/logmel.h; band means not removed */
    size_t *words;       /* n_words indices into the lexicon; owned */
    size_t n_words;      /* >= 1 */
} silbe_utterance;

/* A row of the manifest that is left out, and why. */
typedef struct {
    const silbe_speech_item *item;
    char *reason; /* owned */
} silbe_left_out;

typedef struct {
    silbe_speech_manifest manifest;
    silbe_lexicon lexicon;
    silbe_utterance *utterances; /* in order of the manifest */
    size_t n_utterances;
    silbe_left_out *left_out;
    size_t n_left_out;
    double seconds; /* of the utterances */
} silbe_corpus;

#define SILBE_CORPUS_INIT                                                                          \
    {                                                                                              \
        SILBE_SPEECH_MANIFEST_INIT, SILBE_LEXICON_INIT, NULL, 0, NULL, 0, 0.0                      \
    }

/*
 * Reads manifest, sound and texts. *corpus must be _INIT; the caller frees it. Rows whose text or
 * sound cannot be used are left out and told in left_out; more than a tenth of them, or none left,
 * is SILBE_ERR_DATA with the first reason. Sound is read in parallel; the result does not depend on
 * the number of threads. Words without letters and digits ("-") are dropped from texts.
 */
SILBE_MUST_CHECK silbe_status silbe_corpus_read(const silbe_corpus_options *options,
                                                silbe_corpus *corpus, silbe_err *err);
void silbe_corpus_free(silbe_corpus *corpus);

#endif
