/*
 * Comparers for qsort: ascending. Of numbers none may be NaN.
 */
#ifndef SILBE_COMPARE_H
#define SILBE_COMPARE_H

#include <string.h>

/* Of const double. */
static inline int silbe_compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of const float. */
static inline int silbe_compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Of const char *, by bytes. */
static inline int silbe_compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#endif
