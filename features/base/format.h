/*
 * Paths and other texts of any length.
 */
#ifndef SILBE_FORMAT_H
#define SILBE_FORMAT_H

#include "features/base/status.h"

/* What printf would print, of any length, to be freed by the caller; a step (status.h, failure that
 * sticks): NULL after a failure. */
char *silbe_format(silbe_err *err, const char *format, ...) SILBE_PRINTF(2, 3);

/* "folder/name", with one slash between them; likewise. */
char *silbe_join_path(const char *folder, const char *name, silbe_err *err);

#endif
