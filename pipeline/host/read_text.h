/*
 * Small text files as they are.
 */
#ifndef SILBE_READ_TEXT_H
#define SILBE_READ_TEXT_H

#include <stddef.h>

#include "features/base/status.h"

/* All bytes of a file of at most 16 MiB; a zero follows them. The caller frees *text.
 * SILBE_ERR_IO, SILBE_ERR_DATA if it is larger, SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_read_text(const char *path, char **text, size_t *n_bytes,
                                              silbe_err *err);

#endif
