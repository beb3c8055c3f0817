#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/stage_item.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/record.h"

/* The record of the item that made stem, a name below an earlier stage's folder: "X.chroma.npy" or
 * "words/X.csv" belong to X.record.json. False when there is none. */
static bool find_record(const char *stage_folder, const char *name, silbe_record *record)
{
    const char *slash = strrchr(name, '/');
    char *stem = strdup(slash != NULL ? slash + 1 : name);
    bool found = false;
    for (char *dot = NULL; stem != NULL && !found && (dot = strrchr(stem, '.')) != NULL;) {
        *dot = '\0';
        char *path = silbe_path_format("%s/%s.record.json", stage_folder, stem);
        found = path != NULL && silbe_record_read(path, record, NULL) == SILBE_OK;
        free(path);
    }
    free(stem);
    return found;
}

/* An input that an earlier stage made must not be taken when that stage failed on it later: it is
 * a leftover. */
static void check_made(const char *input, const char *stage, silbe_err *err)
{
    silbe_record record = SILBE_RECORD_INIT;
    int stage_length = (int)strcspn(stage, "/");
    char *folder = strndup(input, (size_t)(stage - input) + (size_t)stage_length);
    if (folder != NULL && find_record(folder, stage + stage_length + 1, &record) && !record.ok) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "the stage %.*s failed: %s", stage_length, stage,
                         record.reason);
    } else if (access(input, F_OK) != 0 && errno == ENOENT) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s is missing; run the stage %.*s first", input,
                         stage_length, stage);
    }
    free(folder);
    silbe_record_free(&record);
}

static void check_input(const silbe_config *config, const char *input, silbe_err *err)
{
    char *made = silbe_chain_folder(config, NULL, err);
    size_t length = made != NULL ? strlen(made) : 0;
    if (made != NULL && strncmp(input, made, length) == 0 && input[length] == '/') {
        if (strchr(input + length + 1, '/') != NULL) {
            check_made(input, input + length + 1, err);
        }
    } else if (made != NULL && access(input, F_OK) != 0 && errno == ENOENT) {
        (void)silbe_fail(err, SILBE_ERR_IO,
                         "%s: there is no such file; put it there, or take the item's other files "
                         "away",
                         input);
    }
    free(made);
}

static void add_inputs(const silbe_stage_run_context *c, const silbe_stage_item *item,
                       silbe_record *record, silbe_err *err)
{
    for (size_t i = 0; i < item->inputs.n && !silbe_failed(err); i++) {
        check_input(c->config, item->inputs.paths[i], err);
        silbe_try(err, silbe_record_add_input(record, item->inputs.paths[i], err));
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Moves a temporary output to its place. */
static void move_output(const char *from, const char *to, silbe_err *err)
{
    char *folder = silbe_copy_text(to, err);
    if (folder != NULL) {
        *strrchr(folder, '/') = '\0';
    }
    silbe_try(err, silbe_make_folders(folder, err));
    if (!silbe_failed(err) && rename(from, to) != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: renaming failed: %s", to, strerror(errno));
    }
    free(folder);
}

/* Runs the item's function into temp_folder, then moves what it wrote. The old files are touched
 * only when every new one is there. */
static void make_outputs(const silbe_stage_run_context *c, const silbe_stage_item *item,
                         const char *temp_folder, silbe_record *record, silbe_item_report *report,
                         silbe_err *err)
{
    const silbe_stage_files *outputs = &item->outputs;
    char **temps = silbe_alloc(outputs->n, sizeof *temps, "outputs", err);
    for (size_t i = 0; i < outputs->n && !silbe_failed(err); i++) {
        temps[i] = silbe_join_path(temp_folder, last_part(outputs->paths[i]), err);
    }
    silbe_try(err, silbe_make_folders(temp_folder, err));
    silbe_try(err, c->stage->run(c->stage->context, item, (const char *const *)temps, report, err));
    for (size_t i = 0; i < outputs->n && !silbe_failed(err); i++) {
        silbe_try(err, silbe_record_add_output(record, outputs->paths[i], temps[i], err));
    }
    for (size_t i = 0; i < outputs->n && !silbe_failed(err); i++) {
        char *final = silbe_join_path(c->folder, outputs->paths[i], err);
        move_output(temps[i], final, err);
        free(final);
    }
    for (size_t i = 0; temps != NULL && i < outputs->n; i++) {
        free(temps[i]);
    }
    free(temps);
    /* The first failure is the one to report. */
    silbe_status removed = silbe_remove_tree(temp_folder, silbe_failed(err) ? NULL : err);
    silbe_try(err, removed);
}

/* Whether the record at path says that nothing is to be done. */
static bool is_up_to_date(const silbe_stage_run_context *c, const silbe_stage_item *item,
                          const char *record_path, const silbe_record *wanted,
                          silbe_item_report *report)
{
    silbe_record old = SILBE_RECORD_INIT;
    const char *why = NULL;
    if (c->config->run.force || silbe_record_read(record_path, &old, NULL) != SILBE_OK) {
        return false;
    }
    bool current = silbe_record_is_current(
        &old, wanted, c->folder, (const char *const *)item->outputs.paths, item->outputs.n, &why);
    if (!current) {
        silbe_item_note(report, "done again because %s", why);
    }
    report->up_to_date = current;
    report->audio_s = current ? old.audio_s : 0;
    silbe_record_free(&old);
    return current;
}

silbe_status silbe_stage_run_item(void *context, size_t index, silbe_item_report *report,
                                  silbe_err *err)
{
    const silbe_stage_run_context *c = context;
    const silbe_stage_item *item = &c->stage->items[index];
    silbe_err own;
    silbe_record record = SILBE_RECORD_INIT;
    double start_s = silbe_clock_s();
    err = silbe_err_begin(err, &own);
    char *record_path = silbe_format(err, "%s/%s.record.json", c->folder, item->name);
    char *temp_folder = silbe_format(err, "%s/%s.tmp.%ld", c->folder, item->name, (long)getpid());
    if (silbe_failed(err)) {
        goto done;
    }
    (void)snprintf(record.version, sizeof record.version, "%s", silbe_version());
    memcpy(record.program_sha256, c->run->program_sha256, sizeof record.program_sha256);
    memcpy(record.settings_sha256, c->settings_sha256, sizeof record.settings_sha256);
    add_inputs(c, item, &record, err);
    if (!silbe_failed(err) && is_up_to_date(c, item, record_path, &record, report)) {
        goto done;
    }
    if (!silbe_failed(err)) {
        make_outputs(c, item, temp_folder, &record, report, err);
    }
    record.ok = !silbe_failed(err);
    record.audio_s = report->audio_s;
    record.wall_s = silbe_clock_s() - start_s;
    memcpy(record.reason, err->message, sizeof record.reason);
    silbe_status written = silbe_record_write(record_path, &record, record.ok ? err : NULL);
    silbe_try(err, written);
done:
    silbe_record_free(&record);
    free(record_path);
    free(temp_folder);
    return err->status;
}
