#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "features/base/memory.h"
#include "features/base/path.h"
#include "pipeline/host/digest.h"
#include "pipeline/host/json_file.h"

static const char FORMAT[] = "silbe record 1";

void silbe_record_free(silbe_record *record)
{
    for (size_t i = 0; i < record->n_inputs; i++) {
        free(record->inputs[i].path);
    }
    for (size_t i = 0; i < record->n_outputs; i++) {
        free(record->outputs[i].path);
    }
    free(record->inputs);
    free(record->outputs);
    *record = (silbe_record)SILBE_RECORD_INIT;
}

static void append(silbe_record_file **files, size_t *n_files, const char *path, const char *sha256,
                   silbe_err *err)
{
    *files = silbe_grow(*files, *n_files, NULL, sizeof **files, "files", err);
    char *copy = silbe_copy_text(path, err);
    if (copy != NULL) {
        silbe_record_file *file = &(*files)[(*n_files)++];
        file->path = copy;
        (void)snprintf(file->sha256, SILBE_DIGEST_HEX_SIZE, "%s", sha256);
    }
}

silbe_status silbe_record_add_input(silbe_record *record, const char *path, silbe_err *err)
{
    silbe_err own;
    char sha256[SILBE_DIGEST_HEX_SIZE];
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_digest_file(path, sha256, err));
    append(&record->inputs, &record->n_inputs, path, sha256, err);
    return err->status;
}

silbe_status silbe_record_add_output(silbe_record *record, const char *name, const char *path,
                                     silbe_err *err)
{
    silbe_err own;
    char sha256[SILBE_DIGEST_HEX_SIZE];
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_digest_file(path, sha256, err));
    append(&record->outputs, &record->n_outputs, name, sha256, err);
    return err->status;
}

/* Copies a text to an array of size bytes. */
static void copy_text(const char *key, const char *from, char *to, size_t size, silbe_err *err)
{
    if (!silbe_failed(err) && (size_t)snprintf(to, size, "%s", from) >= size) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "\"%s\" is longer than %zu bytes", key, size - 1);
    }
}

static void get_files(const json_t *array, const char *key, silbe_record_file **files,
                      size_t *n_files, silbe_err *err)
{
    for (size_t i = 0; i < json_array_size(array) && !silbe_failed(err); i++) {
        const char *path = NULL, *sha256 = NULL;
        char place[64], digest[SILBE_DIGEST_HEX_SIZE];
        const silbe_json_field wanted[] = {{"path", 's', &path}, {"sha256", 's', &sha256}};
        (void)snprintf(place, sizeof place, "%s[%zu]: ", key, i);
        silbe_try(err, silbe_json_take(json_array_get(array, i), place, wanted, 2, false, err));
        copy_text("sha256", sha256, digest, sizeof digest, err);
        append(files, n_files, path, digest, err);
    }
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    silbe_record *record = target;
    const char *format = NULL, *outcome = NULL, *texts[4] = {NULL};
    const json_t *inputs = NULL, *outputs = NULL;
    const silbe_json_field wanted[] = {
        {"format", 's', &format},           {"status", 's', &outcome},
        {"reason", 's', &texts[0]},         {"settings", 's', &texts[1]},
        {"version", 's', &texts[2]},        {"program", 's', &texts[3]},
        {"audio_s", 'F', &record->audio_s}, {"wall_s", 'F', &record->wall_s},
        {"inputs", 'a', &inputs},           {"outputs", 'a', &outputs},
    };
    silbe_try(err, silbe_json_take(root, "", wanted, sizeof wanted / sizeof wanted[0], false, err));
    if (!silbe_failed(err) && strcmp(format, FORMAT) != 0) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "\"format\" is not \"%s\"", FORMAT);
    }
    copy_text("reason", texts[0], record->reason, sizeof record->reason, err);
    copy_text("settings", texts[1], record->settings_sha256, sizeof record->settings_sha256, err);
    copy_text("version", texts[2], record->version, sizeof record->version, err);
    copy_text("program", texts[3], record->program_sha256, sizeof record->program_sha256, err);
    record->ok = !silbe_failed(err) && strcmp(outcome, "ok") == 0;
    get_files(inputs, "inputs", &record->inputs, &record->n_inputs, err);
    get_files(outputs, "outputs", &record->outputs, &record->n_outputs, err);
}

