/* One double as a vector of one: what strip_kernel.h needs, in plain C. */
#include <math.h>
#include <string.h>

#include "align/softdtw/engine.h"

#if !defined(__GNUC__)
#define __attribute__(x)
#endif
#define TARGET
#define VEC_LANES 1

typedef double vec;

static inline uint64_t bits_of(double a)
{
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    return bits;
}
static inline double of_bits(uint64_t bits)
{
    double a;
    memcpy(&a, &bits, sizeof a);
    return a;
}
static inline vec vec_load(const double *p)
{
    return *p;
}
static inline void vec_store(double *p, vec a)
{
    *p = a;
}
static inline vec vec_set(double a)
{
    return a;
}
static inline vec vec_add(vec a, vec b)
{
    return a + b;
}
static inline vec vec_sub(vec a, vec b)
{
    return a - b;
}
static inline vec vec_mul(vec a, vec b)
{
    return a * b;
}
static inline vec vec_max(vec a, vec b)
{
    return a > b ? a : b;
}
static inline vec vec_less(vec a, vec b, vec x, vec y)
{
    return a < b ? x : y;
}
static inline vec vec_or(vec a, vec b)
{
    return of_bits(bits_of(a) | bits_of(b));
}
static inline vec vec_and(vec a, vec b)
{
    return of_bits(bits_of(a) & bits_of(b));
}
static inline vec vec_bits_up(vec a)
{
    return of_bits(bits_of(a) << 52);
}
static inline vec vec_bits_down(vec a)
{
    return of_bits(bits_of(a) >> 52);
}
static inline vec vec_next_down(vec before, vec a)
{
    (void)a;
    return before;
}
static inline vec vec_next_up(vec a, vec after)
{
    (void)a;
    return after;
}
