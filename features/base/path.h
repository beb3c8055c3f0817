/*
 * Paths, and other short texts, in memory of their own. Any length: nothing is cut off.
 */
#ifndef SILBE_PATH_H
#define SILBE_PATH_H

#include <stdarg.h>

/* "folder/name", with one slash between them; the caller frees it; NULL if memory is short. */
char *silbe_path_join(const char *folder, const char *name);

/* What printf would print; the caller frees it; NULL if memory is short. */
__attribute__((format(printf, 1, 2))) char *silbe_path_format(const char *format, ...);
__attribute__((format(printf, 1, 0))) char *silbe_path_format_list(const char *format,
                                                                   va_list list);

#endif
