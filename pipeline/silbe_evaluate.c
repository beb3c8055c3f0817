/* silbe-evaluate: word times against the dataset's annotations, work/<dataset>/<mode>/report.*, and
 * all modes side by side, work/<dataset>/report.*. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "datasets/dataset.h"
#include "features/base/atomic_file.h"
#include "pipeline/align/mode.h"
#include "pipeline/evaluate/item_evaluation.h"
#include "pipeline/evaluate/reference_notes.h"
#include "pipeline/evaluate/report/comparison.h"
#include "pipeline/evaluate/report/report.h"
#include "pipeline/host/lock.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/cli.h"

static const silbe_cli_spec SPEC = {
    .program = "silbe-evaluate",
    .summary = "word times against the dataset's annotations",
    .details =
        "Prints a table and writes, below WORK/<dataset>/<mode>/, report.json and report.md.\n"
        "align.mode=all: those of every mode that has results, and a table of the modes side by\n"
        "side, on the same words, also in WORK/<dataset>/report.json and report.md.\n"
        "Items without reference are listed without figures; a word that has a reference and was\n"
        "not found counts as an error.",
};

/* Settings that the evaluated times depend on, beside the mode's own. */
static const char *const KEYS[] = {"features.", "labels.", "acoustic."};
enum { N_KEYS = sizeof KEYS / sizeof KEYS[0], MAX_KEYS = 32, MAX_MODES = 8 };

/* What is evaluated: a report for each mode. */
typedef struct {
    const silbe_dataset *dataset;
    silbe_report *reports[MAX_MODES]; /* owned */
    const char *names[MAX_MODES];     /* of their modes */
    size_t n_reports;
} evaluation;

static silbe_status add_item(silbe_cli *cli, const char *mode, const silbe_item *item,
                             silbe_report *report, silbe_err *err)
{
    silbe_item_evaluation found;
    silbe_status status = silbe_item_evaluation_run(&cli->config, mode, item, &found, err);
    if (status != SILBE_OK) {
        status = silbe_report_add_failure(report, item->work, item->version, "evaluate",
                                          err->message, err);
    } else if (found.failed_stage[0] != '\0') {
        status = silbe_report_add_failure(report, item->work, item->version, found.failed_stage,
                                          found.failed_reason, err);
    } else {
        status = silbe_report_add_item(report, &found.result, err);
        if (status != SILBE_OK && status != SILBE_ERR_MEMORY) {
            status = silbe_report_add_failure(report, item->work, item->version, "evaluate",
                                              err->message, err);
        }
    }
    for (size_t i = 0; i < found.notes.n; i++) {
        silbe_log_detail(&cli->log, "%s: %s", item->name, found.notes.texts[i]);
    }
    silbe_item_evaluation_free(&found);
    return status;
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
static silbe_status write_files(const silbe_report *report, const silbe_comparison *comparison,
                                const char *folder, silbe_err *err)
{
    static const struct {
        const char *name;
        file_writer write;
    } FILES[] = {{"report.json", write_json}, {"report.md", write_markdown}};
    size_t size = strlen(folder) + 16;
    char *path = malloc(size);
    silbe_status status = path != NULL
                              ? silbe_make_folders(folder, err)
                              : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", folder);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0] && status == SILBE_OK; i++) {
        (void)snprintf(path, size, "%s/%s", folder, FILES[i].name);
        status = FILES[i].write(report, comparison, path, err);
    }
    free(path);
    return status;
}

