/*
 * Housekeeping in a work folder.
 */
#ifndef SILBE_WORK_FOLDER_H
#define SILBE_WORK_FOLDER_H

#include "features/base/status.h"

/* Removes a file or a folder with everything below; links are removed, not followed. A path that
 * does not exist is not an error. */
SILBE_MUST_CHECK silbe_status silbe_remove_tree(const char *path, silbe_err *err);

/*
 * Removes what killed runs left below folder: every file or folder whose name ends in ".tmp." and
 * digits, the process that wrote it. The caller holds the folder's lock, so no such process can be
 * alive and at work here.
 */
SILBE_MUST_CHECK silbe_status silbe_remove_stale(const char *folder, silbe_err *err);

#endif
