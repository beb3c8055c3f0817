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

#define PATH_SIZE 4096

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

silbe_status silbe_demo_put_folder(const char *made, const char *folder, bool is_old, bool *exists,
                                   silbe_err *err)
{
    char aside[PATH_SIZE];
    *exists = false;
    int length = snprintf(aside, sizeof aside, "%s.old.%ld", folder, (long)getpid());
    if (length < 0 || length >= PATH_SIZE) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%.60s...: the name is too long", folder);
    }
    if (is_old && rename(folder, aside) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be moved aside: %s", folder,
                          strerror(errno));
    }
    if (rename(made, folder) != 0) {
        int reason = errno;
        if (is_old) {
            (void)rename(aside, folder);
        }
        if (!is_old && (reason == ENOTEMPTY || reason == EEXIST)) {
            *exists = true;
            return SILBE_OK;
        }
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be renamed to %s: %s", made, folder,
                          strerror(reason));
    }
    if (is_old) {
        silbe_demo_remove_tree(aside);
    }
    return SILBE_OK;
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
    char parent[PATH_SIZE];
    int length =
        snprintf(parent, sizeof parent, "%.*s", slash == NULL ? 1 : (int)(slash - folder) + 1,
                 slash == NULL ? "." : folder);
    DIR *entries = length > 0 && length < PATH_SIZE ? opendir(parent) : NULL;
    if (entries == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_SIZE];
        long pid = owner_of(entry->d_name, base);
        if (pid == 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH) {
            continue;
        }
        length = snprintf(path, sizeof path, "%s/%s", parent, entry->d_name);
        if (length > 0 && length < PATH_SIZE) {
            silbe_demo_remove_tree(path);
        }
    }
    (void)closedir(entries);
}
