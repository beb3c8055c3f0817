#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/stage.h"

#include <omp.h>
#include <stdlib.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage_item.h"

silbe_status silbe_stage_lock(const silbe_config *config, const char *program, silbe_lock *lock,
                              silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *folder = silbe_chain_folder(config, NULL, err);
    silbe_try(err, silbe_make_folders(folder, err));
    silbe_try(err, silbe_lock_take(lock, folder, program, err));
    silbe_try(err, silbe_remove_stale(folder, err));
    free(folder);
    return err->status;
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
static void run_items(const silbe_stage *stage, silbe_cli *cli, silbe_stage_run_context *context,
                      silbe_lock *lock, silbe_batch_summary *summary, silbe_err *err)
{
    const silbe_config *config = &cli->config;
    const char **names = silbe_alloc(stage->n_items, sizeof *names, "items", err);
    if (stage->n_items == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                         config->dataset.name, config->run.items);
    }
    for (size_t i = 0; i < stage->n_items && names != NULL; i++) {
        names[i] = stage->items[i].name;
    }
    silbe_try(err, silbe_config_digest(config, stage->keys, stage->n_keys, context->settings_sha256,
                                       err));
    silbe_try(err, silbe_stage_lock(config, cli->run.program, lock, err));
    silbe_try(err, silbe_make_folders(context->folder, err));
    int n_threads = config->run.threads > 0 ? config->run.threads : omp_get_num_procs();
    silbe_try(err, silbe_batch_run(names, stage->n_items, n_threads, silbe_stage_run_item, context,
                                   &cli->log, summary, err));
    free(names);
}

int silbe_stage_run(const silbe_stage *stage, silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_batch_summary summary = {0};
    int exit_code = SILBE_EXIT_UNABLE;
    char *folder = silbe_chain_folder(&cli->config, stage->name, &err);
    silbe_stage_run_context context = {
        .stage = stage, .config = &cli->config, .run = &cli->run, .folder = folder};
    run_items(stage, cli, &context, &lock, &summary, &err);
    if (silbe_failed(&err)) {
        exit_code = silbe_cli_fail(cli, &err);
    } else {
        log_end(cli, &summary, context.settings_sha256);
        exit_code = summary.interrupted    ? SILBE_EXIT_INTERRUPTED
                    : summary.n_failed > 0 ? SILBE_EXIT_FAILED
                                           : SILBE_EXIT_OK;
    }
    silbe_lock_release(&lock);
    free(folder);
    return exit_code;
}
