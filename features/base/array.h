/*
 * Growing arrays. The owner keeps pointer, count and capacity itself.
 */
#ifndef SILBE_ARRAY_H
#define SILBE_ARRAY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * Makes room for one more than n_used items of item_size bytes; *capacity counts items. Returns the
 * array, moved if need be, or NULL if memory is short (items then stays valid). Capacity doubles,
 * so n pushes cost O(n).
 */
static inline void *silbe_array_grow(void *items, size_t n_used, size_t *capacity, size_t item_size)
{
    if (n_used < *capacity) {
        return items;
    }
    size_t wanted = *capacity < 8 ? 8 : 2 * *capacity;
    if (wanted > SIZE_MAX / 2 / item_size) {
        return NULL;
    }
    void *moved = realloc(items, wanted * item_size);
    if (moved != NULL) {
        *capacity = wanted;
    }
    return moved;
}

/*
 * Likewise for owners that keep no capacity: it is 8, 16, 32, ... items, by n_used. Every item is
 * appended by way of this function.
 */
static inline void *silbe_array_append(void *items, size_t n_used, size_t item_size)
{
    size_t capacity = 0; /* where items is NULL */
    if (items != NULL) {
        for (capacity = 8; capacity < n_used; capacity *= 2) {
        }
    }
    return silbe_array_grow(items, n_used, &capacity, item_size);
}

#endif
