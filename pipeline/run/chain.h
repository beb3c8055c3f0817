/*
 * The chain as data: the stages from a recording to word times, in the order in which they run, and
 * the files that pass between them. Programs, evaluation and page read here what a stage needs,
 * what it makes and where that lies:
 *
 *     WORK/<dataset>/<stage>/[<folder>/]<name>.<suffix>
 *
 * with the name of the item, or that of its work where all versions share the file. A mode of
 * align.mode is a stage too.
 */
#ifndef SILBE_CHAIN_H
#define SILBE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/dataset.h"
#include "features/base/status.h"
#include "pipeline/settings/config.h"

typedef enum {
    SILBE_STAGE_FEATURES,
    SILBE_STAGE_LABELS,
    SILBE_STAGE_POSTERIORS,
    SILBE_STAGE_MODES, /* from here on the modes, in the order of align.mode's choices */
    SILBE_STAGE_SCORE = SILBE_STAGE_MODES,
    SILBE_STAGE_LYRICS,
    SILBE_STAGE_JOINT,
    SILBE_N_STAGES
} silbe_stage_id;

typedef enum {
    SILBE_FILE_NONE, /* ends a list */
    /* The user's own. Each item has a recording; the others may be missing. */
    SILBE_FILE_AUDIO,
    SILBE_FILE_SCORE,
    SILBE_FILE_LYRICS,
    SILBE_FILE_PRONUNCIATIONS, /* acoustic.pronunciations */
    SILBE_FILE_WEIGHTS,        /* acoustic.weights, or those of the work's fold */
    SILBE_FILE_CORRECTIONS,    /* of dataset.corrections */
    /* Those that stages make. */
    SILBE_FILE_CHROMA,
    SILBE_FILE_ONSET,
    SILBE_FILE_PITCH_ONSET,
    SILBE_FILE_FEATURES, /* facts about the features */
    SILBE_FILE_LOGMEL,
    SILBE_FILE_MIDDLE, /* log-mel of the middle; no frames if there is none */
    SILBE_FILE_LABELS,
    SILBE_FILE_POSTERIORS,
    SILBE_FILE_POSTERIORS_FACTS,
    SILBE_FILE_PATH,         /* of a mode: score positions */
    SILBE_FILE_WORDS,        /* of a mode: word times, as JSON; other formats lie beside it */
    SILBE_FILE_PHONE_ONSETS, /* of a mode, one for the dataset */
    SILBE_N_FILES
} silbe_file;

enum { SILBE_CHAIN_MAX_KEYS = 8, SILBE_CHAIN_MAX_FILES = 10 };

typedef struct {
    const char *name; /* its folder; of a mode also its choice in align.mode */
    bool per_work;    /* one item for all versions of a work */
    bool needs_score; /* an item without a score fails in it */
    const char *keys[SILBE_CHAIN_MAX_KEYS]; /* settings that decide its results; NULL ends them */
    silbe_file reads[SILBE_CHAIN_MAX_FILES];
    silbe_file writes[SILBE_CHAIN_MAX_FILES];
} silbe_chain_stage;

/* Static. */
const silbe_chain_stage *silbe_chain_get(silbe_stage_id stage);

size_t silbe_chain_n_keys(const silbe_chain_stage *stage);

/* Whether results of stage depend on what other makes, directly or not; true for itself. */
bool silbe_chain_needs(silbe_stage_id stage, silbe_stage_id other);

/* Whether the stage makes the file for each of its items. */
bool silbe_chain_makes(silbe_stage_id stage, silbe_file file);

/* Whether run.items selects the item of this name. */
bool silbe_chain_selects(const silbe_config *config, const char *item_name);

/* Whether a mode has what it needs for any selected item: align.mode=all leaves it out otherwise.
 */
bool silbe_chain_mode_applies(silbe_stage_id mode, const silbe_config *config,
                              const silbe_dataset *dataset);

/* align.mode, with auto decided: score if any selected item has one, else lyrics. */
int silbe_chain_mode(const silbe_config *config, const silbe_dataset *dataset);

/*
 * Paths, allocated; NULL after a failure. All are steps (features/base/status.h). The folder of a
 * stage, or the dataset's where name is NULL; a stage's file of an item, mode being read for the
 * files of modes alone; the stage's record of an item.
 */
char *silbe_chain_folder(const silbe_config *config, const char *name, silbe_err *err);
char *silbe_chain_path(const silbe_config *config, silbe_file file, silbe_stage_id mode,
                       const silbe_item *item, silbe_err *err);
char *silbe_chain_record(const silbe_config *config, silbe_stage_id stage, const silbe_item *item,
                         silbe_err *err);

/* The file's path in its stage's folder, "words/X.json", name being that of its item or work. */
char *silbe_chain_name(silbe_file file, const char *name, silbe_err *err);

#endif
