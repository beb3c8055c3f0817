#include "pipeline/read_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 16, MAX_SIZE = 1 << 24 };

silbe_status silbe_read_text(const char *path, char **text, size_t *n_bytes, silbe_err *err)
{
    silbe_status status = SILBE_ERR_IO;
    char *bytes = NULL;
    size_t n = 0;
    size_t got = 0;
    FILE *stream = fopen(path, "rb");
    *text = NULL;
    *n_bytes = 0;
    if (stream == NULL) {
        return silbe_fail(err, status, "%s: cannot be read: %s", path, strerror(errno));
    }
    do {
        char *more = realloc(bytes, n + BLOCK_SIZE + 1);
        if (more == NULL) {
            status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
            goto done;
        }
        bytes = more;
        got = fread(bytes + n, 1, BLOCK_SIZE, stream);
        n += got;
        if (n > MAX_SIZE) {
            status =
                silbe_fail(err, SILBE_ERR_DATA, "%s: is larger than %d MiB", path, MAX_SIZE >> 20);
            goto done;
        }
    } while (got > 0);
    if (ferror(stream)) {
        (void)silbe_fail(err, status, "%s: reading failed: %s", path, strerror(errno));
        goto done;
    }
    bytes[n] = '\0';
    *text = bytes;
    *n_bytes = n;
    bytes = NULL;
    status = SILBE_OK;
done:
    (void)fclose(stream);
    free(bytes);
    return status;
}
