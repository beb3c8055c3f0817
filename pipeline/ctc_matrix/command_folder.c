#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/path.h"
#include "pipeline/ctc_matrix/command_internal.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"

static const char *const KEYS[] = {"posteriors.", "output."};

/* Files of an item. */
enum { NPY, TEXT, VOCAB, ANCHORS, WORDS };

const char *const *silbe_posteriors_keys(size_t *n_keys)
{
    *n_keys = sizeof KEYS / sizeof KEYS[0];
    return KEYS;
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    silbe_posteriors_item one = {item->name, silbe_stage_input(item, NPY),
                                 silbe_stage_input(item, TEXT), silbe_stage_input(item, ANCHORS)};
    return silbe_posteriors_item_run(context, &one, temps, report, err);
}

/* Adds "<folder>/<item><suffix>"; anchors only where they are there. */
static void add_input(silbe_stage *stage, size_t index, int file, const char *folder,
                      const char *suffix, silbe_err *err)
{
    struct stat info;
    char *path = silbe_path_format("%s/%s%s", folder, stage->items[index].name, suffix);
    if (path == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path");
    } else if (file != ANCHORS || stat(path, &info) == 0) {
        silbe_try(err, silbe_stage_add_input(stage, index, file, path, err));
    }
    free(path);
}

static void add_output(silbe_stage *stage, size_t index, const silbe_config *config,
                       const char *extension, silbe_err *err)
{
    const silbe_stage_item *item = &stage->items[index];
    char *name = silbe_path_format("%s.%s", item->name, extension);
    char *folder = silbe_chain_folder(config, stage->name, err);
    char *path = name != NULL && folder != NULL ? silbe_path_join(folder, name) : NULL;
    if (path == NULL && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path");
    }
    silbe_try(err, silbe_stage_add_output(stage, index, WORDS, name, err));
    silbe_try(err, silbe_posteriors_check_output(path, (const char *const *)item->inputs.paths,
                                                 item->inputs.n, err));
    free(path);
    free(folder);
    free(name);
}

static void add_item(silbe_stage *stage, const silbe_config *config, const char *folder,
                     const char *name, const char *vocab, silbe_err *err)
{
    size_t index = 0, n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    silbe_try(err, silbe_stage_add_item(stage, name, 0, &index, err));
    if (silbe_failed(err)) {
        return;
    }
    add_input(stage, index, NPY, folder, ".npy", err);
    add_input(stage, index, TEXT, folder, ".txt", err);
    silbe_try(err, silbe_stage_add_input(stage, index, VOCAB, vocab, err));
    add_input(stage, index, ANCHORS, folder, ".anchors.csv", err);
    for (size_t i = 0; i < n_formats; i++) {
        if (config->output.formats & (1u << i)) {
            add_output(stage, index, config, formats[i].extension, err);
        }
    }
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

static void add_items(silbe_stage *stage, const silbe_config *config, const char *folder,
                      const char *vocab, silbe_err *err)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_npy, compare_names);
    if (n <= 0) {
        (void)silbe_fail(err, n < 0 ? SILBE_ERR_IO : SILBE_ERR_DATA,
                         n < 0 ? "%s: cannot be listed" : "%s: holds no NAME.npy", folder);
    }
    for (int i = 0; i < n; i++) {
        char *name = entries[i]->d_name;
        name[strlen(name) - 4] = '\0';
        if (silbe_chain_selects(config, name)) {
            add_item(stage, config, folder, name, vocab, err);
        }
        free(entries[i]);
    }
    free(entries);
    if (!silbe_failed(err) && stage->n_items == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no NAME.npy matches \"%.100s\" (run.items)",
                         folder, config->run.items);
    }
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
    silbe_try(&err, place_results(&cli->config, arguments->out, &err));
    if (!silbe_failed(&err)) {
        add_items(&stage, &cli->config, arguments->posteriors, arguments->vocab, &err);
    }
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    return exit_code;
}
