/*
 * Small files for tests, below the current folder (the build folder).
 */
#ifndef SILBE_TESTS_TEMP_FOLDER_H
#define SILBE_TESTS_TEMP_FOLDER_H

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

static inline int temp_remove_entry(const char *path, const struct stat *info, int kind,
                                    struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

/* Empties or makes the folder; path is relative to the current one. */
static inline void temp_folder(const char *path)
{
    (void)nftw(path, temp_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(path, 0777), 0);
}

/* Makes the folders on the way to folder/name and writes n_bytes there. */
static inline void temp_write_bytes(const char *folder, const char *name, const void *bytes,
                                    size_t n_bytes)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(path, 0777) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, n_bytes, stream), n_bytes);
    assert_int_equal(fclose(stream), 0);
}

static inline void temp_write(const char *folder, const char *name, const char *text)
{
    temp_write_bytes(folder, name, text, strlen(text));
}

#endif
