/*
 * Memory that says in err when it is short. All functions are steps (status.h, failure that
 * sticks): err is never NULL, and they do nothing where it already holds a failure.
 */
#ifndef SILBE_MEMORY_H
#define SILBE_MEMORY_H

#include <stddef.h>

#include "features/base/status.h"

/* n items of item_size bytes, zeroed, to be freed by the caller; n may be 0. NULL after a failure,
 * its message "no memory for 12 words" where what is "words". */
void *silbe_alloc(size_t n, size_t item_size, const char *what, silbe_err *err);

/* A copy of text, to be freed by the caller; NULL after a failure, and where text is NULL. */
char *silbe_copy_text(const char *text, silbe_err *err);

/* memory, made by a function that has no err; where it is NULL, "no memory for " what. Memory that
 * was made after a failure is passed on all the same, for the caller to free. */
void *silbe_need(void *memory, const char *what, silbe_err *err);

/*
 * Makes room for one more than n_used items; as silbe_array_grow, and silbe_array_append where
 * capacity is NULL. Returns the array, moved if need be; after a failure it is still the old one,
 * so that `x->items = silbe_grow(x->items, ...)` loses nothing.
 */
void *silbe_grow(void *items, size_t n_used, size_t *capacity, size_t item_size, const char *what,
                 silbe_err *err);

#endif
