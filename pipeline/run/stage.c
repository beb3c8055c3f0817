#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/stage.h"

#include <fnmatch.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/stage_item.h"

bool silbe_stage_selects(const silbe_config *config, const char *item_name)
{
    return fnmatch(config->run.items, item_name, 0) == 0;
}

silbe_status silbe_stage_lock(const silbe_config *config, const char *program, silbe_lock *lock,
                              silbe_err *err)
{
    char *folder = silbe_stage_path(config, ".", NULL);
    if (folder == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    folder[strlen(folder) - 2] = '\0'; /* without "/." */
    silbe_status status = silbe_make_folders(folder, err);
    if (status == SILBE_OK) {
        status = silbe_lock_take(lock, folder, program, err);
    }
    if (status == SILBE_OK) {
        status = silbe_remove_stale(folder, err);
    }
    free(folder);
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

/* Everything between the first check and the summary. */
static silbe_status run_items(const silbe_stage *stage, silbe_cli *cli,
                              silbe_stage_run_context *context, const char **names,
                              silbe_lock *lock, silbe_batch_summary *summary, silbe_err *err)
{
    const silbe_config *config = &cli->config;
    if (stage->n_items == 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                          config->dataset.name, config->run.items);
    }
    for (size_t i = 0; i < stage->n_items; i++) {
        names[i] = stage->items[i].name;
    }
    silbe_status status =
        silbe_config_digest(config, stage->keys, stage->n_keys, context->settings_sha256, err);
    if (status == SILBE_OK) {
        status = silbe_stage_lock(config, cli->run.program, lock, err);
    }
    if (status == SILBE_OK) {
        status = silbe_make_folders(context->folder, err);
    }
    if (status == SILBE_OK) {
        int n_threads = config->run.threads > 0 ? config->run.threads : omp_get_num_procs();
        status = silbe_batch_run(names, stage->n_items, n_threads, silbe_stage_run_item, context,
                                 &cli->log, summary, err);
    }
    return status;
}

int silbe_stage_run(const silbe_stage *stage, silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_batch_summary summary = {0};
    int exit_code = SILBE_EXIT_UNABLE;
    const char **names = calloc(stage->n_items + 1, sizeof *names);
    char *folder = silbe_stage_path(&cli->config, stage->name, NULL);
    silbe_stage_run_context context = {
        .stage = stage, .config = &cli->config, .run = &cli->run, .folder = folder};
    silbe_status status = names == NULL || folder == NULL
                              ? silbe_fail(&err, SILBE_ERR_MEMORY, "out of memory")
                              : run_items(stage, cli, &context, names, &lock, &summary, &err);
    if (status != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
    } else {
        log_end(cli, &summary, context.settings_sha256);
        exit_code = summary.interrupted    ? SILBE_EXIT_INTERRUPTED
                    : summary.n_failed > 0 ? SILBE_EXIT_FAILED
                                           : SILBE_EXIT_OK;
    }
    silbe_lock_release(&lock);
    free(folder);
    free(names);
    return exit_code;
}
