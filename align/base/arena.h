/*
 * Carving of memory that belongs to the caller, for all engines: one function takes the arrays, and
 * the same calls count (memory NULL) and hand out. Sizes stick at SIZE_MAX once they overflow, so
 * that one look at the sum, used, is enough.
 */
#ifndef SILBE_ALIGN_BASE_ARENA_H
#define SILBE_ALIGN_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum { SILBE_ARENA_ALIGN = 64 }; /* bytes, of every array */

typedef struct {
    char *base;  /* NULL: only count */
    size_t used; /* bytes; after counting, what the memory has to have */
} silbe_arena;

/* a + b and a * b, SIZE_MAX where they overflow. */
static inline size_t silbe_size_add(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static inline size_t silbe_size_mul(size_t a, size_t b)
{
    return a != 0 && b > SIZE_MAX / a ? SIZE_MAX : a * b;
}

/* memory may have any alignment: its first SILBE_ARENA_ALIGN - 1 bytes are reserved for that. */
static inline silbe_arena silbe_arena_at(void *memory)
{
    silbe_arena arena = {NULL, SILBE_ARENA_ALIGN};
    if (memory != NULL) {
        size_t off = (size_t)((uintptr_t)memory % SILBE_ARENA_ALIGN);
        arena.base = (char *)memory + (off == 0 ? 0 : SILBE_ARENA_ALIGN - off);
        arena.used = 0;
    }
    return arena;
}

/* n items of item_size bytes, aligned; NULL while counting. */
static inline void *silbe_arena_take(silbe_arena *arena, size_t n, size_t item_size)
{
    size_t begin = arena->used;
    size_t bytes = silbe_size_add(silbe_size_mul(n, item_size), SILBE_ARENA_ALIGN - 1);
    bytes = bytes == SIZE_MAX ? bytes : bytes / SILBE_ARENA_ALIGN * SILBE_ARENA_ALIGN;
    arena->used = silbe_size_add(begin, bytes);
    return arena->base == NULL ? NULL : arena->base + begin;
}

#endif
