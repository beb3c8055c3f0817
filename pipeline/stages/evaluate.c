/* Word times against the dataset's annotations, work/<dataset>/<mode>/report.*, and
 * all modes side by side, work/<dataset>/report.*. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "datasets/dataset.h"
#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "pipeline/evaluate/item_evaluation.h"
#include "pipeline/evaluate/reference_notes.h"
#include "pipeline/evaluate/report/comparison.h"
#include "pipeline/evaluate/report/report.h"
#include "pipeline/host/lock.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"
#include "pipeline/stages/stages.h"

/* Settings that the evaluated times depend on, beside the mode's own. */
static const char *const KEYS[] = {"features.", "labels.", "acoustic."};
enum { N_KEYS = sizeof KEYS / sizeof KEYS[0] };

/* What is evaluated: a report for each mode. */
typedef struct {
    const silbe_dataset *dataset;
    silbe_report *reports[SILBE_N_STAGES]; /* owned */
    silbe_stage_id modes[SILBE_N_STAGES];
    size_t n_reports;
} evaluation;

static void add_item(silbe_cli *cli, silbe_stage_id mode, const silbe_item *item,
                     silbe_report *report, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    silbe_item_evaluation found;
    silbe_status status = silbe_item_evaluation_new(&cli->config, mode, item, &found, &failure);
    const char *stage = found.failed_stage[0] != '\0' ? found.failed_stage : "evaluate";
    const char *reason = found.failed_stage[0] != '\0' ? found.failed_reason : failure.message;
    bool has_failed = status != SILBE_OK || found.failed_stage[0] != '\0', is_fatal = false;
    if (!has_failed) {
        status = silbe_report_add_item(report, &found.result, &failure);
        has_failed = status != SILBE_OK;
        is_fatal = status == SILBE_ERR_MEMORY;
    }
    if (is_fatal) {
        *err = failure;
    } else if (has_failed) {
        silbe_try(err,
                  silbe_report_add_failure(report, item->work, item->version, stage, reason, err));
    }
    for (size_t i = 0; i < found.notes.n; i++) {
        silbe_log_detail(&cli->log, "%s: %s", item->name, found.notes.texts[i]);
    }
    silbe_item_evaluation_free(&found);
}

typedef silbe_status (*file_writer)(const silbe_report *report, const silbe_comparison *comparison,
                                    const char *path, silbe_err *err);

static silbe_status write_json(const silbe_report *report, const silbe_comparison *comparison,
                               const char *path, silbe_err *err)
{
    return report != NULL ? silbe_report_write_json(report, path, err)
                          : silbe_comparison_write_json(comparison, path, err);
}

static silbe_status write_markdown(const silbe_report *report, const silbe_comparison *comparison,
                                   const char *path, silbe_err *err)
{
    return report != NULL ? silbe_report_write_markdown(report, path, err)
                          : silbe_comparison_write_markdown(comparison, path, err);
}

/* The report, or the comparison, as report.json and report.md in folder. */
static void write_files(const silbe_report *report, const silbe_comparison *comparison,
                        const char *folder, silbe_err *err)
{
    static const struct {
        const char *name;
        file_writer write;
    } FILES[] = {{"report.json", write_json}, {"report.md", write_markdown}};
    silbe_try(err, silbe_make_folders(folder, err));
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0] && !silbe_failed(err); i++) {
        char *path = silbe_join_path(folder, FILES[i].name, err);
        silbe_try(err, FILES[i].write(report, comparison, path, err));
        free(path);
    }
}

/* Digest of the settings that the mode's times depend on. */
static silbe_status digest_of(const silbe_config *config, silbe_stage_id mode,
                              char digest[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    const char *keys[N_KEYS + SILBE_CHAIN_MAX_KEYS];
    const silbe_chain_stage *stage = silbe_chain_get(mode);
    size_t n_keys = silbe_chain_n_keys(stage);
    memcpy(keys, KEYS, sizeof KEYS);
    memcpy(keys + N_KEYS, stage->keys, n_keys * sizeof *keys);
    return silbe_config_digest(config, keys, N_KEYS + n_keys, digest, err);
}

/* What only some modes have. */
static void add_phones(const silbe_config *config, silbe_stage_id mode, silbe_report *report,
                       silbe_err *err)
{
    char *path = silbe_chain_path(config, SILBE_FILE_PHONE_ONSETS, mode, NULL, err);
    if (path != NULL && access(path, F_OK) == 0) {
        silbe_try(err, silbe_report_read_phones(report, path, err));
    }
    free(path);
}

static void fill_report(silbe_cli *cli, const silbe_dataset *dataset, silbe_stage_id mode,
                        silbe_report *report, silbe_err *err)
{
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        if (silbe_chain_selects(&cli->config, dataset->items[i].name)) {
            add_item(cli, mode, &dataset->items[i], report, err);
        }
    }
    if (!silbe_failed(err) && silbe_report_n_items(report) + silbe_report_n_failed(report) == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                         cli->config.dataset.name, cli->config.run.items);
    }
    if (cli->config.evaluate.notes[0] != '\0') {
        silbe_try(err, silbe_reference_notes_add(cli->config.evaluate.notes, dataset, &cli->config,
                                                 report, err));
    }
    add_phones(&cli->config, mode, report, err);
    silbe_try(err, silbe_report_finish(report, err));
}

