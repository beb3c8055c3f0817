/* The forward-backward kernel in plain C: vectors of one lane. */
#include <string.h>

#include "align/ctc/ctc_engine.h"

#define TARGET
#define WIDTH 1
#define GROUP 4
#define KERNEL_NAME silbe_ctc_sweep_portable

typedef double vec;
typedef int vmask;

static inline vec v_load(const double *p)
{
    return *p;
}

static inline void v_store(double *p, vec x)
{
    *p = x;
}

static inline vec v_set1(double x)
{
    return x;
}

static inline vec v_add(vec a, vec b)
{
    return a + b;
}

static inline vec v_sub(vec a, vec b)
{
    return a - b;
}

static inline vec v_mul(vec a, vec b)
{
    return a * b;
}

static inline vec v_div(vec a, vec b)
{
    return a / b;
}

static inline vec v_max(vec a, vec b)
{
    return a > b ? a : b;
}

static inline vec v_pow2(vec d)
{
    uint64_t bits = (uint64_t)(int64_t)(v_max(d, -1023.0) + 1023.0) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

static inline vec v_scale(vec m, vec d)
{
    return m * v_pow2(d);
}

static inline void v_gather(const double *table, const int32_t *at, vec *m, vec *e)
{
    *m = table[(size_t)2 * (size_t)*at];
    *e = table[(size_t)2 * (size_t)*at + 1];
}

static inline vec v_shift(vec high, vec low)
{
    (void)high;
    return low;
}

static inline vec v_reverse(vec x)
{
    return x;
}

static inline vmask v_mask(uint32_t bits)
{
    return (bits & 1) != 0;
}

static inline vec v_pick(vmask mask, vec on, vec off)
{
    return mask ? on : off;
}

#if !defined(__GNUC__)
#define __attribute__(x)
#endif
#include "align/ctc/ctc_kernel.h"
