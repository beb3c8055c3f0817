#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/format.h"
#include "pipeline/host/install_path.h"
#include "pipeline/settings/cli_internal.h"

static void set(silbe_config *config, const char *key, const char *value, silbe_err *err)
{
    if (!silbe_failed(err) &&
        silbe_config_set_value(config, silbe_config_find(key), value, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, "--dataset");
    }
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Neither a folder nor the name of a dataset. */
static void refuse_name(const char *dataset, silbe_err *err)
{
    char *nearest = silbe_cli_nearest_dataset(dataset, err);
    if (nearest != NULL) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "--dataset %.200s: there is no such folder, and no configs/%.200s.yaml; "
                         "did you mean %s?",
                         dataset, dataset, nearest);
    } else if (!silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "--dataset %.200s: there is no such folder, and no configs/%.200s.yaml "
                         "that describes a dataset of this name (demo and swd come with Silbe)",
                         dataset, dataset);
    }
    free(nearest);
}

static silbe_status apply_folder(silbe_config *config, const char *folder, silbe_err *err)
{
    /* Resolved, so that "." and "a/.." have names. */
    char *resolved = realpath(folder, NULL);
    if (resolved == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "--dataset %.200s: %s", folder, strerror(errno));
    }
    set(config, "dataset.kind", "folder", err);
    set(config, "dataset.name", strrchr(resolved, '/') + 1, err);
    set(config, "dataset.root", folder, err);
    set(config, "dataset.root_env", "", err);
    free(resolved);
    return err->status;
}

/* The YAML of a dataset of that name: in configs/ below the current folder, or installed.
 * Allocated; NULL if there is none. */
static char *find_config(const char *dataset, silbe_err *err)
{
    if (dataset[0] == '\0' || strchr(dataset, '/') != NULL) {
        return NULL;
    }
    char *path = silbe_format(err, "configs/%s.yaml", dataset);
    if (path != NULL && access(path, F_OK) != 0) {
        char *installed = silbe_share_path(path, err);
        free(path);
        path = installed;
    }
    return path;
}

static silbe_status refuse(const char *dataset, silbe_err *err)
{
    if (strchr(dataset, '/') != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "--dataset %.200s: there is no such folder",
                          dataset);
    }
    refuse_name(dataset, err);
    return err->status;
}

silbe_status silbe_cli_apply_dataset(silbe_config *config, const char *dataset, bool has_config,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *path = find_config(dataset, err);
    if (path != NULL && !has_config) {
        silbe_try(err, silbe_config_read(config, path, err));
    } else if (path != NULL && strcmp(config->dataset.name, dataset) != 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "--dataset %s stands for %s, but --config names another file, of dataset "
                         "\"%.100s\"; give one of the two",
                         dataset, path, config->dataset.name);
    } else if (path == NULL && dataset[0] != '\0' && is_folder(dataset)) {
        silbe_try(err, apply_folder(config, dataset, err));
    } else if (path == NULL) {
        silbe_try(err, refuse(dataset, err));
    }
    free(path);
    return err->status;
}