/* Makes and writes the report of a mode, and adds it to *e. */
static void evaluate_mode(silbe_cli *cli, silbe_stage_id mode, evaluation *e, silbe_err *err)
{
    char digest[SILBE_DIGEST_HEX_SIZE];
    silbe_config config = cli->config;
    config.align.mode = (int)mode - SILBE_STAGE_MODES; /* with align.mode=all, too */
    silbe_report_facts facts = {.dataset = cli->config.dataset.name,
                                .mode = silbe_chain_get(mode)->name,
                                .program_version = silbe_version(),
                                .settings_digest = digest,
                                .command = cli->run.command,
                                .reference_note = cli->config.evaluate.reference_note};
    silbe_report **report = &e->reports[e->n_reports];
    char *folder = silbe_chain_folder(&cli->config, facts.mode, err);
    silbe_try(err, digest_of(&config, mode, digest, err));
    silbe_try(err, silbe_report_new(&facts, report, err));
    if (!silbe_failed(err)) {
        e->modes[e->n_reports++] = mode;
        fill_report(cli, e->dataset, mode, *report, err);
    }
    write_files(*report, NULL, folder, err);
    free(folder);
}

/* Whether the mode has worked on any of the items. */
static bool has_results(const silbe_cli *cli, silbe_stage_id mode, const silbe_dataset *dataset,
                        silbe_err *err)
{
    bool exists = false;
    for (size_t i = 0; i < dataset->n_items && !exists && !silbe_failed(err); i++) {
        if (silbe_chain_selects(&cli->config, dataset->items[i].name)) {
            silbe_try(err, silbe_item_evaluation_exists(&cli->config, mode, &dataset->items[i],
                                                        &exists, err));
        }
    }
    return exists;
}

/* Every mode that has results, and their comparison. */
static void evaluate_all(silbe_cli *cli, evaluation *e, silbe_err *err)
{
    silbe_comparison *comparison = NULL;
    for (int m = SILBE_STAGE_MODES; m < SILBE_N_STAGES && !silbe_failed(err); m++) {
        silbe_stage_id mode = (silbe_stage_id)m;
        if (silbe_chain_mode_applies(mode, &cli->config, e->dataset) &&
            has_results(cli, mode, e->dataset, err)) {
            evaluate_mode(cli, mode, e, err);
        }
    }
    if (!silbe_failed(err) && e->n_reports == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "dataset %.100s has no results in any mode yet; `silbe align` makes them",
                         cli->config.dataset.name);
    }
    silbe_try(err, silbe_comparison_new((const silbe_report *const *)e->reports, e->n_reports,
                                        &comparison, err));
    char *folder = silbe_chain_folder(&cli->config, NULL, err);
    write_files(NULL, comparison, folder, err);
    silbe_try(err, silbe_comparison_print(comparison, stdout, err));
    if (!silbe_failed(err)) {
        silbe_log_info(&cli->log, "side by side: %s/report.md and report.json", folder);
    }
    free(folder);
    silbe_comparison_free(comparison);
}

static void evaluate_one(silbe_cli *cli, silbe_stage_id mode, evaluation *e, silbe_err *err)
{
    evaluate_mode(cli, mode, e, err);
    silbe_try(err, silbe_report_print(e->reports[0], stdout, err));
}

static int end(silbe_cli *cli, const evaluation *e)
{
    size_t n_failed = 0;
    for (size_t m = 0; m < e->n_reports; m++) {
        silbe_err err = SILBE_ERR_INIT;
        char *folder = silbe_chain_folder(&cli->config, silbe_chain_get(e->modes[m])->name, &err);
        silbe_log_info(&cli->log, "word times: %s/words/", folder != NULL ? folder : "?");
        silbe_log_info(&cli->log, "report:     %s/report.md and report.json",
                       folder != NULL ? folder : "?");
        n_failed += silbe_report_n_failed(e->reports[m]);
        free(folder);
    }
    return n_failed > 0 ? SILBE_EXIT_FAILED : SILBE_EXIT_OK;
}

int silbe_evaluate_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    evaluation e = {.dataset = dataset};
    int mode = silbe_chain_mode(&cli->config, dataset);
    silbe_try(&err, silbe_stage_lock(&cli->config, cli->run.program, &lock, &err));
    if (!silbe_failed(&err) && mode == SILBE_MODE_ALL) {
        evaluate_all(cli, &e, &err);
    } else if (!silbe_failed(&err)) {
        evaluate_one(cli, (silbe_stage_id)(SILBE_STAGE_MODES + mode), &e, &err);
    }
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : end(cli, &e);
    for (size_t m = 0; m < e.n_reports; m++) {
        silbe_report_free(e.reports[m]);
    }
    silbe_lock_release(&lock);
    return exit_code;
}
