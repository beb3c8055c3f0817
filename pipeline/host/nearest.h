/*
 * The word that was probably meant, for "did you mean".
 */
#ifndef SILBE_NEAREST_H
#define SILBE_NEAREST_H

#include <stddef.h>

/* Longer words are not compared. */
enum { SILBE_NEAREST_MAX_LENGTH = 63 };

/* Least number of letters (bytes) to insert, delete or replace, and of neighbours to exchange, that
 * turns the first n_a bytes of a into the first n_b of b: the optimal string alignment distance.
 * Both at most SILBE_NEAREST_MAX_LENGTH. */
size_t silbe_edit_distance(const char *a, size_t n_a, const char *b, size_t n_b);

/* The best of a running search; the first of equals wins. */
typedef struct {
    const char *word; /* NULL: none near enough so far */
    size_t distance;
} silbe_nearest;

#define SILBE_NEAREST_INIT                                                                         \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Offers a candidate for the first `length` bytes of `typed`. Near enough is what differs in no
 * more than a third of the letters typed, one at least. */
void silbe_nearest_offer(silbe_nearest *nearest, const char *typed, size_t length,
                         const char *candidate);

#endif
