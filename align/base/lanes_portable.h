/*
 * Vectors of doubles, for kernels that are written once for all instruction sets: here one lane in
 * plain C, which says what every operation means; lanes_avx2.h and lanes_avx512.h have the same
 * names. A source of a kernel includes one of them and then the kernel. Rounding is that of single
 * operations everywhere, so a kernel gives the same bits with all of them as long as its lanes do
 * not depend on SILBE_LANES.
 *
 * SILBE_LANES         doubles of a vec
 * SILBE_LANES_TARGET  attribute of functions that use it
 * SILBE_LANES_INLINE  the same for functions that become part of their callers
 * vec, vec_mask       doubles, and a truth value for each of them
 */
#ifndef SILBE_ALIGN_BASE_LANES_H
#define SILBE_ALIGN_BASE_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SILBE_LANES 1
#define SILBE_LANES_TARGET
#if defined(__GNUC__)
#define SILBE_LANES_INLINE static inline __attribute__((always_inline))
#else
#define SILBE_LANES_INLINE static inline
#endif

typedef double vec;
typedef int vec_mask;

/* Any alignment. */
SILBE_LANES_INLINE vec vec_load(const double *p)
{
    return *p;
}

SILBE_LANES_INLINE void vec_store(double *p, vec a)
{
    *p = a;
}

/* From floats, aligned to as many of them as there are lanes. */
SILBE_LANES_INLINE vec vec_load_floats(const float *p)
{
    return (double)*p;
}

/* The same in all lanes; and that of lane 0. */
SILBE_LANES_INLINE vec vec_set(double a)
{
    return a;
}

SILBE_LANES_INLINE double vec_first(vec a)
{
    return a;
}

SILBE_LANES_INLINE vec vec_add(vec a, vec b)
{
    return a + b;
}

SILBE_LANES_INLINE vec vec_sub(vec a, vec b)
{
    return a - b;
}

SILBE_LANES_INLINE vec vec_mul(vec a, vec b)
{
    return a * b;
}

SILBE_LANES_INLINE vec vec_div(vec a, vec b)
{
    return a / b;
}

SILBE_LANES_INLINE vec vec_max(vec a, vec b)
{
    return a > b ? a : b;
}

SILBE_LANES_INLINE vec vec_min(vec a, vec b)
{
    return a < b ? a : b;
}

/* a < b; on where the mask is, off elsewhere; the mask as bits, lane 0 the lowest; and back, higher
 * bits do not count. */
SILBE_LANES_INLINE vec_mask vec_less(vec a, vec b)
{
    return a < b;
}

SILBE_LANES_INLINE vec vec_pick(vec_mask mask, vec on, vec off)
{
    return mask ? on : off;
}

SILBE_LANES_INLINE unsigned vec_bits_of(vec_mask mask)
{
    return mask != 0;
}

SILBE_LANES_INLINE vec_mask vec_mask_of(uint32_t bits)
{
    return (bits & 1) != 0;
}

/* Max(a, b) where the mask is on, b elsewhere. */
SILBE_LANES_INLINE vec vec_max_where(vec_mask mask, vec a, vec b)
{
    return mask && a > b ? a : b;
}

/* Of the bits. */
SILBE_LANES_INLINE uint64_t vec_to_bits(double a)
{
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    return bits;
}

SILBE_LANES_INLINE double vec_from_bits(uint64_t bits)
{
    double a;
    memcpy(&a, &bits, sizeof a);
    return a;
}

SILBE_LANES_INLINE vec vec_or(vec a, vec b)
{
    return vec_from_bits(vec_to_bits(a) | vec_to_bits(b));
}

SILBE_LANES_INLINE vec vec_and(vec a, vec b)
{
    return vec_from_bits(vec_to_bits(a) & vec_to_bits(b));
}

/* Bits shifted up by 52, a whole number in the low bits becomes an exponent; and down: the exponent
 * becomes a whole number. */
SILBE_LANES_INLINE vec vec_bits_up(vec a)
{
    return vec_from_bits(vec_to_bits(a) << 52);
}

SILBE_LANES_INLINE vec vec_bits_down(vec a)
{
    return vec_from_bits(vec_to_bits(a) >> 52);
}

/* 2^d for whole d <= 1023, and 2^least for d below least >= -1023; 2^-1023 is 0 here. 2^52 + 1023
 * + d has the bits of 1023 + d in its lowest places; they belong into the exponent. */
SILBE_LANES_INLINE vec vec_pow2(vec d, double least)
{
    return vec_bits_up(vec_add(vec_max(d, vec_set(least)), vec_set(0x1p52 + 1023.0)));
}

/* m 2^d, d <= 0 a whole number; 0 or anything below 2^-700 m where d < -1022. */
SILBE_LANES_INLINE vec vec_scale(vec m, vec d)
{
    return vec_mul(m, vec_pow2(d, -1023.0));
}

/* Lane j gets lane j - 1 of a, lane 0 the last one of before. */
SILBE_LANES_INLINE vec vec_next_down(vec before, vec a)
{
    (void)a;
    return before;
}

/* Lane j gets lane j + 1 of a, the last one lane 0 of after. */
SILBE_LANES_INLINE vec vec_next_up(vec a, vec after)
{
    (void)a;
    return after;
}

/* Lanes in opposite order. */
SILBE_LANES_INLINE vec vec_reverse(vec a)
{
    return a;
}

/* Lane i: *first = table[2 at[i]], *second = the one after; table 16-byte aligned. */
SILBE_LANES_INLINE void vec_look_up(const double *table, const int32_t *at, vec *first, vec *second)
{
    *first = table[(size_t)2 * (size_t)*at];
    *second = table[(size_t)2 * (size_t)*at + 1];
}

#endif
