#include "pipeline/train/learn/random.h"

#include <math.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t silbe_random_next(silbe_random *random)
{
    random->state += 0x9e3779b97f4a7c15ULL;
    return mix(random->state);
}

double silbe_random_uniform(silbe_random *random)
{
    return (double)(silbe_random_next(random) >> 11) * 0x1.0p-53;
}

double silbe_random_between(silbe_random *random, double low, double high)
{
    return low + (high - low) * silbe_random_uniform(random);
}

size_t silbe_random_below(silbe_random *random, size_t n)
{
    /* Numbers from the last whole multiple of n on are drawn again. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t number;
    do {
        number = silbe_random_next(random);
    } while (number >= limit);
    return (size_t)(number % n);
}

double silbe_random_normal(silbe_random *random)
{
    const double two_pi = 6.283185307179586;
    double radius = sqrt(-2.0 * log(1.0 - silbe_random_uniform(random)));
    return radius * cos(two_pi * silbe_random_uniform(random));
}

silbe_random silbe_random_fork(const silbe_random *random, uint64_t i)
{
    /* Mixed twice, so that neighbouring forks do not share a stretch of one sequence. */
    return (silbe_random){mix(mix(random->state ^ 0x6a09e667f3bcc909ULL) + mix(i + 1))};
}

silbe_random silbe_random_named(uint64_t seed, const char *name)
{
    silbe_random random = {seed};
    for (const char *c = name; *c != '\0'; c++) {
        random.state = random.state * 1099511628211ULL + (unsigned char)*c;
    }
    return random;
}
