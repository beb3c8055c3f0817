#include "pipeline/acoustic/folds.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "features/base/format.h"
#include "pipeline/host/json_file.h"
#include "pipeline/settings/config_paths.h"

static const char FORMAT[] = "silbe-folds";
enum { VERSION = 1 };

bool silbe_folds_is_named(const char *paths, char path[SILBE_CONFIG_PATH_SIZE])
{
    bool is_one = silbe_config_n_paths(paths) == 1 && silbe_config_next_path(&paths, path);
    size_t n = is_one ? strlen(path) : 0;
    return n > 5 && strcmp(path + n - 5, ".json") == 0;
}

/* NULL without memory, or for a name that is not UTF-8. */
static json_t *to_json(const silbe_fold *folds, size_t n_folds)
{
    json_t *list = json_array();
    bool ok = true;
    for (size_t k = 0; k < n_folds; k++) {
        json_t *works = json_array();
        for (size_t i = 0; i < folds[k].n_works; i++) {
            ok = json_array_append_new(works, json_string(folds[k].works[i])) == 0 && ok;
        }
        json_t *fold = json_pack("{s:s, s:o}", "weights", folds[k].weights, "works", works);
        ok = json_array_append_new(list, fold) == 0 && ok;
    }
    json_t *root =
        json_pack("{s:s, s:i, s:o}", "format", FORMAT, "version", VERSION, "folds", list);
    if (!ok) {
        json_decref(root);
    }
    return ok ? root : NULL;
}

silbe_status silbe_folds_write(const char *path, const silbe_fold *folds, size_t n_folds,
                               silbe_err *err)
{
    json_t *root = to_json(folds, n_folds);
    if (root == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory, or a name that is not UTF-8",
                          path);
    }
    return silbe_json_write(path, root, 1, err);
}

/* What is looked for in a file, and found. */
typedef struct {
    const char *path, *work;
    char *weights_path; /* owned */
} fold_search;

/* A name in the file at path is meant beside that file. */
static char *find_beside(const char *path, const char *name, silbe_err *err)
{
    const char *slash = strrchr(path, '/');
    int n_folder = slash != NULL && name[0] != '/' ? (int)(slash - path) + 1 : 0;
    return silbe_format(err, "%.*s%s", n_folder, path, name);
}

static bool has_work(const json_t *works, const char *work)
{
    bool has = false;
    for (size_t i = 0; i < json_array_size(works) && !has; i++) {
        const char *name = json_string_value(json_array_get(works, i));
        has = name != NULL && strcmp(name, work) == 0;
    }
    return has;
}

static void search_fold(const json_t *fold, size_t k, fold_search *s, silbe_err *err)
{
    const char *weights = "";
    const json_t *works = NULL;
    const silbe_json_field wanted[] = {{"weights", 's', &weights}, {"works", 'a', &works}};
    char place[64];
    (void)snprintf(place, sizeof place, "folds[%zu]: ", k);
    silbe_try(err, silbe_json_take(fold, place, wanted, 2, false, err));
    if (!silbe_failed(err) && weights[0] == '\0') {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s\"weights\" is empty", place);
    }
    if (!silbe_failed(err) && has_work(works, s->work)) {
        s->weights_path = find_beside(s->path, weights, err);
    }
}

static void search_folds(const json_t *root, fold_search *s, silbe_err *err)
{
    const char *format = "";
    json_int_t version = 0;
    const json_t *folds = NULL;
    const silbe_json_field kind[] = {{"format", 's', &format}};
    const silbe_json_field wanted[] = {{"version", 'I', &version, VERSION, VERSION},
                                       {"folds", 'a', &folds}};
    silbe_try(err, silbe_json_take(root, "", kind, 1, false, err));
    if (!silbe_failed(err) && strcmp(format, FORMAT) != 0) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "\"format\" should be \"%s\"", FORMAT);
    }
    silbe_try(err, silbe_json_take(root, "", wanted, 2, false, err));
    for (size_t k = 0; k < json_array_size(folds) && s->weights_path == NULL && !silbe_failed(err);
         k++) {
        search_fold(json_array_get(folds, k), k, s, err);
    }
    if (!silbe_failed(err) && s->weights_path == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "the work \"%.200s\" is in no fold; run silbe train on the whole dataset "
                         "again",
                         s->work);
    }
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    search_folds(root, target, err);
    if (err->status == SILBE_ERR_FORMAT) {
        silbe_err problem = *err;
        (void)silbe_fail(err, problem.status,
                         "%.900s; silbe train with train.folds writes such files", problem.message);
    }
}

silbe_status silbe_folds_find(const char *path, const char *work, char **weights_path,
                              silbe_err *err)
{
    fold_search search = {.path = path, .work = work};
    silbe_status status = silbe_json_parse(path, parse, &search, err);
    *weights_path = search.weights_path;
    return status;
}
