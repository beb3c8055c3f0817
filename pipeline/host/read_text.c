#include "pipeline/host/read_text.h"

#include <stdlib.h>

#include "features/base/read_file.h"

enum { MAX_SIZE = 1 << 24 };

silbe_status silbe_read_text(const char *path, char **text, size_t *n_bytes, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_read_file(path, MAX_SIZE, text, n_bytes, err));
    if (!silbe_failed(err) && *n_bytes > MAX_SIZE) {
        free(*text);
        *text = NULL;
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: is larger than %d MiB", path, MAX_SIZE >> 20);
    }
    return err->status;
}
