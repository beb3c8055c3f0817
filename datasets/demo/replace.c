#define _XOPEN_SOURCE 700
#include "datasets/demo/replace.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

void silbe_demo_remove_tree(const char *folder)
{
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Renames made to folder; true if something is there that may not be replaced. */
static bool put_new(const char *made, const char *folder, silbe_err *err)
{
    if (rename(made, folder) == 0) {
        return false;
    }
    if (errno == ENOTEMPTY || errno == EEXIST) {
        return true;
    }
    (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be renamed to %s: %s", made, folder,
                     strerror(errno));
    return false;
}

static void replace_old(const char *made, const char *folder, silbe_err *err)
{
    char *aside = silbe_format(err, "%s.old.%ld", folder, (long)getpid());
    if (aside == NULL) {
        return;
    }
    if (rename(folder, aside) != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be moved aside: %s", folder,
                         strerror(errno));
    } else if (rename(made, folder) != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be renamed to %s: %s", made, folder,
                         strerror(errno));
        (void)rename(aside, folder);
    } else {
        silbe_demo_remove_tree(aside);
    }
    free(aside);
}

bool silbe_demo_put_folder(const char *made, const char *folder, bool is_old, silbe_err *err)
{
    if (silbe_failed(err)) {
        return false;
    }
    if (is_old) {
        replace_old(made, folder, err);
        return false;
    }
    return put_new(made, folder, err);
}

/* The process id in BASE.tmp.PID or BASE.old.PID, 0 if the name is of another kind. */
static long owner_of(const char *name, const char *base)
{
    size_t length = strlen(base);
    if (strncmp(name, base, length) != 0 ||
        (strncmp(name + length, ".tmp.", 5) != 0 && strncmp(name + length, ".old.", 5) != 0)) {
        return 0;
    }
    char *end = NULL;
    long pid = strtol(name + length + 5, &end, 10);
    return *end == '\0' && pid > 0 ? pid : 0;
}

void silbe_demo_sweep(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    const char *base = slash == NULL ? folder : slash + 1;
    char *parent = slash == NULL ? silbe_path_format(".")
                                 : silbe_path_format("%.*s", (int)(slash - folder) + 1, folder);
    DIR *entries = parent != NULL ? opendir(parent) : NULL;
    for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;) {
        long pid = owner_of(entry->d_name, base);
        if (pid == 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH) {
            continue;
        }
        char *path = silbe_path_join(parent, entry->d_name);
        if (path != NULL) {
            silbe_demo_remove_tree(path);
        }
        free(path);
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    free(parent);
}
