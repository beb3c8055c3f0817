#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/work_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/format.h"

enum { MAX_DEPTH = 32 };

static bool is_temporary(const char *name)
{
    const char *suffix = NULL;
    for (const char *at = name; (at = strstr(at, ".tmp.")) != NULL; at++) {
        suffix = at + strlen(".tmp.");
    }
    return suffix != NULL && *suffix != '\0' && suffix[strspn(suffix, "0123456789")] == '\0';
}

static void visit(const char *path, bool remove_all, int depth, silbe_err *err);

static void visit_entry(const char *folder, const char *name, bool remove_all, int depth,
                        silbe_err *err)
{
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
        char *path = silbe_join_path(folder, name, err);
        visit(path, remove_all || is_temporary(name), depth + 1, err);
        free(path);
    }
}

/* Visits what is in the folder; it is gone or unreadable otherwise. */
static void visit_folder(const char *path, bool remove_all, int depth, silbe_err *err)
{
    struct dirent *entry = NULL;
    DIR *folder = opendir(path);
    if (folder == NULL && errno != ENOENT) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    while (folder != NULL && !silbe_failed(err) && (entry = readdir(folder)) != NULL) {
        visit_entry(path, entry->d_name, remove_all, depth, err);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}

static void visit(const char *path, bool remove_all, int depth, silbe_err *err)
{
    struct stat info;
    if (silbe_failed(err)) {
        return;
    }
    if (lstat(path, &info) != 0) {
        if (errno != ENOENT) {
            (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be looked at: %s", path,
                             strerror(errno));
        }
        return;
    }
    bool is_folder = S_ISDIR(info.st_mode);
    if (is_folder && depth < MAX_DEPTH) {
        visit_folder(path, remove_all, depth, err);
    }
    if (!silbe_failed(err) && remove_all && (is_folder ? rmdir(path) : unlink(path)) != 0 &&
        errno != ENOENT) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be removed: %s", path, strerror(errno));
    }
}

silbe_status silbe_remove_tree(const char *path, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    visit(path, true, 0, err);
    return err->status;
}

silbe_status silbe_remove_stale(const char *folder, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    visit(folder, false, 0, err);
    return err->status;
}
