#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/stage_item.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/path.h"
#include "pipeline/host/work_folder.h"
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
static silbe_status check_upstream(const silbe_config *config, const char *input, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    silbe_record record = SILBE_RECORD_INIT;
    char *prefix = silbe_stage_path(config, "", NULL);
    if (prefix == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", input);
    }
    size_t length = strlen(prefix);
    const char *stage = strncmp(input, prefix, length) == 0 ? input + length : NULL;
    const char *slash = stage != NULL ? strchr(stage, '/') : NULL;
    if (slash != NULL) {
        int stage_length = (int)(slash - stage);
        char *folder = strndup(input, (size_t)(slash - input));
        if (folder != NULL && find_record(folder, slash + 1, &record) && !record.ok) {
            status = silbe_fail(err, SILBE_ERR_DATA, "the stage %.*s failed: %s", stage_length,
                                stage, record.reason);
        } else if (access(input, F_OK) != 0 && errno == ENOENT) {
            status = silbe_fail(err, SILBE_ERR_IO, "%s is missing; run the stage %.*s first", input,
                                stage_length, stage);
        }
        free(folder);
    }
    if (stage == NULL && access(input, F_OK) != 0 && errno == ENOENT) {
        status = silbe_fail(err, SILBE_ERR_IO,
                            "%s: there is no such file; put it there, or take the item's other "
                            "files away",
                            input);
    }
    free(prefix);
    silbe_record_free(&record);
    return status;
}

static silbe_status add_inputs(const silbe_stage_run_context *c, const silbe_stage_item *item,
                               silbe_record *record, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; status == SILBE_OK && i < item->n_inputs; i++) {
        status = check_upstream(c->config, item->inputs[i], err);
        if (status == SILBE_OK) {
            status = silbe_record_add_input(record, item->inputs[i], err);
        }
    }
    return status;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Moves temporary output k to its place. */
static silbe_status move_output(const char *from, const char *to, silbe_err *err)
{
    char *folder = strdup(to);
    if (folder == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", to);
    }
    *strrchr(folder, '/') = '\0';
    silbe_status status = silbe_make_folders(folder, err);
    free(folder);
    if (status == SILBE_OK && rename(from, to) != 0) {
        status = silbe_fail(err, SILBE_ERR_IO, "%s: renaming failed: %s", to, strerror(errno));
    }
    return status;
}

/* Runs the item's function into temp_folder, then moves what it wrote. The old files are touched
 * only when every new one is there. */
static silbe_status make_outputs(const silbe_stage_run_context *c, const silbe_stage_item *item,
                                 const char *temp_folder, silbe_record *record,
                                 silbe_item_report *report, silbe_err *err)
{
    silbe_status status = SILBE_ERR_MEMORY;
    char **temps = calloc(item->n_outputs + 1, sizeof *temps);
    for (size_t i = 0; i < item->n_outputs; i++) {
        if (temps == NULL ||
            (temps[i] = silbe_path_join(temp_folder, last_part(item->outputs[i]))) == NULL) {
            (void)silbe_fail(err, status, "%s: out of memory", item->name);
            goto done;
        }
    }
    status = silbe_make_folders(temp_folder, err);
    if (status == SILBE_OK) {
        status = c->stage->run(c->stage->context, item, (const char *const *)temps, report, err);
    }
    for (size_t i = 0; status == SILBE_OK && i < item->n_outputs; i++) {
        status = silbe_record_add_output(record, item->outputs[i], temps[i], err);
    }
    for (size_t i = 0; status == SILBE_OK && i < item->n_outputs; i++) {
        char *final = silbe_path_join(c->folder, item->outputs[i]);
        status = final != NULL ? move_output(temps[i], final, err)
                               : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", item->name);
        free(final);
    }
done:
    for (size_t i = 0; temps != NULL && i < item->n_outputs; i++) {
        free(temps[i]);
    }
    free(temps);
    silbe_status removed = silbe_remove_tree(temp_folder, status == SILBE_OK ? err : NULL);
    return status == SILBE_OK ? removed : status;
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
        &old, wanted, c->folder, (const char *const *)item->outputs, item->n_outputs, &why);
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
    silbe_status status = SILBE_ERR_MEMORY;
    silbe_record record = SILBE_RECORD_INIT;
    char suffix[32];
    double start_s = silbe_clock_s();
    (void)snprintf(suffix, sizeof suffix, ".tmp.%ld", (long)getpid());
    char *record_path = silbe_path_format("%s/%s.record.json", c->folder, item->name);
    char *temp_folder = silbe_path_format("%s/%s%s", c->folder, item->name, suffix);
    if (record_path == NULL || temp_folder == NULL) {
        (void)silbe_fail(err, status, "%s: out of memory", item->name);
        goto done;
    }
    (void)snprintf(record.version, sizeof record.version, "%s", silbe_version());
    memcpy(record.program_sha256, c->run->program_sha256, sizeof record.program_sha256);
    memcpy(record.settings_sha256, c->settings_sha256, sizeof record.settings_sha256);
    status = add_inputs(c, item, &record, err);
    if (status == SILBE_OK && is_up_to_date(c, item, record_path, &record, report)) {
        goto done;
    }
    if (status == SILBE_OK) {
        status = make_outputs(c, item, temp_folder, &record, report, err);
    }
    record.ok = status == SILBE_OK;
    record.audio_s = report->audio_s;
    record.wall_s = silbe_clock_s() - start_s;
    if (!record.ok && err != NULL) {
        memcpy(record.reason, err->message, sizeof record.reason);
    }
    /* The first failure is the one to report. */
    silbe_status written = silbe_record_write(record_path, &record, record.ok ? err : NULL);
    status = record.ok ? written : status;
done:
    silbe_record_free(&record);
    free(record_path);
    free(temp_folder);
    return status;
}
