#include "pipeline/json_file.h"

#include <stdio.h>

#include "features/base/atomic_file.h"

silbe_status silbe_json_write(const char *path, json_t *root, size_t indent, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    if (root == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status == SILBE_OK) {
        /* A failed write shows in commit, through the stream's error flag. */
        (void)json_dumpf(root, file.stream, JSON_INDENT(indent));
        (void)fputc('\n', file.stream);
        status = silbe_atomic_commit(&file, err);
    }
    json_decref(root);
    return status;
}
