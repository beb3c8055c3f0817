/* A folder that appears whole or not at all, and what is needed to put it there. */
#ifndef SILBE_DEMO_REPLACE_H
#define SILBE_DEMO_REPLACE_H

#include <stdbool.h>

#include "features/base/status.h"

/* A step (features/base/status.h). Renames the finished folder made to folder. Whatever folder
 * holds is moved aside first and then removed if is_old; otherwise folder must be absent or empty,
 * and true (no error) says that somebody else put something there meanwhile. made and folder lie
 * side by side. */
bool silbe_demo_put_folder(const char *made, const char *folder, bool is_old, silbe_err *err);

/* Removes a folder with all it holds, as far as possible. */
void silbe_demo_remove_tree(const char *folder);

/* Removes FOLDER.tmp.PID and FOLDER.old.PID of processes that are no more: they were killed. */
void silbe_demo_sweep(const char *folder);

#endif
