#define _XOPEN_SOURCE 700
#include "pipeline/page/audio_link.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"

enum { BLOCK_BYTES = 1 << 16 };

/* Both paths resolved, without final '/': the way from one to the other. */
static char *relative_path(const char *folder, const char *file, silbe_err *err)
{
    size_t common = 0; /* behind the last '/' up to which both are equal */
    for (size_t i = 0; folder[i] != '\0' && folder[i] == file[i]; i++) {
        common = folder[i] == '/' ? i + 1 : common;
    }
    size_t length = strlen(folder);
    if (strncmp(folder, file, length) == 0 && file[length] == '/') {
        common = length + 1;
    }
    size_t n_up = 0;
    for (const char *at = folder + (common > length ? length : common); *at != '\0';) {
        n_up++;
        at += strcspn(at, "/");
        at += *at == '/';
    }
    char *path = silbe_alloc(3 * n_up + strlen(file + common) + 1, 1, "characters", err);
    for (size_t i = 0; path != NULL && i < n_up; i++) {
        memcpy(path + 3 * i, "../", 3);
    }
    if (path != NULL) {
        memcpy(path + 3 * n_up, file + common, strlen(file + common) + 1);
    }
    return path;
}

static char *percent_encode(const char *path, silbe_err *err)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *url = silbe_alloc(3 * strlen(path) + 1, 1, "characters", err), *out = url;
    for (const unsigned char *at = (const unsigned char *)path; url != NULL && *at != '\0'; at++) {
        if (*at < 0x80 && (isalnum(*at) || strchr("-._~/", *at) != NULL)) {
            *out++ = (char)*at;
        } else {
            *out++ = '%';
            *out++ = HEX[*at >> 4];
            *out++ = HEX[*at & 15];
        }
    }
    return url;
}

static char *resolve(const char *path, silbe_err *err)
{
    char *resolved = realpath(path, NULL);
    if (resolved == NULL && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", path, strerror(errno));
    }
    return resolved;
}

silbe_status silbe_page_relative_url(const char *folder, const char *file, char **url,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *from = resolve(folder, err);
    char *to = resolve(file, err);
    char *path = !silbe_failed(err) ? relative_path(from, to, err) : NULL;
    *url = path != NULL ? percent_encode(path, err) : NULL;
    free(from);
    free(to);
    free(path);
    return err->status;
}

/* The rest of in, which is the file `from`, into the file `to`. */
static void copy_stream(FILE *in, const char *from, const char *to, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *block = silbe_alloc(BLOCK_BYTES, 1, "bytes", err);
    silbe_try(err, silbe_atomic_open(&file, to, err));
    size_t n = 0;
    while (!silbe_failed(err) && (n = fread(block, 1, BLOCK_BYTES, in)) > 0 &&
           fwrite(block, 1, n, file.stream) == n) {
    }
    if (!silbe_failed(err) && ferror(in)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", from, strerror(errno));
        silbe_atomic_abort(&file);
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    free(block);
}

silbe_status silbe_page_copy_file(const char *from, const char *to, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    FILE *in = fopen(from, "rb");
    if (in == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: %s", from, strerror(errno));
    }
    copy_stream(in, from, to, err);
    (void)fclose(in);
    return err->status;
}
