/* A JSON document as a file, which appears whole or not at all. */
#ifndef SILBE_JSON_FILE_H
#define SILBE_JSON_FILE_H

#include <jansson.h>
#include <stddef.h>

#include "features/base/status.h"

/* Takes over root, also after a failure; NULL (what jansson gives when memory is short) is
 * SILBE_ERR_MEMORY. indent: blanks for each level. Errors of silbe_atomic_commit. */
SILBE_MUST_CHECK silbe_status silbe_json_write(const char *path, json_t *root, size_t indent,
                                               silbe_err *err);

#endif
