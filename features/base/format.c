#include "features/base/format.h"

#include <stdarg.h>

#include "features/base/memory.h"
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
    return silbe_need(text, "a path or a text", err);
}

char *silbe_join_path(const char *folder, const char *name, silbe_err *err)
{
    return silbe_failed(err) ? NULL : silbe_need(silbe_path_join(folder, name), "a path", err);
}
