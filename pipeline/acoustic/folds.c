#include "pipeline/acoustic/folds.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/path.h"
#include "pipeline/host/json_file.h"

static const char FORMAT[] = "silbe-folds";
enum { VERSION = 1 };

bool silbe_folds_is_file(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".json") == 0;
}

static json_t *to_json(const silbe_fold *folds, size_t n_folds)
{
    json_t *list = json_array();
    for (size_t k = 0; k < n_folds; k++) {
        json_t *works = json_array();
        for (size_t i = 0; i < folds[k].n_works; i++) {
            if (json_array_append_new(works, json_string(folds[k].works[i])) != 0) {
                json_decref(works);
                json_decref(list);
                return NULL;
            }
        }
        json_t *fold = json_pack("{s:s, s:o}", "weights", folds[k].weights, "works", works);
        if (fold == NULL || json_array_append_new(list, fold) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return json_pack("{s:s, s:i, s:o}", "format", FORMAT, "version", VERSION, "folds", list);
}

silbe_status silbe_folds_write(const char *path, const silbe_fold *folds, size_t n_folds,
                               silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    json_t *root = to_json(folds, n_folds);
    if (root == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory, or a name that is not UTF-8",
                          path);
    }
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status == SILBE_OK &&
        (json_dumpf(root, file.stream, JSON_INDENT(1)) != 0 || fputc('\n', file.stream) == EOF)) {
        status = silbe_fail(err, SILBE_ERR_IO, "%s: cannot be written", path);
    }
    if (status == SILBE_OK) {
        status = silbe_atomic_commit(&file, err);
    }
    silbe_atomic_abort(&file);
    json_decref(root);
    return status;
}

static silbe_status malformed(const char *path, const char *what, silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_FORMAT,
                      "%s: %s; silbe-train with train.folds writes such files", path, what);
}

/* A name in the file at path is meant beside that file. */
static silbe_status find_beside(const char *path, const char *name, char **found, silbe_err *err)
{
    const char *slash = strrchr(path, '/');
    int n_folder = slash != NULL && name[0] != '/' ? (int)(slash - path) + 1 : 0;
    *found = silbe_path_format("%.*s%s", n_folder, path, name);
    return *found != NULL ? SILBE_OK : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
}

static silbe_status search(const char *path, const json_t *root, const char *work,
                           char **weights_path, silbe_err *err)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    if (format == NULL || strcmp(format, FORMAT) != 0) {
        return malformed(path, "\"format\" should be \"silbe-folds\"", err);
    }
    if (json_integer_value(json_object_get(root, "version")) != VERSION) {
        return malformed(path, "\"version\" should be 1", err);
    }
    const json_t *folds = json_object_get(root, "folds");
    if (!json_is_array(folds)) {
        return malformed(path, "\"folds\" should be a list", err);
    }
    for (size_t k = 0; k < json_array_size(folds); k++) {
        const json_t *fold = json_array_get(folds, k);
        const char *weights = json_string_value(json_object_get(fold, "weights"));
        const json_t *works = json_object_get(fold, "works");
        if (weights == NULL || weights[0] == '\0' || !json_is_array(works)) {
            char what[128];
            (void)snprintf(what, sizeof what,
                           "folds[%zu] should have \"weights\", a name, and \"works\", a list", k);
            return malformed(path, what, err);
        }
        for (size_t i = 0; i < json_array_size(works); i++) {
            const char *name = json_string_value(json_array_get(works, i));
            if (name != NULL && strcmp(name, work) == 0) {
                return find_beside(path, weights, weights_path, err);
            }
        }
    }
    return silbe_fail(err, SILBE_ERR_MISMATCH,
                      "%s: the work \"%.200s\" is in no fold; run silbe-train on the whole dataset "
                      "again",
                      path, work);
}

silbe_status silbe_folds_find(const char *path, const char *work, char **weights_path,
                              silbe_err *err)
{
    json_t *root = NULL;
    *weights_path = NULL;
    silbe_status status = silbe_json_read(path, &root, err);
    if (status != SILBE_OK) {
        return status;
    }
    status = search(path, root, work, weights_path, err);
    json_decref(root);
    return status;
}
