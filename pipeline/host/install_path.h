/*
 * Where the program lies, and what was installed with it: found from there, so that an installation
 * can be moved.
 */
#ifndef SILBE_INSTALL_PATH_H
#define SILBE_INSTALL_PATH_H

#include "features/base/status.h"

/* Path of the running program, links resolved, allocated; NULL without failure where the system
 * does not tell. A step (features/base/status.h). */
char *silbe_program_path(silbe_err *err);

/*
 * Path of something that is installed with the program, "configs/swd.yaml": PREFIX/share/silbe/NAME
 * of a program in PREFIX/bin. Allocated; NULL without failure if there is no such file or folder,
 * as in a build folder. A step.
 */
char *silbe_share_path(const char *name, silbe_err *err);

/* Likewise of a program in any place, for tests. */
char *silbe_share_path_of(const char *program, const char *name, silbe_err *err);

#endif
