/*
 * A stage: items with inputs and outputs, worked on in parallel, skipped when up to date. All that
 * the four stage programs have in common.
 *
 * Outputs of an item appear together: its function writes into a temporary folder beside them, and
 * only when it has succeeded are the files moved into place. A failed or killed item leaves older
 * files as they were.
 */
#ifndef SILBE_STAGE_H
#define SILBE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/host/lock.h"
#include "pipeline/run/batch.h"
#include "pipeline/settings/cli.h"
#include "pipeline/settings/config.h"

/* Files of an item, owned: what each is, by a number of the program's own (a stage of the chain: a
 * silbe_file of run/chain.h), and where. */
typedef struct {
    int *files;
    char **paths;
    size_t n;
} silbe_stage_files;

/* One item; all is owned. Built by silbe_stage_add_*. */
typedef struct {
    char *name;                /* "Schubert_D911-18_HU33"; no '/' */
    silbe_stage_files inputs;  /* their content decides whether the item is up to date */
    silbe_stage_files outputs; /* relative to the stage's folder; last parts all different */
    size_t tag; /* the program's own number for this item, for example an index into a dataset */
} silbe_stage_item;

/* Path of an input, borrowed; NULL if the item has no such file. */
const char *silbe_stage_input(const silbe_stage_item *item, int file);

/* The output's entry in a list of n_outputs; the first, where several have that number. NULL if the
 * item does not make it. */
const char *const *silbe_stage_output(const silbe_stage_item *item, const char *const *temp_outputs,
                                      int file);

/*
 * Does the work of stage item `item` (its tag says which). Writes output k to temp_outputs[k]
 * (silbe_stage_output finds it). May
 * set report->audio_s and add notes and warnings. Called by several threads at once, each with an
 * err of its own that is not NULL and holds no failure.
 */
typedef silbe_status (*silbe_stage_fn)(void *context, const silbe_stage_item *item,
                                       const char *const *temp_outputs, silbe_item_report *report,
                                       silbe_err *err);

typedef struct {
    const char *name;        /* folder of the stage: "features", "labels", "score" */
    const char *const *keys; /* settings that decide its results, as for silbe_config_digest */
    size_t n_keys;
    silbe_stage_fn run;
    void *context;
    silbe_stage_item *items; /* owned */
    size_t n_items;
} silbe_stage;

#define SILBE_STAGE_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

/* Appends an item and returns its index in *index. */
SILBE_MUST_CHECK silbe_status silbe_stage_add_item(silbe_stage *stage, const char *name, size_t tag,
                                                   size_t *index, silbe_err *err);

/* Appends a file that the item reads. A path that does not exist is legal here: the item fails
 * then, with the path in its message. A path below work.folder belongs to an earlier stage: the
 * item also fails, with that stage's reason, if the file's record there says that it failed. */
SILBE_MUST_CHECK silbe_status silbe_stage_add_input(silbe_stage *stage, size_t index, int file,
                                                    const char *path, silbe_err *err);

/* Appends a file that the item makes, relative to the stage's folder: "words/X.csv". */
SILBE_MUST_CHECK silbe_status silbe_stage_add_output(silbe_stage *stage, size_t index, int file,
                                                     const char *name, silbe_err *err);

void silbe_stage_free(silbe_stage *stage);

/*
 * Makes the dataset's work folder, takes its lock and removes temporary files of killed runs.
 * silbe_stage_run does so itself; for programs that work without a stage.
 */
SILBE_MUST_CHECK silbe_status silbe_stage_lock(const silbe_config *config, const char *program,
                                               silbe_lock *lock, silbe_err *err);

/*
 * Runs the stage: makes its folder, takes the lock, removes temporary files of killed runs, works,
 * and ends with "n ok, m up to date, k failed", version, command, settings digest and cost. A stage
 * without items is an error. Returns the program's exit code (cli.h); has then reported everything.
 */
int silbe_stage_run(const silbe_stage *stage, silbe_cli *cli);

#endif
