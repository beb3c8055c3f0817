#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/path.h"
#include "pipeline/ctc_matrix/command_internal.h"
#include "pipeline/output/output.h"
#include "pipeline/run/stage.h"

static const char *const KEYS[] = {"posteriors.", "output."};

/* Inputs of an item; the last one only where there is such a file. */
enum { NPY, TEXT, VOCAB, ANCHORS };

const char *const *silbe_posteriors_keys(size_t *n_keys)
{
    *n_keys = sizeof KEYS / sizeof KEYS[0];
    return KEYS;
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    silbe_posteriors_item one = {item->name, item->inputs[NPY], item->inputs[TEXT],
                                 item->n_inputs > ANCHORS ? item->inputs[ANCHORS] : NULL};
    return silbe_posteriors_item_run(context, &one, temps, report, err);
}

/* Adds "<folder>/<name><suffix>"; if it may be missing, only where it is there. */
static silbe_status add_input(silbe_stage *stage, size_t index, const char *folder,
                              const char *name, const char *suffix, bool may_miss, silbe_err *err)
{
    struct stat info;
    char *path = silbe_path_format("%s/%s%s", folder, name, suffix);
    silbe_status status = SILBE_OK;
    if (path == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", name);
    } else if (!may_miss || stat(path, &info) == 0) {
        status = silbe_stage_add_input(stage, index, path, err);
    }
    free(path);
    return status;
}

static silbe_status add_outputs(silbe_stage *stage, size_t index, const silbe_config *config,
                                silbe_err *err)
{
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    const silbe_stage_item *item = &stage->items[index];
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (!(config->output.formats & (1u << i))) {
            continue;
        }
        status = silbe_stage_add_item_output(stage, index, formats[i].extension, err);
        char *path = status == SILBE_OK
                         ? silbe_stage_path(config, stage->name, item->outputs[item->n_outputs - 1])
                         : NULL;
        if (status == SILBE_OK) {
            status = path != NULL
                         ? silbe_posteriors_check_output(path, (const char *const *)item->inputs,
                                                         item->n_inputs, err)
                         : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", item->name);
        }
        free(path);
    }
    return status;
}

static silbe_status add_item(silbe_stage *stage, const silbe_config *config, const char *folder,
                             const char *name, const char *vocab, silbe_err *err)
{
    size_t index = 0;
    silbe_status status = silbe_stage_add_item(stage, name, 0, &index, err);
    if (status == SILBE_OK) {
        status = add_input(stage, index, folder, name, ".npy", false, err);
    }
    if (status == SILBE_OK) {
        status = add_input(stage, index, folder, name, ".txt", false, err);
    }
    if (status == SILBE_OK) {
        status = silbe_stage_add_input(stage, index, vocab, err);
    }
    if (status == SILBE_OK) {
        status = add_input(stage, index, folder, name, ".anchors.csv", true, err);
    }
    return status == SILBE_OK ? add_outputs(stage, index, config, err) : status;
}

static int is_npy(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".npy") == 0;
}

/* By bytes, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static silbe_status add_items(silbe_stage *stage, const silbe_config *config, const char *folder,
                              const char *vocab, silbe_err *err)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_npy, compare_names);
    silbe_status status =
        n > 0 ? SILBE_OK
              : silbe_fail(err, n < 0 ? SILBE_ERR_IO : SILBE_ERR_DATA,
                           n < 0 ? "%s: cannot be listed" : "%s: holds no NAME.npy", folder);
    for (int i = 0; i < n; i++) {
        char *name = entries[i]->d_name;
        name[strlen(name) - 4] = '\0';
        if (status == SILBE_OK && silbe_stage_selects(config, name)) {
            status = add_item(stage, config, folder, name, vocab, err);
        }
        free(entries[i]);
    }
    free(entries);
    if (status == SILBE_OK && stage->n_items == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: no NAME.npy matches \"%.100s\" (run.items)",
                            folder, config->run.items);
    }
    return status;
}

/* Results go to OUT itself, not to work/<dataset>/<stage>. */
static silbe_status place_results(silbe_config *config, const char *out, silbe_err *err)
{
    char folder[SILBE_CONFIG_PATH_SIZE];
    int length = out != NULL
                     ? snprintf(folder, sizeof folder, "%s", out)
                     : snprintf(folder, sizeof folder, "%s/posteriors", config->work.folder);
    if (length <= 0 || (size_t)length >= sizeof folder) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "--out %.60s: should have 1 to %d bytes",
                          out != NULL ? out : "", SILBE_CONFIG_PATH_SIZE - 1);
    }
    memcpy(config->work.folder, folder, (size_t)length + 1);
    (void)snprintf(config->dataset.name, sizeof config->dataset.name, ".");
    return SILBE_OK;
}

int silbe_posteriors_run_folder(silbe_cli *cli, const silbe_posteriors_arguments *arguments,
                                silbe_posteriors_context *context)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    stage.name = ".";
    stage.keys = KEYS;
    stage.n_keys = sizeof KEYS / sizeof KEYS[0];
    stage.run = run_item;
    stage.context = context;
    silbe_status status = place_results(&cli->config, arguments->out, &err);
    if (status == SILBE_OK) {
        status = add_items(&stage, &cli->config, arguments->posteriors, arguments->vocab, &err);
    }
    int exit_code = status == SILBE_OK ? silbe_stage_run(&stage, cli) : silbe_cli_fail(cli, &err);
    silbe_stage_free(&stage);
    return exit_code;
}
