/* silbe-evaluate: word times against the dataset's annotations, work/<dataset>/<mode>/report.*. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/dataset.h"
#include "features/base/atomic_file.h"
#include "pipeline/cli.h"
#include "pipeline/item_evaluation.h"
#include "pipeline/lock.h"
#include "pipeline/open_dataset.h"
#include "pipeline/reference_notes.h"
#include "pipeline/report/report.h"
#include "pipeline/stage.h"

static const silbe_cli_spec SPEC = {
    .program = "silbe-evaluate",
    .summary = "word times against the dataset's annotations",
    .details =
        "Prints a table and writes, below WORK/<dataset>/score/, report.json and report.md.\n"
        "Items without reference are listed without figures.",
};

/* Settings that the evaluated times depend on. */
static const char *const KEYS[] = {"features.", "labels.", "align."};

static silbe_status add_item(silbe_cli *cli, const silbe_item *item, silbe_report *report,
                             silbe_err *err)
{
    silbe_item_evaluation evaluation;
    silbe_status status = silbe_item_evaluation_run(&cli->config, item, &evaluation, err);
    if (status != SILBE_OK) {
        status = silbe_report_add_failure(report, item->work, item->version, "evaluate",
                                          err->message, err);
    } else if (evaluation.failed_stage[0] != '\0') {
        status = silbe_report_add_failure(report, item->work, item->version,
                                          evaluation.failed_stage, evaluation.failed_reason, err);
    } else {
        status = silbe_report_add_item(report, &evaluation.result, err);
        if (status != SILBE_OK && status != SILBE_ERR_MEMORY) {
            status = silbe_report_add_failure(report, item->work, item->version, "evaluate",
                                              err->message, err);
        }
    }
    for (size_t i = 0; i < evaluation.notes.n; i++) {
        silbe_log_detail(&cli->log, "%s: %s", item->name, evaluation.notes.texts[i]);
    }
    silbe_item_evaluation_free(&evaluation);
    return status;
}

static silbe_status write_report(const silbe_report *report, const char *folder, silbe_err *err)
{
    size_t size = strlen(folder) + 16;
    char *path = malloc(size);
    if (path == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", folder);
    }
    (void)snprintf(path, size, "%s/report.json", folder);
    silbe_status status = silbe_report_write_json(report, path, err);
    if (status == SILBE_OK) {
        (void)snprintf(path, size, "%s/report.md", folder);
        status = silbe_report_write_markdown(report, path, err);
    }
    free(path);
    return status;
}

static silbe_status evaluate(silbe_cli *cli, const silbe_dataset *dataset, const char *folder,
                             silbe_report *report, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < dataset->n_items && status == SILBE_OK; i++) {
        if (silbe_stage_selects(&cli->config, dataset->items[i].name)) {
            status = add_item(cli, &dataset->items[i], report, err);
        }
    }
    if (status == SILBE_OK && silbe_report_n_items(report) + silbe_report_n_failed(report) == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                            cli->config.dataset.name, cli->config.run.items);
    }
    if (status == SILBE_OK && cli->config.evaluate.notes[0] != '\0') {
        status = silbe_reference_notes_add(cli->config.evaluate.notes, dataset, &cli->config,
                                           report, err);
    }
    if (status == SILBE_OK) {
        status = silbe_report_finish(report, err);
    }
    if (status == SILBE_OK) {
        status = silbe_make_folders(folder, err);
    }
    if (status == SILBE_OK) {
        status = write_report(report, folder, err);
    }
    if (status == SILBE_OK) {
        status = silbe_report_print(report, stdout, err);
    }
    return status;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_report *report = NULL;
    char digest[SILBE_DIGEST_HEX_SIZE];
    int exit_code = SILBE_EXIT_UNABLE;
    if (!silbe_cli_start(&cli, &SPEC, argc, argv, &exit_code)) {
        return exit_code;
    }
    char *folder = silbe_stage_path(&cli.config, "score", NULL);
    silbe_report_facts facts = {.dataset = cli.config.dataset.name,
                                .mode = "score",
                                .program_version = silbe_version(),
                                .settings_digest = digest,
                                .command = cli.run.command,
                                .reference_note = cli.config.evaluate.reference_note};
    silbe_status status =
        folder == NULL
            ? silbe_fail(&err, SILBE_ERR_MEMORY, "out of memory")
            : silbe_config_digest(&cli.config, KEYS, sizeof KEYS / sizeof KEYS[0], digest, &err);
    if (status == SILBE_OK) {
        status = silbe_open_dataset(&cli, &dataset, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_stage_lock(&cli.config, SPEC.program, &lock, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_report_new(&facts, &report, &err);
    }
    if (status == SILBE_OK) {
        status = evaluate(&cli, &dataset, folder, report, &err);
    }
    if (status != SILBE_OK) {
        exit_code = silbe_cli_fail(&cli, &err);
    } else {
        silbe_log_info(&cli.log, "word times: %s/words/", folder);
        silbe_log_info(&cli.log, "report:     %s/report.md and report.json", folder);
        exit_code = silbe_report_n_failed(report) > 0 ? SILBE_EXIT_FAILED : SILBE_EXIT_OK;
    }
    silbe_report_free(report);
    silbe_lock_release(&lock);
    silbe_dataset_free(&dataset);
    free(folder);
    return silbe_cli_end(&cli, exit_code);
}
