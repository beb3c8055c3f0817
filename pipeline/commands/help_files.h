/*
 * Manual pages and completions as files, for those who install them.
 */
#ifndef SILBE_HELP_FILES_H
#define SILBE_HELP_FILES_H

#include "features/base/status.h"

/* Writes folder/man/silbe.1, silbe-align.1, ..., silbe-settings.5 and
 * folder/completions/silbe.bash, _silbe, silbe.fish, each of them whole or not at all. What holds
 * the same bytes already stays as it is. */
SILBE_MUST_CHECK silbe_status silbe_help_files_write(const char *folder, silbe_err *err);

#endif
