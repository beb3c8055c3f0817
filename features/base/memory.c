#include "features/base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/array.h"

void *silbe_alloc(size_t n, size_t item_size, const char *what, silbe_err *err)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    void *items = n <= SIZE_MAX / 2 / item_size ? calloc(n > 0 ? n : 1, item_size) : NULL;
    if (items == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu %s", n, what);
    }
    return items;
}

char *silbe_copy_text(const char *text, silbe_err *err)
{
    size_t size = text != NULL ? strlen(text) + 1 : 0;
    char *copy = text != NULL ? silbe_alloc(size, 1, "characters", err) : NULL;
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

void *silbe_need(void *memory, const char *what, silbe_err *err)
{
    if (memory == NULL && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %s", what);
    }
    return memory;
}

void *silbe_grow(void *items, size_t n_used, size_t *capacity, size_t item_size, const char *what,
                 silbe_err *err)
{
    if (silbe_failed(err)) {
        return items;
    }
    void *moved = capacity != NULL ? silbe_array_grow(items, n_used, capacity, item_size)
                                   : silbe_array_append(items, n_used, item_size);
    if (moved == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for more than %zu %s", n_used, what);
    }
    return moved != NULL ? moved : items;
}
