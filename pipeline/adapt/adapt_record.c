#define _POSIX_C_SOURCE 200809L
#include "pipeline/adapt/adapt_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/files/corrections.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/chain.h"
#include "pipeline/settings/config_paths.h"
#include "pipeline/train/run/training.h"

static const char *const OUTPUTS[] = {SILBE_ADAPTED_JSON, SILBE_ADAPTED_WEIGHTS};

void silbe_adapt_record_free(silbe_adapt_record *record)
{
    silbe_record_free(&record->record);
    free(record->folder);
    free(record->path);
}

/* A file that is not there is one that an item failed on; it is taken away from it. */
static void add_input(silbe_record *record, char *path, silbe_err *err)
{
    if (path != NULL && access(path, R_OK) == 0) {
        silbe_try(err, silbe_record_add_input(record, path, err));
    }
    free(path);
}

static void add_item(const silbe_config *config, const silbe_item *item, silbe_record *record,
                     silbe_err *err)
{
    static const silbe_file FILES[] = {SILBE_FILE_FEATURES, SILBE_FILE_LOGMEL, SILBE_FILE_MIDDLE,
                                       SILBE_FILE_CHROMA,   SILBE_FILE_ONSET,  SILBE_FILE_LABELS};
    char *corrections = NULL;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0] && !silbe_failed(err); i++) {
        add_input(record, silbe_chain_path(config, FILES[i], SILBE_STAGE_LYRICS, item, err), err);
    }
    silbe_try(err, silbe_corrections_path(config, item, &corrections, err));
    add_input(record, corrections, err);
}

static void add_paths(const char *paths, silbe_record *record, silbe_err *err)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    while (silbe_config_next_path(&paths, path) && !silbe_failed(err)) {
        silbe_try(err, silbe_record_add_input(record, path, err));
    }
}

/* Everything that the result depends on. */
static void fill(const silbe_cli *cli, const silbe_dataset *dataset, silbe_record *record,
                 silbe_err *err)
{
    static const char *const KEYS[] = {"acoustic.", "lyrics.", "train.", "adapt."};
    const silbe_config *config = &cli->config;
    (void)snprintf(record->version, sizeof record->version, "%s", silbe_version());
    memcpy(record->program_sha256, cli->run.program_sha256, sizeof record->program_sha256);
    silbe_try(err, silbe_config_digest(config, KEYS, sizeof KEYS / sizeof KEYS[0],
                                       record->settings_sha256, err));
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        add_item(config, &dataset->items[i], record, err);
    }
    add_paths(config->acoustic.weights, record, err);
    add_paths(config->train.initial, record, err);
    add_paths(config->acoustic.pronunciations, record, err);
}

/* What the folder holds for `wanted`: the result, the beginning of it, or something else. */
static void look(silbe_adapt_record *r, bool *is_done, bool *is_begun)
{
    silbe_record old = SILBE_RECORD_INIT;
    if (silbe_record_read(r->path, &old, NULL) == SILBE_OK) {
        *is_done =
            old.ok && old.n_outputs >= 1 && old.n_outputs <= 2 &&
            silbe_record_is_current(&old, &r->record, r->folder, OUTPUTS, old.n_outputs, NULL);
        /* Whether it would be current if it were done. */
        size_t n_outputs = old.n_outputs;
        old.ok = true;
        old.n_outputs = 0;
        *is_begun = silbe_record_is_current(&old, &r->record, r->folder, OUTPUTS, 0, NULL);
        old.n_outputs = n_outputs;
    }
    silbe_record_free(&old);
}

silbe_status silbe_adapt_record_begin(const silbe_cli *cli, const silbe_dataset *dataset,
                                      const char *folder, silbe_adapt_record *record, bool *is_done,
                                      silbe_err *err)
{
    silbe_err own;
    bool is_begun = false;
    err = silbe_err_begin(err, &own);
    *is_done = false;
    record->folder = silbe_copy_text(folder, err);
    record->path = silbe_format(err, "%s/adapted.record.json", folder);
    fill(cli, dataset, &record->record, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    if (!cli->config.run.force) {
        look(record, is_done, &is_begun);
    }
    if (!is_begun) {
        silbe_try(err, silbe_remove_tree(folder, err));
    }
    silbe_try(err, silbe_make_folders(folder, err));
    if (!*is_done) {
        (void)snprintf(record->record.reason, sizeof record->record.reason,
                       "it was stopped; run the same command again to go on where it stopped");
        silbe_try(err, silbe_record_write(record->path, &record->record, err));
    }
    return err->status;
}

silbe_status silbe_adapt_record_end(silbe_adapt_record *record, bool with_weights, silbe_err *err)
{
    silbe_err own;
    size_t n = with_weights ? 2 : 1;
    err = silbe_err_begin(err, &own);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        char *path = silbe_join_path(record->folder, OUTPUTS[i], err);
        silbe_try(err, silbe_record_add_output(&record->record, OUTPUTS[i], path, err));
        free(path);
    }
    record->record.ok = true;
    record->record.reason[0] = '\0';
    silbe_try(err, silbe_record_write(record->path, &record->record, err));
    return err->status;
}
