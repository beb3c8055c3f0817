#define _POSIX_C_SOURCE 200809L
#include "pipeline/song/seal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "pipeline/host/digest.h"
#include "pipeline/host/read_text.h"

static const char SEAL[] = "digest";

static int is_sealed(const struct dirent *item)
{
    return strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
           strcmp(item->d_name, SEAL) != 0;
}

/* alphasort would follow the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* text, freed, with the file's digest and name behind it. */
static char *add_file(char *text, const char *folder, const char *name, silbe_err *err)
{
    char digest[SILBE_DIGEST_HEX_SIZE];
    char *path = silbe_join_path(folder, name, err);
    silbe_try(err, silbe_digest_file(path, digest, err));
    char *longer = silbe_format(err, "%s%s %s\n", text, digest, name);
    free(path);
    free(text);
    return longer;
}

/* A line for each file, by name; the caller frees it. */
static char *list_digests(const char *folder, silbe_err *err)
{
    struct dirent **items = NULL;
    int n = scandir(folder, &items, is_sealed, compare_names);
    char *text = silbe_format(err, "%s", "");
    if (n < 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_IO, "%s: %s", folder, strerror(errno)));
    }
    for (int i = 0; i < n; i++) {
        text = add_file(text, folder, items[i]->d_name, err);
        free(items[i]);
    }
    free(items);
    return text;
}

silbe_status silbe_seal_write(const char *folder, silbe_err *err)
{
    silbe_err own;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    err = silbe_err_begin(err, &own);
    char *text = list_digests(folder, err), *path = silbe_join_path(folder, SEAL, err);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        (void)fputs(text, file.stream); /* commit checks the stream */
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
    free(path);
    free(text);
    return err->status;
}

bool silbe_seal_holds(const char *folder)
{
    silbe_err err = SILBE_ERR_INIT;
    char *noted = NULL;
    size_t n_bytes = 0;
    char *text = list_digests(folder, &err), *path = silbe_join_path(folder, SEAL, &err);
    silbe_try(&err, silbe_read_text(path, &noted, &n_bytes, &err));
    bool holds = !silbe_failed(&err) && strcmp(noted, text) == 0;
    free(noted);
    free(path);
    free(text);
    return holds;
}
