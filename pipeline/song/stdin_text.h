/*
 * A text that is piped in.
 */
#ifndef SILBE_STDIN_TEXT_H
#define SILBE_STDIN_TEXT_H

#include <stddef.h>

#include "features/base/status.h"

/* All bytes of standard input, 16 MiB at most; a zero follows them. The caller frees *text.
 * SILBE_ERR_DATA if there is more, or nothing; SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_stdin_text_read(char **text, size_t *n_bytes, silbe_err *err);

#endif
