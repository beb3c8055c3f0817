#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/work_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 32 };

static bool is_temporary(const char *name)
{
    const char *suffix = NULL;
    for (const char *at = name; (at = strstr(at, ".tmp.")) != NULL; at++) {
        suffix = at + strlen(".tmp.");
    }
    return suffix != NULL && *suffix != '\0' && suffix[strspn(suffix, "0123456789")] == '\0';
}

static silbe_status visit(const char *path, bool remove_all, int depth, silbe_err *err);

/* Visits what is in the folder; it is gone or unreadable otherwise. */
static silbe_status visit_folder(const char *path, bool remove_all, int depth, silbe_err *err)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return errno == ENOENT
                   ? SILBE_OK
                   : silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    silbe_status status = SILBE_OK;
    struct dirent *entry = NULL;
    while (status == SILBE_OK && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        size_t size = strlen(path) + strlen(entry->d_name) + 2;
        char *child = malloc(size);
        if (child == NULL) {
            status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
            break;
        }
        (void)snprintf(child, size, "%s/%s", path, entry->d_name);
        status = visit(child, remove_all || is_temporary(entry->d_name), depth + 1, err);
        free(child);
    }
    (void)closedir(folder);
    return status;
}

static silbe_status visit(const char *path, bool remove_all, int depth, silbe_err *err)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        return errno == ENOENT ? SILBE_OK
                               : silbe_fail(err, SILBE_ERR_IO, "%s: cannot be looked at: %s", path,
                                            strerror(errno));
    }
    bool is_folder = S_ISDIR(info.st_mode);
    if (is_folder && depth < MAX_DEPTH) {
        silbe_status status = visit_folder(path, remove_all, depth, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    if (remove_all && (is_folder ? rmdir(path) : unlink(path)) != 0 && errno != ENOENT) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be removed: %s", path, strerror(errno));
    }
    return SILBE_OK;
}

silbe_status silbe_remove_tree(const char *path, silbe_err *err)
{
    return visit(path, true, 0, err);
}

silbe_status silbe_remove_stale(const char *folder, silbe_err *err)
{
    return visit(folder, false, 0, err);
}
