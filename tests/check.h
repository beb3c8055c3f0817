/*
 * What every test uses on top of cmocka. cmocka's own float assertions accept NaN, so they are
 * banned here: check_close fails unless both values are finite and near.
 */
#ifndef SILBE_TESTS_CHECK_H
#define SILBE_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Fails unless both are finite and |got - want| <= tolerance. */
#define check_close(got, want, tolerance)                                                          \
    check_close_at((double)(got), (double)(want), (double)(tolerance), #got, __FILE__, __LINE__)

static inline void check_close_at(double got, double want, double tolerance, const char *expression,
                                  const char *file, int line)
{
    if (!isfinite(got) || !isfinite(want) || !(fabs(got - want) <= tolerance)) {
        print_error("%s = %.17g, want %.17g within %g\n", expression, got, want, tolerance);
        _fail(file, line);
    }
}

/* Fails unless status is SILBE_OK, printing the message of err (a silbe_err). */
#define check_ok(call, err)                                                                        \
    do {                                                                                           \
        if ((call) != SILBE_OK) {                                                                  \
            print_error("%s failed: %s\n", #call, (err).message);                                  \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

/* Random numbers that are the same on every machine (splitmix64). */
typedef struct {
    uint64_t state;
} check_rng;

/* Seed from the environment variable SILBE_TEST_SEED or the given default; prints it, so that a
 * failure can be repeated. */
static inline check_rng check_rng_new(uint64_t default_seed)
{
    const char *text = getenv("SILBE_TEST_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 10) : default_seed;
    print_message("seed %llu (repeat with SILBE_TEST_SEED=%llu)\n", (unsigned long long)seed,
                  (unsigned long long)seed);
    return (check_rng){seed};
}

static inline uint64_t check_random(check_rng *rng)
{
    uint64_t z = (rng->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double check_uniform(check_rng *rng)
{
    return (double)(check_random(rng) >> 11) * 0x1.0p-53;
}

#endif