/* Digest of the settings that the mode's times depend on. */
static silbe_status digest_of(const silbe_config *config, const silbe_align_mode *mode,
                              char digest[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    const char *keys[MAX_KEYS];
    size_t n = 0;
    for (size_t i = 0; i < N_KEYS; i++) {
        keys[n++] = KEYS[i];
    }
    for (size_t i = 0; i < mode->n_keys && n < MAX_KEYS; i++) {
        keys[n++] = mode->keys[i];
    }
    return silbe_config_digest(config, keys, n, digest, err);
}

/* What only some modes have. */
static silbe_status add_phones(const silbe_config *config, const char *mode, silbe_report *report,
                               silbe_err *err)
{
    char *path = silbe_stage_path(config, mode, "phone_onsets.json");
    silbe_status status = SILBE_OK;
    if (path == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    } else if (access(path, F_OK) == 0) {
        status = silbe_report_read_phones(report, path, err);
    }
    free(path);
    return status;
}

static silbe_status fill_report(silbe_cli *cli, const silbe_dataset *dataset, const char *mode,
                                silbe_report *report, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < dataset->n_items && status == SILBE_OK; i++) {
        if (silbe_stage_selects(&cli->config, dataset->items[i].name)) {
            status = add_item(cli, mode, &dataset->items[i], report, err);
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
        status = add_phones(&cli->config, mode, report, err);
    }
    return status == SILBE_OK ? silbe_report_finish(report, err) : status;
}

/* Makes and writes the report of a mode, by its row of silbe_align_modes, and adds it to *e. */
static silbe_status evaluate_mode(silbe_cli *cli, size_t mode_index, evaluation *e, silbe_err *err)
{
    char digest[SILBE_DIGEST_HEX_SIZE];
    size_t n_modes = 0;
    const silbe_align_mode *mode = silbe_align_modes(&n_modes)[mode_index];
    silbe_config config = cli->config;
    config.align.mode = (int)mode_index; /* with align.mode=all, too */
    silbe_report_facts facts = {.dataset = cli->config.dataset.name,
                                .mode = mode->name,
                                .program_version = silbe_version(),
                                .settings_digest = digest,
                                .command = cli->run.command,
                                .reference_note = cli->config.evaluate.reference_note};
    silbe_report **report = &e->reports[e->n_reports];
    char *folder = silbe_stage_path(&cli->config, mode->name, NULL);
    silbe_status status = folder != NULL ? digest_of(&config, mode, digest, err)
                                         : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    if (status == SILBE_OK) {
        status = silbe_report_new(&facts, report, err);
    }
    if (status == SILBE_OK) {
        e->names[e->n_reports++] = mode->name;
        status = fill_report(cli, e->dataset, mode->name, *report, err);
    }
    if (status == SILBE_OK) {
        status = write_files(*report, NULL, folder, err);
    }
    free(folder);
    return status;
}

/* Whether the mode has worked on any of the items. */
static silbe_status has_results(const silbe_cli *cli, const char *mode,
                                const silbe_dataset *dataset, bool *exists, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    *exists = false;
    for (size_t i = 0; i < dataset->n_items && status == SILBE_OK && !*exists; i++) {
        if (silbe_stage_selects(&cli->config, dataset->items[i].name)) {
            status =
                silbe_item_evaluation_exists(&cli->config, mode, &dataset->items[i], exists, err);
        }
    }
    return status;
}

/* Every mode that has results, and their comparison. */
static silbe_status evaluate_all(silbe_cli *cli, evaluation *e, silbe_err *err)
{
    size_t n_modes = 0;
    const silbe_align_mode *const *modes = silbe_align_modes(&n_modes);
    silbe_comparison *comparison = NULL;
    silbe_status status = SILBE_OK;
    for (size_t m = 0; m < n_modes && status == SILBE_OK; m++) {
        bool exists = false;
        if (!silbe_align_mode_applies(modes[m], &cli->config, e->dataset)) {
            continue;
        }
        status = has_results(cli, modes[m]->name, e->dataset, &exists, err);
        if (status == SILBE_OK && exists) {
            status = evaluate_mode(cli, m, e, err);
        }
    }
    if (status == SILBE_OK && e->n_reports == 0) {
        status =
            silbe_fail(err, SILBE_ERR_DATA,
                       "dataset %.100s has no results in any mode yet; `make align` makes them",
                       cli->config.dataset.name);
    }
    if (status == SILBE_OK) {
        status = silbe_comparison_new((const silbe_report *const *)e->reports, e->n_reports,
                                      &comparison, err);
    }
    char *folder = silbe_stage_path(&cli->config, "", NULL);
    if (folder != NULL) {
        folder[strlen(folder) - 1] = '\0'; /* its slash */
    }
    if (status == SILBE_OK) {
        status = folder != NULL ? write_files(NULL, comparison, folder, err)
                                : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (status == SILBE_OK) {
        status = silbe_comparison_print(comparison, stdout, err);
    }
    if (status == SILBE_OK) {
        silbe_log_info(&cli->log, "side by side: %s/report.md and report.json", folder);
    }
    free(folder);
    silbe_comparison_free(comparison);
    return status;
}

static silbe_status evaluate_one(silbe_cli *cli, evaluation *e, silbe_err *err)
{
    silbe_status status = evaluate_mode(cli, (size_t)cli->config.align.mode, e, err);
    return status == SILBE_OK ? silbe_report_print(e->reports[0], stdout, err) : status;
}

static int end(silbe_cli *cli, const evaluation *e)
{
    size_t n_failed = 0;
    for (size_t m = 0; m < e->n_reports; m++) {
        char *folder = silbe_stage_path(&cli->config, e->names[m], NULL);
        silbe_log_info(&cli->log, "word times: %s/words/", folder != NULL ? folder : "?");
        silbe_log_info(&cli->log, "report:     %s/report.md and report.json",
                       folder != NULL ? folder : "?");
        n_failed += silbe_report_n_failed(e->reports[m]);
        free(folder);
    }
    return n_failed > 0 ? SILBE_EXIT_FAILED : SILBE_EXIT_OK;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    evaluation e = {.dataset = &dataset};
    int exit_code = SILBE_EXIT_UNABLE;
    if (!silbe_cli_start(&cli, &SPEC, argc, argv, &exit_code)) {
        return exit_code;
    }
    silbe_status status = silbe_open_dataset(&cli, &dataset, &err);
    if (status == SILBE_OK) {
        status = silbe_stage_lock(&cli.config, SPEC.program, &lock, &err);
    }
    if (status == SILBE_OK) {
        status = cli.config.align.mode == SILBE_MODE_ALL ? evaluate_all(&cli, &e, &err)
                                                         : evaluate_one(&cli, &e, &err);
    }
    exit_code = status == SILBE_OK ? end(&cli, &e) : silbe_cli_fail(&cli, &err);
    for (size_t m = 0; m < e.n_reports; m++) {
        silbe_report_free(e.reports[m]);
    }
    silbe_lock_release(&lock);
    silbe_dataset_free(&dataset);
    return silbe_cli_end(&cli, exit_code);
}
