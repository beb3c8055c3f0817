#include "pipeline/run/chain_items.h"

#include <stdlib.h>
#include <string.h>

/* The user's file, borrowed; NULL if there is none or another stage makes it. */
static const char *given_path(silbe_file file, const silbe_config *config, const silbe_item *item)
{
    const char *pronunciations = config->acoustic.pronunciations;
    switch (file) {
    case SILBE_FILE_AUDIO:
        return item->audio_path;
    case SILBE_FILE_SCORE:
        return item->score_path;
    case SILBE_FILE_LYRICS:
        return item->lyrics_path;
    case SILBE_FILE_PRONUNCIATIONS:
        return pronunciations[0] != '\0' ? pronunciations : NULL;
    default:
        return NULL;
    }
}

/* Whether the settings want the file at all. */
static bool is_wanted(silbe_file file, const silbe_config *config)
{
    switch (file) {
    case SILBE_FILE_LOGMEL:
        return config->features.logmel;
    case SILBE_FILE_MIDDLE:
        return config->features.logmel && config->features.middle;
    default:
        return true;
    }
}

static void add_input(silbe_stage *stage, size_t index, silbe_file file, const silbe_config *config,
                      const silbe_item *item, silbe_err *err)
{
    if (file == SILBE_FILE_MIDDLE && !is_wanted(file, config)) {
        return;
    }
    const char *given = given_path(file, config, item);
    char *made = file >= SILBE_FILE_CHROMA
                     ? silbe_chain_path(config, file, SILBE_STAGE_MODES, item, err)
                     : NULL;
    if (given != NULL || made != NULL) {
        silbe_try(
            err, silbe_stage_add_input(stage, index, (int)file, given != NULL ? given : made, err));
    }
    free(made);
}

static void add_output(silbe_stage *stage, size_t index, silbe_file file,
                       const silbe_config *config, silbe_err *err)
{
    if (!is_wanted(file, config)) {
        return;
    }
    char *name = silbe_chain_name(file, stage->items[index].name, err);
    silbe_try(err, silbe_stage_add_output(stage, index, (int)file, name, err));
    free(name);
}

static void add_item(silbe_stage *stage, const silbe_chain_stage *row, const silbe_config *config,
                     const silbe_dataset *dataset, size_t tag, silbe_err *err)
{
    const silbe_item *item = &dataset->items[tag];
    size_t index = 0;
    silbe_try(err, silbe_stage_add_item(stage, row->per_work ? item->work : item->name, tag, &index,
                                        err));
    for (size_t i = 0; row->reads[i] != SILBE_FILE_NONE && !silbe_failed(err); i++) {
        add_input(stage, index, row->reads[i], config, item, err);
    }
    for (size_t i = 0; row->writes[i] != SILBE_FILE_NONE && !silbe_failed(err); i++) {
        add_output(stage, index, row->writes[i], config, err);
    }
}

static bool has_item(const silbe_stage *stage, const char *name)
{
    for (size_t i = 0; i < stage->n_items; i++) {
        if (strcmp(stage->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

silbe_status silbe_chain_fill(silbe_stage *stage, silbe_stage_id id, const silbe_config *config,
                              const silbe_dataset *dataset, silbe_err *err)
{
    silbe_err own;
    const silbe_chain_stage *row = silbe_chain_get(id);
    err = silbe_err_begin(err, &own);
    stage->name = row->name;
    stage->keys = row->keys;
    stage->n_keys = silbe_chain_n_keys(row);
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        const silbe_item *item = &dataset->items[i];
        if (silbe_chain_selects(config, item->name) &&
            !(row->per_work && has_item(stage, item->work))) {
            add_item(stage, row, config, dataset, i, err);
        }
    }
    return err->status;
}
