#include "features/base/path.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *silbe_path_format_list(const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

char *silbe_path_format(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = silbe_path_format_list(format, list);
    va_end(list);
    return text;
}

char *silbe_path_join(const char *folder, const char *name)
{
    size_t n = strlen(folder);
    bool has_slash = n > 0 && folder[n - 1] == '/';
    return silbe_path_format("%s%s%s", folder, has_slash ? "" : "/", name);
}
