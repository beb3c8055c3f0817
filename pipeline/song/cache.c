#define _POSIX_C_SOURCE 200809L
#include "pipeline/song/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/song/seal.h"

enum { STALE_S = 24 * 3600 };

char *silbe_cache_folder(silbe_err *err)
{
    /* A relative path is to be ignored, says the XDG Base Directory Specification. */
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && cache[0] == '/') {
        return silbe_join_path(cache, "silbe", err);
    }
    return home != NULL && home[0] == '/' ? silbe_join_path(home, ".cache/silbe", err) : NULL;
}

char *silbe_cache_path(const char *folder, const char *kind, const char key[SILBE_DIGEST_HEX_SIZE],
                       silbe_err *err)
{
    return folder != NULL ? silbe_format(err, "%s/%s/%s", folder, kind, key) : NULL;
}

/* In a cache that may only be read nothing is noted or removed, but what is there is good. */
bool silbe_cache_has(const char *path)
{
    if (path == NULL || access(path, F_OK) != 0) {
        return false;
    }
    bool is_whole = silbe_seal_holds(path);
    if (is_whole) {
        (void)utimensat(AT_FDCWD, path, NULL, 0);
    } else {
        silbe_status removed = silbe_remove_tree(path, NULL);
        (void)removed; /* else it is computed again each time */
    }
    return is_whole;
}

char *silbe_cache_begin(const char *path, silbe_err *err)
{
    char *parent = silbe_copy_text(path, err);
    if (parent != NULL) {
        *strrchr(parent, '/') = '\0';
    }
    silbe_try(err, silbe_make_folders(parent, err));
    char *temporary = silbe_format(err, "%s" SILBE_CACHE_UNFINISHED "XXXXXX", path);
    if (temporary != NULL && mkdtemp(temporary) == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", parent, strerror(errno));
        free(temporary);
        temporary = NULL;
    }
    free(parent);
    return temporary;
}

void silbe_cache_end(const char *path, const char *temporary, silbe_err *err)
{
    if (temporary == NULL) {
        return;
    }
    silbe_try(err, silbe_seal_write(temporary, err));
    /* A folder with something in it is not replaced: the entry is there already then. */
    if (silbe_failed(err) || rename(temporary, path) != 0) {
        silbe_status removed = silbe_remove_tree(temporary, NULL);
        (void)removed; /* what stays is removed a day later */
    }
}

/* An entry of the cache, while it is measured. */
typedef struct {
    char *path;
    uint64_t n_bytes;
    time_t used;
    bool is_unfinished; /* a run is at work on it, or was */
    bool is_stale;      /* left by a run that was killed */
} entry;

typedef struct {
    entry *items;
    size_t n;
    uint64_t n_bytes;
} entries;

typedef void visit_fn(void *context, const char *path, const char *name, const struct stat *info);

/* Calls visit for everything in folder; nothing if it cannot be read. */
static void walk(const char *folder, visit_fn *visit, void *context)
{
    DIR *stream = opendir(folder);
    struct dirent *item = NULL;
    while (stream != NULL && (item = readdir(stream)) != NULL) {
        silbe_err err = SILBE_ERR_INIT;
        struct stat info;
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0) {
            continue;
        }
        char *path = silbe_join_path(folder, item->d_name, &err);
        if (path != NULL && lstat(path, &info) == 0) {
            visit(context, path, item->d_name, &info);
        }
        free(path);
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
}

static void add_bytes(void *context, const char *path, const char *name, const struct stat *info)
{
    uint64_t *n_bytes = context;
    (void)name;
    *n_bytes += (uint64_t)info->st_size;
    if (S_ISDIR(info->st_mode)) {
        walk(path, add_bytes, n_bytes);
    }
}

static void add_entry(void *context, const char *path, const char *name, const struct stat *info)
{
    entries *list = context;
    silbe_err err = SILBE_ERR_INIT;
    list->items = silbe_grow(list->items, list->n, NULL, sizeof *list->items, "entries", &err);
    char *copy = silbe_copy_text(path, &err);
    if (copy == NULL) {
        return;
    }
    entry *e = &list->items[list->n++];
    *e = (entry){.path = copy,
                 .used = info->st_mtime,
                 .is_unfinished = strstr(name, SILBE_CACHE_UNFINISHED) != NULL};
    e->is_stale = e->is_unfinished && time(NULL) - info->st_mtime > (time_t)STALE_S;
    add_bytes(&e->n_bytes, path, name, info);
    list->n_bytes += e->n_bytes;
}

/* Notes of what was written are small, and of no use once they are gone: they stay. */
static void add_kind(void *context, const char *path, const char *name, const struct stat *info)
{
    if (S_ISDIR(info->st_mode) && strcmp(name, SILBE_CACHE_NOTES) != 0) {
        walk(path, add_entry, context);
    }
}

static void free_entries(entries *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].path);
    }
    free(list->items);
}

/* Left-overs first, then what was used longest ago; by path where that is equal. */
static int compare_use(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->is_stale != y->is_stale) {
        return x->is_stale ? -1 : 1;
    }
    if (x->used != y->used) {
        return x->used < y->used ? -1 : 1;
    }
    return strcmp(x->path, y->path);
}

void silbe_cache_measure(const char *folder, size_t *n_entries, uint64_t *n_bytes)
{
    entries list = {0};
    if (folder != NULL) {
        walk(folder, add_kind, &list);
    }
    *n_entries = list.n;
    *n_bytes = list.n_bytes;
    free_entries(&list);
}

void silbe_cache_trim(const char *folder, uint64_t max_bytes)
{
    entries list = {0};
    if (folder == NULL) {
        return;
    }
    walk(folder, add_kind, &list);
    if (list.n > 0) {
        qsort(list.items, list.n, sizeof *list.items, compare_use);
    }
    for (size_t i = 0; i < list.n && (list.items[i].is_stale || list.n_bytes > max_bytes); i++) {
        bool is_free = list.items[i].is_stale || !list.items[i].is_unfinished;
        if (is_free && silbe_remove_tree(list.items[i].path, NULL) == SILBE_OK) {
            list.n_bytes -= list.items[i].n_bytes;
        }
    }
    free_entries(&list);
}

silbe_status silbe_cache_clear(const char *folder, silbe_err *err)
{
    return folder != NULL ? silbe_remove_tree(folder, err) : SILBE_OK;
}
