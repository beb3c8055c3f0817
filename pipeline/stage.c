#define _POSIX_C_SOURCE 200809L
#include "pipeline/stage.h"

#include <fnmatch.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "pipeline/lock.h"
#include "pipeline/stage_item.h"
#include "pipeline/stop.h"
#include "pipeline/work_folder.h"

/* Fills indices with the items that run.items selects; names points into the stage. */
static silbe_status select_items(const silbe_stage *stage, const silbe_config *config,
                                 size_t *indices, const char **names, size_t *n_selected,
                                 silbe_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < stage->n_items; i++) {
        if (fnmatch(config->run.items, stage->items[i].name, 0) == 0) {
            indices[n] = i;
            names[n] = stage->items[i].name;
            n++;
        }
    }
    *n_selected = n;
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "dataset %.100s: none of its %zu items matches \"%.100s\"%s%.100s",
                          config->dataset.name, stage->n_items, config->run.items,
                          stage->n_items > 0 ? "; the first is " : "",
                          stage->n_items > 0 ? stage->items[0].name : "");
    }
    return SILBE_OK;
}

/* The folder of the stage, locked and free of leftovers. */
static silbe_status prepare_folder(const silbe_config *config, const char *program,
                                   const char *folder, silbe_lock *lock, silbe_err *err)
{
    silbe_status status = silbe_make_folders(folder, err);
    char *dataset_folder = silbe_stage_path(config, ".", NULL);
    if (dataset_folder == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    dataset_folder[strlen(dataset_folder) - 2] = '\0'; /* without "/." */
    if (status == SILBE_OK) {
        status = silbe_lock_take(lock, dataset_folder, program, err);
    }
    if (status == SILBE_OK) {
        status = silbe_remove_stale(dataset_folder, err);
    }
    free(dataset_folder);
    return status;
}

static void log_end(silbe_cli *cli, const silbe_batch_summary *summary, const char *settings)
{
    silbe_run_cost cost = silbe_run_info_cost(&cli->run);
    silbe_log_info(&cli->log, "%s: %zu ok, %zu up to date, %zu failed", cli->run.program,
                   summary->n_ok, summary->n_up_to_date, summary->n_failed);
    silbe_log_info(
        &cli->log, "    version %s, settings %.12s, %.1f s wall, %.1f s CPU, %.0f MB peak memory",
        silbe_version(), settings, cost.wall_s, cost.cpu_s, (double)cost.peak_bytes * 1e-6);
    silbe_log_info(&cli->log, "    command: %s", cli->run.command);
    if (summary->interrupted) {
        silbe_log_always(&cli->log,
                         "%s: stopped with %zu items left; run the same command again to go on "
                         "where it stopped",
                         cli->run.program, summary->n_dropped);
    }
}

int silbe_stage_run(silbe_stage *stage, silbe_cli *cli)
{
    const silbe_config *config = &cli->config;
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_batch_summary summary = {0};
    silbe_stage_run_context context = {.stage = stage, .config = config, .run = &cli->run};
    size_t n_selected = 0;
    int exit_code = SILBE_EXIT_FAILED;
    size_t *indices = calloc(stage->n_items + 1, sizeof *indices);
    const char **names = calloc(stage->n_items + 1, sizeof *names);
    char *folder = silbe_stage_path(config, stage->name, NULL);
    if (indices == NULL || names == NULL || folder == NULL) {
        (void)silbe_fail(&err, SILBE_ERR_MEMORY, "out of memory");
        goto done;
    }
    context.indices = indices;
    context.folder = folder;
    if (select_items(stage, config, indices, names, &n_selected, &err) != SILBE_OK ||
        silbe_config_digest(config, stage->keys, stage->n_keys, context.settings_sha256, &err) !=
            SILBE_OK ||
        prepare_folder(config, cli->run.program, folder, &lock, &err) != SILBE_OK) {
        goto done;
    }
    int n_threads = config->run.threads > 0 ? config->run.threads : omp_get_num_procs();
    if (silbe_batch_run(names, n_selected, n_threads, silbe_stage_run_item, &context, &cli->log,
                        &summary, &err) != SILBE_OK) {
        goto done;
    }
    log_end(cli, &summary, context.settings_sha256);
    exit_code = summary.interrupted    ? SILBE_EXIT_INTERRUPTED
                : summary.n_failed > 0 ? SILBE_EXIT_FAILED
                                       : SILBE_EXIT_OK;
done:
    if (err.status != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
    }
    silbe_lock_release(&lock);
    free(folder);
    free(names);
    free(indices);
    return exit_code;
}
