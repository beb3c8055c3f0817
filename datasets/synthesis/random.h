/*
 * Random numbers of the demo dataset: splitmix64 (Steele, Lea, Flood 2014), integer-exact, so that
 * a seed gives the same sequence everywhere. Every stream has its own name, so that a change in one
 * place moves nothing elsewhere.
 */
#ifndef SILBE_SYNTHESIS_RANDOM_H
#define SILBE_SYNTHESIS_RANDOM_H

#include <stdint.h>

typedef struct {
    uint64_t state;
} silbe_synth_random;

/* A stream that depends on three names only (FNV-1a of the names with a separator). */
static inline silbe_synth_random silbe_synth_random_new(const char *work, const char *version,
                                                        const char *purpose)
{
    const char *names[3] = {work, version, purpose};
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (int i = 0; i < 3; i++) {
        for (const char *c = names[i]; *c != '\0'; c++) {
            hash = (hash ^ (unsigned char)*c) * 0x100000001b3ULL;
        }
        hash = (hash ^ 0xffU) * 0x100000001b3ULL;
    }
    return (silbe_synth_random){hash};
}

static inline uint64_t silbe_synth_random_next(silbe_synth_random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double silbe_synth_uniform(silbe_synth_random *random)
{
    return (double)(silbe_synth_random_next(random) >> 11) * 0x1.0p-53;
}

/* Uniform in [low, high). */
static inline double silbe_synth_between(silbe_synth_random *random, double low, double high)
{
    return low + (high - low) * silbe_synth_uniform(random);
}

/* White noise in [-1, 1), variance 1/3; the cheap one for audio. */
static inline float silbe_synth_noise(silbe_synth_random *random)
{
    return (float)((double)(int64_t)silbe_synth_random_next(random) * 0x1.0p-63);
}

/* Near-Gaussian, mean 0, variance 1, within [-3.47, 3.47]: the sum of four uniforms (Irwin-Hall).
 * Bounded on purpose: nobody in the demo is ever wildly late. */
static inline double silbe_synth_gauss(silbe_synth_random *random)
{
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        sum += silbe_synth_uniform(random);
    }
    return (sum - 2.0) * 1.7320508075688772;
}

#endif