silbe_status silbe_record_read(const char *path, silbe_record *record, silbe_err *err)
{
    *record = (silbe_record)SILBE_RECORD_INIT;
    silbe_status status = silbe_json_parse(path, parse, record, err);
    if (status != SILBE_OK) {
        silbe_record_free(record);
    }
    return status;
}

static json_t *files_as_json(const silbe_record_file *files, size_t n_files)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n_files; i++) {
        /* A path need not be UTF-8; the record only shows it. */
        json_t *path = json_string(files[i].path);
        json_t *file =
            json_pack("{s:o, s:s}", "path", path != NULL ? path : json_string("(not UTF-8)"),
                      "sha256", files[i].sha256);
        if (file == NULL || json_array_append_new(array, file) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *as_json(const silbe_record *record)
{
    json_t *reason = json_string(record->reason);
    json_t *inputs = files_as_json(record->inputs, record->n_inputs);
    json_t *outputs = files_as_json(record->outputs, record->n_outputs);
    /* json_pack takes the three over, also when it fails. */
    return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:f, s:f}", "format", FORMAT,
                     "status", record->ok ? "ok" : "failed", "reason",
                     reason != NULL ? reason : json_string("(the reason is not UTF-8)"), "version",
                     record->version, "program", record->program_sha256, "settings",
                     record->settings_sha256, "inputs", inputs, "outputs", outputs, "audio_s",
                     record->audio_s, "wall_s", record->wall_s);
}

silbe_status silbe_record_write(const char *path, const silbe_record *record, silbe_err *err)
{
    return silbe_json_write(path, as_json(record), 2, err);
}

static bool same_inputs(const silbe_record *a, const silbe_record *b)
{
    bool same = a->n_inputs == b->n_inputs;
    for (size_t i = 0; same && i < a->n_inputs; i++) {
        same = strcmp(a->inputs[i].sha256, b->inputs[i].sha256) == 0;
    }
    return same;
}

/* The outputs of old, by name, exist below folder as they were written. */
static bool outputs_unharmed(const silbe_record *old, const char *folder,
                             const char *const *output_names, size_t n_output_names)
{
    bool unharmed = old->n_outputs == n_output_names;
    for (size_t i = 0; unharmed && i < n_output_names; i++) {
        char sha256[SILBE_DIGEST_HEX_SIZE];
        char *path = silbe_path_join(folder, output_names[i]);
        unharmed = strcmp(old->outputs[i].path, output_names[i]) == 0 && path != NULL &&
                   silbe_digest_file(path, sha256, NULL) == SILBE_OK &&
                   strcmp(sha256, old->outputs[i].sha256) == 0;
        free(path);
    }
    return unharmed;
}

bool silbe_record_is_current(const silbe_record *old, const silbe_record *wanted,
                             const char *folder, const char *const *output_names,
                             size_t n_output_names, const char **why)
{
    const char *reason = NULL;
    if (!old->ok) {
        reason = "it failed before";
    } else if (strcmp(old->version, wanted->version) != 0 ||
               strcmp(old->program_sha256, wanted->program_sha256) != 0) {
        reason = "the program changed";
    } else if (strcmp(old->settings_sha256, wanted->settings_sha256) != 0) {
        reason = "settings changed";
    } else if (!same_inputs(old, wanted)) {
        reason = "an input changed";
    } else if (!outputs_unharmed(old, folder, output_names, n_output_names)) {
        reason = "a result file is missing or was changed";
    }
    if (why != NULL) {
        *why = reason != NULL ? reason : "";
    }
    return reason == NULL;
}
