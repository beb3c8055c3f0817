#define _XOPEN_SOURCE 700
#include "pipeline/page/audio_link.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"

enum { BLOCK_BYTES = 1 << 16 };

/* Both paths resolved, without final '/': the way from one to the other. NULL without memory. */
static char *relative_path(const char *folder, const char *file)
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
    char *path = malloc(3 * n_up + strlen(file + common) + 1);
    for (size_t i = 0; path != NULL && i < n_up; i++) {
        memcpy(path + 3 * i, "../", 3);
    }
    if (path != NULL) {
        memcpy(path + 3 * n_up, file + common, strlen(file + common) + 1);
    }
    return path;
}

static char *percent_encode(const char *path)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *url = malloc(3 * strlen(path) + 1), *out = url;
    for (const unsigned char *at = (const unsigned char *)path; url != NULL && *at != '\0'; at++) {
        if (*at < 0x80 && (isalnum(*at) || strchr("-._~/", *at) != NULL)) {
            *out++ = (char)*at;
        } else {
            *out++ = '%';
            *out++ = HEX[*at >> 4];
            *out++ = HEX[*at & 15];
        }
    }
    if (url != NULL) {
        *out = '\0';
    }
    return url;
}

silbe_status silbe_page_relative_url(const char *folder, const char *file, char **url,
                                     silbe_err *err)
{
    silbe_status status = SILBE_ERR_IO;
    char *path = NULL;
    *url = NULL;
    char *from = realpath(folder, NULL);
    if (from == NULL) {
        return silbe_fail(err, status, "%s: %s", folder, strerror(errno));
    }
    char *to = realpath(file, NULL);
    if (to == NULL) {
        (void)silbe_fail(err, status, "%s: %s", file, strerror(errno));
        goto done;
    }
    path = relative_path(from, to);
    *url = path != NULL ? percent_encode(path) : NULL;
    status = *url != NULL ? SILBE_OK : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", file);
done:
    free(from);
    free(to);
    free(path);
    return status;
}

silbe_status silbe_page_copy_file(const char *from, const char *to, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *block = malloc(BLOCK_BYTES);
    FILE *in = fopen(from, "rb");
    silbe_status status = SILBE_ERR_IO;
    if (block == NULL || in == NULL) {
        status = block == NULL ? SILBE_ERR_MEMORY : SILBE_ERR_IO;
        (void)silbe_fail(err, status, "%s: %s", from, strerror(errno));
        goto done;
    }
    status = silbe_atomic_open(&file, to, err);
    if (status != SILBE_OK) {
        goto done;
    }
    size_t n = 0;
    while ((n = fread(block, 1, BLOCK_BYTES, in)) > 0 && fwrite(block, 1, n, file.stream) == n) {
    }
    if (ferror(in)) {
        silbe_atomic_abort(&file);
        status = silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", from, strerror(errno));
        goto done;
    }
    status = silbe_atomic_commit(&file, err);
done:
    if (in != NULL) {
        (void)fclose(in);
    }
    free(block);
    return status;
}
