#define _POSIX_C_SOURCE 200809L
#include "pipeline/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "features/base/array.h"
#include "pipeline/digest.h"
#include "pipeline/json_file.h"

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

static silbe_status append(silbe_record_file **files, size_t *n_files, const char *path,
                           const char *sha256, silbe_err *err)
{
    silbe_record_file *more = silbe_array_append(*files, *n_files, sizeof *more);
    char *copy = strdup(path);
    if (more != NULL) {
        *files = more;
    }
    if (more == NULL || copy == NULL) {
        free(copy);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    more[*n_files].path = copy;
    (void)snprintf(more[*n_files].sha256, SILBE_DIGEST_HEX_SIZE, "%s", sha256);
    (*n_files)++;
    return SILBE_OK;
}

silbe_status silbe_record_add_input(silbe_record *record, const char *path, silbe_err *err)
{
    char sha256[SILBE_DIGEST_HEX_SIZE];
    silbe_status status = silbe_digest_file(path, sha256, err);
    return status == SILBE_OK ? append(&record->inputs, &record->n_inputs, path, sha256, err)
                              : status;
}

silbe_status silbe_record_add_output(silbe_record *record, const char *name, const char *path,
                                     silbe_err *err)
{
    char sha256[SILBE_DIGEST_HEX_SIZE];
    silbe_status status = silbe_digest_file(path, sha256, err);
    return status == SILBE_OK ? append(&record->outputs, &record->n_outputs, name, sha256, err)
                              : status;
}

/* Copies the text at key; false if it is missing, not a text, or too long. */
static bool get_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    int length = value != NULL ? snprintf(text, size, "%s", value) : -1;
    return length >= 0 && (size_t)length < size;
}

static silbe_status get_files(const json_t *object, const char *key, silbe_record_file **files,
                              size_t *n_files, silbe_err *err)
{
    const json_t *array = json_object_get(object, key);
    if (!json_is_array(array)) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "\"%s\" is not a list", key);
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *file = json_array_get(array, i);
        const char *path = json_string_value(json_object_get(file, "path"));
        char sha256[SILBE_DIGEST_HEX_SIZE];
        if (path == NULL || !get_text(file, "sha256", sha256, sizeof sha256)) {
            return silbe_fail(err, SILBE_ERR_FORMAT, "\"%s\": entry %zu lacks path or sha256", key,
                              i + 1);
        }
        silbe_status status = append(files, n_files, path, sha256, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status parse(const json_t *root, silbe_record *record, silbe_err *err)
{
    char format[sizeof FORMAT];
    char outcome[16];
    if (!get_text(root, "format", format, sizeof format) || strcmp(format, FORMAT) != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "\"format\" is not \"%s\"", FORMAT);
    }
    const json_t *audio_s = json_object_get(root, "audio_s");
    const json_t *wall_s = json_object_get(root, "wall_s");
    if (!get_text(root, "status", outcome, sizeof outcome) ||
        !get_text(root, "reason", record->reason, sizeof record->reason) ||
        !get_text(root, "settings", record->settings_sha256, sizeof record->settings_sha256) ||
        !get_text(root, "version", record->version, sizeof record->version) ||
        !get_text(root, "program", record->program_sha256, sizeof record->program_sha256) ||
        !json_is_number(audio_s) || !json_is_number(wall_s)) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "a field is missing or of the wrong type");
    }
    record->ok = strcmp(outcome, "ok") == 0;
    record->audio_s = json_number_value(audio_s);
    record->wall_s = json_number_value(wall_s);
    silbe_status status = get_files(root, "inputs", &record->inputs, &record->n_inputs, err);
    return status == SILBE_OK
               ? get_files(root, "outputs", &record->outputs, &record->n_outputs, err)
               : status;
}

silbe_status silbe_record_read(const char *path, silbe_record *record, silbe_err *err)
{
    json_error_t error;
    *record = (silbe_record)SILBE_RECORD_INIT;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        bool is_unreadable = json_error_code(&error) == json_error_cannot_open_file;
        return silbe_fail(err, is_unreadable ? SILBE_ERR_IO : SILBE_ERR_FORMAT, "%s:%d:%d: %s",
                          path, error.line, error.column, error.text);
    }
    silbe_status status = parse(root, record, err);
    json_decref(root);
    if (status != SILBE_OK) {
        silbe_record_free(record);
        return silbe_fail_prefix(err, status, path);
    }
    return SILBE_OK;
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
        char path[SILBE_CONFIG_PATH_SIZE];
        int length = snprintf(path, sizeof path, "%s/%s", folder, output_names[i]);
        unharmed = strcmp(old->outputs[i].path, output_names[i]) == 0 && length > 0 &&
                   (size_t)length < sizeof path &&
                   silbe_digest_file(path, sha256, NULL) == SILBE_OK &&
                   strcmp(sha256, old->outputs[i].sha256) == 0;
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
