/*
 * Random numbers of the trainer: splitmix64 (Steele, Lea and Flood 2014). The whole state is one
 * number, which checkpoints keep; the same numbers on every machine.
 */
#ifndef SILBE_TRAIN_RANDOM_H
#define SILBE_TRAIN_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t state; /* the seed */
} silbe_random;

uint64_t silbe_random_next(silbe_random *random);

/* Uniform in [0, 1), 53 bits. */
double silbe_random_uniform(silbe_random *random);

/* Uniform in [low, high). */
double silbe_random_between(silbe_random *random, double low, double high);

/* Uniform in 0 .. n - 1, n >= 1, without bias. */
size_t silbe_random_below(silbe_random *random, size_t n);

/* Standard normal (Box and Muller, one of the pair, so that the state stays one number). */
double silbe_random_normal(silbe_random *random);

/* A stream of its own for item i: work that is shared out to threads takes one per item. Does not
 * advance *random. */
silbe_random silbe_random_fork(const silbe_random *random, uint64_t i);

/* The state that a name makes of the seed. */
silbe_random silbe_random_named(uint64_t seed, const char *name);

#endif
