#include "features/base/read_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

enum { FIRST_BYTES = 1 << 16 };

/* Up to max_bytes + 1 bytes, the last of which tells that there are too many, and a zero. */
static void read_stream(FILE *stream, const char *path, size_t max_bytes, char **bytes,
                        size_t *n_bytes, silbe_err *err)
{
    size_t capacity = FIRST_BYTES;
    *bytes = silbe_need(malloc(capacity), "a file's bytes", err);
    for (size_t n = 1; n > 0 && *n_bytes <= max_bytes && !silbe_failed(err); *n_bytes += n) {
        *bytes = silbe_grow(*bytes, *n_bytes + 1, &capacity, 1, "bytes of a file", err);
        size_t room = capacity - *n_bytes - 1, left = max_bytes + 1 - *n_bytes;
        n = silbe_failed(err) ? 0 : fread(*bytes + *n_bytes, 1, room < left ? room : left, stream);
        if (ferror(stream)) {
            (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
        }
    }
}

silbe_status silbe_read_file(const char *path, size_t max_bytes, char **bytes, size_t *n_bytes,
                             silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *bytes = NULL;
    *n_bytes = 0;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    read_stream(stream, path, max_bytes, bytes, n_bytes, err);
    (void)fclose(stream);
    if (silbe_failed(err)) {
        free(*bytes);
        *bytes = NULL;
        *n_bytes = 0;
    } else {
        (*bytes)[*n_bytes] = '\0';
    }
    return err->status;
}
