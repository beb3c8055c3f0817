/*
 * SHA-256 of files and texts, in lower-case hexadecimal.
 */
#ifndef SILBE_DIGEST_H
#define SILBE_DIGEST_H

#include <stddef.h>

#include "features/base/status.h"

#define SILBE_DIGEST_HEX_SIZE 65 /* SHA-256 in hexadecimal, with the final zero */

/* Of size bytes. */
void silbe_digest_bytes(const void *data, size_t size, char hex[SILBE_DIGEST_HEX_SIZE]);

/* Of a regular file's content. SILBE_ERR_IO with path and reason if it cannot be read whole. */
SILBE_MUST_CHECK silbe_status silbe_digest_file(const char *path, char hex[SILBE_DIGEST_HEX_SIZE],
                                                silbe_err *err);

#endif
