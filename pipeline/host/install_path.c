#define _XOPEN_SOURCE 700
#include "pipeline/host/install_path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/format.h"
#include "features/base/memory.h"

char *silbe_program_path(silbe_err *err)
{
    /* Linux; elsewhere nothing is found, and nothing that is needed is missing. */
    char *resolved = silbe_failed(err) ? NULL : realpath("/proc/self/exe", NULL);
    char *path = silbe_copy_text(resolved, err);
    free(resolved);
    return path;
}

char *silbe_share_path_of(const char *program, const char *name, silbe_err *err)
{
    char *path = silbe_copy_text(program, err);
    for (int up = 0; up < 2 && path != NULL; up++) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            free(path);
            path = NULL;
        } else {
            *slash = '\0';
        }
    }
    char *found = path != NULL ? silbe_format(err, "%s/share/silbe/%s", path, name) : NULL;
    free(path);
    if (found != NULL && access(found, F_OK) != 0) {
        free(found);
        found = NULL;
    }
    return found;
}

char *silbe_share_path(const char *name, silbe_err *err)
{
    char *program = silbe_program_path(err);
    char *path = silbe_share_path_of(program, name, err);
    free(program);
    return path;
}
