/*
 * The sets of human voices that the trainer knows, with what their licences allow. The table is
 * speech_sets.c. A list of names, separated by blanks, is what the setting is.
 */
#ifndef SILBE_TRAIN_SPEECH_SETS_H
#define SILBE_TRAIN_SPEECH_SETS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

typedef enum {
    SILBE_SPEECH_MAY_SHIP = 0, /* weights trained on it may ship with Silbe (GPL) */
    SILBE_SPEECH_RESEARCH,     /* bootstrapping experiments and tests only */
    SILBE_SPEECH_DEVELOPMENT,  /* development set: never trained on */
} silbe_speech_use;

typedef struct {
    const char *name;     /* column "dataset" of the manifest and name of the folder */
    const char *language; /* column "lang" */
    const char *voice;    /* of align/lyrics/pronounce.h */
    const char *licence;
    silbe_speech_use use;
} silbe_speech_set;

enum { SILBE_MAX_SPEECH_SETS = 32 };

/* Default of the setting: all sets that weights which ship may be trained on. */
#define SILBE_SPEECH_SETS_DEFAULT                                                                  \
    "de_kerstin nl_nathalie nl_flemishguy en_kathleen de_gcompris sung_ja_alys"

/* Table row by index, NULL past the last. Static. */
const silbe_speech_set *silbe_speech_set_at(size_t index);

/* Bit i: table row i. */
typedef unsigned silbe_speech_selection;

/*
 * Reads a list of names. SILBE_ERR_ARGUMENT: empty list, a name twice, a name that the table lacks
 * (the message lists those it has), or one whose use is beyond `allowed` (a set of use u is taken
 * if u <= allowed): the message names set and licence.
 */
SILBE_MUST_CHECK silbe_status silbe_speech_sets_parse(const char *list, silbe_speech_use allowed,
                                                      silbe_speech_selection *selection,
                                                      silbe_err *err);

#endif
