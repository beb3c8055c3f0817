/*
 * Compressed MusicXML (.mxl): a ZIP archive whose META-INF/container.xml names the root file.
 * Specification: https://www.w3.org/2021/06/musicxml40/tutorial/compressed-mxl-files/
 */
#ifndef SILBE_MXL_H
#define SILBE_MXL_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/* True if the bytes begin like a ZIP archive. */
bool silbe_mxl_is_zip(const char *bytes, size_t n_bytes);

/*
 * Reads the root file of the archive into *xml (malloc, zero-terminated, caller frees) and its size
 * without the terminator into *n_bytes. At most max_bytes are inflated, whatever the archive says
 * about its sizes. SILBE_ERR_IO, SILBE_ERR_FORMAT (no archive, no container, root file missing),
 * SILBE_ERR_DATA (larger than max_bytes).
 */
SILBE_MUST_CHECK silbe_status silbe_mxl_read(const char *path, size_t max_bytes, char **xml,
                                             size_t *n_bytes, silbe_err *err);

#endif
