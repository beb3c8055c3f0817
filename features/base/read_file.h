/*
 * Whole files into memory.
 */
#ifndef SILBE_READ_FILE_H
#define SILBE_READ_FILE_H

#include <stddef.h>

#include "features/base/status.h"

/*
 * All bytes of a file or pipe, and a zero after them that *n_bytes does not count; the caller frees
 * *bytes. Of a file that is larger than max_bytes only max_bytes + 1 are read: *n_bytes is then
 * larger than max_bytes, and the caller says what was expected instead.
 *
 * SILBE_ERR_IO (with the system's reason), SILBE_ERR_MEMORY; *bytes is then NULL and *n_bytes 0.
 */
SILBE_MUST_CHECK silbe_status silbe_read_file(const char *path, size_t max_bytes, char **bytes,
                                              size_t *n_bytes, silbe_err *err);

#endif
