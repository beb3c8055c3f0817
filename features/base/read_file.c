#include "features/base/read_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 1 << 16 };

/* One byte more than can be used, for the zero. */
static silbe_status read_stream(FILE *stream, const char *path, size_t max_bytes, char **bytes,
                                size_t *n_bytes, silbe_err *err)
{
    size_t wanted = max_bytes + 1; /* the last one tells that there are too many */
    size_t capacity = 0;
    while (*n_bytes == capacity && capacity < wanted) {
        size_t larger = capacity == 0 ? FIRST_BYTES : 2 * capacity;
        capacity = larger < wanted ? larger : wanted;
        char *moved = realloc(*bytes, capacity + 1);
        if (moved == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for %zu bytes of it", path,
                              capacity);
        }
        *bytes = moved;
        *n_bytes += fread(*bytes + *n_bytes, 1, capacity - *n_bytes, stream);
        if (ferror(stream)) {
            return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
        }
    }
    (*bytes)[*n_bytes] = '\0';
    return SILBE_OK;
}

silbe_status silbe_read_file(const char *path, size_t max_bytes, char **bytes, size_t *n_bytes,
                             silbe_err *err)
{
    *bytes = NULL;
    *n_bytes = 0;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    silbe_status status = read_stream(stream, path, max_bytes, bytes, n_bytes, err);
    (void)fclose(stream);
    if (status != SILBE_OK) {
        free(*bytes);
        *bytes = NULL;
        *n_bytes = 0;
    }
    return status;
}
