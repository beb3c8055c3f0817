#include "features/base/format.h"

#include <stdarg.h>

#include "features/base/path.h"

char *silbe_format(silbe_err *err, const char *format, ...)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    va_list list;
    va_start(list, format);
    char *text = silbe_path_format_list(format, list);
    va_end(list);
    if (text == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path or a text");
    }
    return text;
}

char *silbe_join_path(const char *folder, const char *name, silbe_err *err)
{
    char *path = silbe_failed(err) ? NULL : silbe_path_join(folder, name);
    if (path == NULL && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path");
    }
    return path;
}
