/*
 * The two strip kernels, once for all instruction sets. The includer has included one of
 * align/base/lanes_*.h; every lane does the same operations in the same order whatever SILBE_LANES
 * is, hence the same bits.
 */
#include <math.h>

#include "align/softdtw/engine.h"

enum { N_VECS = SILBE_SOFTDTW_LANES / SILBE_LANES };

/* m * 2^e; m in [1, 2) */
typedef struct {
    vec m;
    vec e;
} pair;

/* 2^r for |r| <= 1/2, 1 + r p(r) with p of degree 10 by Chebyshev interpolation: off by at most
 * 6.4e-18, that is nothing beside the rounding of the sums (about 1 ulp). */
SILBE_LANES_INLINE vec exp2_fraction(vec r)
{
    static const double coefficient[] = {
        0x1.62e42fefa39efp-1,  0x1.ebfbdff82c598p-3,  0x1.c6b08d704a0c2p-5,  0x1.3b2ab6fba1ddap-7,
        0x1.5d87fe78a5276p-10, 0x1.430913096fd9fp-13, 0x1.ffcbfc670dcd4p-17, 0x1.62bfd47773353p-20,
        0x1.b524fae627834p-24, 0x1.e6063f7217bc6p-28, 0x1.e9d3fe3952179p-32,
    };
    vec sum = vec_set(coefficient[10]);
    for (int i = 9; i >= 0; i--) {
        sum = vec_add(vec_mul(sum, r), vec_set(coefficient[i]));
    }
    return vec_add(vec_mul(sum, r), vec_set(1.0));
}

/* 2^(c scale): m in 0.7 .. 1.42. The exponent is c scale rounded to a whole number by adding and
 * taking away 1.5 * 2^52. An infinite c is a forbidden cell: 0. */
SILBE_LANES_INLINE pair exp2_of_cost(vec c, vec scale)
{
    const vec round = vec_set(0x1.8p52);
    const vec infinity = vec_set((double)INFINITY);
    vec y = vec_mul(vec_pick(vec_less(c, infinity), c, vec_set(0.0)), scale);
    vec whole = vec_sub(vec_add(y, round), round);
    pair x = {exp2_fraction(vec_sub(y, whole)),
              vec_pick(vec_less(c, infinity), whole, vec_set(SILBE_ZERO_EXPONENT))};
    return x;
}

/* 2^d for whole d, -1000 <= d <= 1000; below that 2^-1000, which is nothing beside a 1. */
SILBE_LANES_INLINE vec power(vec d)
{
    return vec_pow2(d, -1000.0);
}

/* Sum of three: exponent is the largest, mantissa not yet in 1 .. 2. */
SILBE_LANES_INLINE pair sum_of(pair a, pair b, pair c)
{
    vec e = vec_max(vec_max(a.e, b.e), c.e);
    vec m = vec_mul(a.m, power(vec_sub(a.e, e)));
    m = vec_add(m, vec_mul(b.m, power(vec_sub(b.e, e))));
    m = vec_add(m, vec_mul(c.m, power(vec_sub(c.e, e))));
    pair sum = {m, e};
    return sum;
}

SILBE_LANES_INLINE pair product_of(pair a, pair b)
{
    pair product = {vec_mul(a.m, b.m), vec_add(a.e, b.e)};
    return product;
}

/* Mantissa into 1 .. 2. It is positive and normal here. */
SILBE_LANES_INLINE pair normal(pair a)
{
    static const union {
        uint64_t bits;
        double value;
    } low_bits = {0x000fffffffffffffU};
    vec exponent = vec_or(vec_bits_down(a.m), vec_set(0x1p52));
    pair out = {vec_or(vec_and(a.m, vec_set(low_bits.value)), vec_set(1.0)),
                vec_add(a.e, vec_sub(exponent, vec_set(0x1p52 + 1023.0)))};
    return out;
}

SILBE_LANES_INLINE pair load_pair(const double *m, const double *e, int v)
{
    pair p = {vec_load(m + v * SILBE_LANES), vec_load(e + v * SILBE_LANES)};
    return p;
}

SILBE_LANES_INLINE void store_pair(pair p, double *m, double *e, int v)
{
    vec_store(m + v * SILBE_LANES, p.m);
    vec_store(e + v * SILBE_LANES, p.e);
}

SILBE_LANES_INLINE pair set_pair(double m, double e)
{
    pair p = {vec_set(m), vec_set(e)};
    return p;
}

typedef struct {
    pair step[3];
    pair side[N_VECS];
    pair diag[N_VECS];
} lane_state;

SILBE_LANES_INLINE lane_state load_lanes(const silbe_softdtw_lanes *lanes)
{
    lane_state s;
    for (int k = 0; k < 3; k++) {
        s.step[k] = set_pair(lanes->step_m[k], lanes->step_e[k]);
    }
    for (int v = 0; v < N_VECS; v++) {
        s.side[v] = load_pair(lanes->side_m, lanes->side_e, v);
        s.diag[v] = load_pair(lanes->diag_m, lanes->diag_e, v);
    }
    return s;
}

SILBE_LANES_INLINE void store_lanes(const lane_state *s, silbe_softdtw_lanes *lanes)
{
    for (int v = 0; v < N_VECS; v++) {
        store_pair(s->side[v], lanes->side_m, lanes->side_e, v);
        store_pair(s->diag[v], lanes->diag_m, lanes->diag_e, v);
    }
}

/* penalties: compile-time; without them the factors of the steps are exactly 1. */
SILBE_LANES_INLINE pair by_three_steps(const lane_state *s, pair diag, pair up, pair side,
                                       int penalties)
{
    if (!penalties) {
        return sum_of(diag, up, side);
    }
    return sum_of(product_of(diag, s->step[0]), product_of(up, s->step[1]),
                  product_of(side, s->step[2]));
}

SILBE_LANES_INLINE void forward_times(silbe_softdtw_lanes *lanes, const double *cost,
                                      size_t n_times, double *row_m, double *row_e, double *kept,
                                      int keep, int penalties)
{
    const vec scale = vec_set(lanes->scale);
    lane_state s = load_lanes(lanes);
    _Alignas(SILBE_ARENA_ALIGN) double last_m[SILBE_LANES];
    _Alignas(SILBE_ARENA_ALIGN) double last_e[SILBE_LANES];
    for (size_t t = 0; t < n_times; t++) {
        const pair in = set_pair(row_m[t], row_e[t]);
        for (int v = N_VECS - 1; v >= 0; v--) { /* side[v - 1] is still that of the time before */
            pair before = v > 0 ? s.side[v > 0 ? v - 1 : 0] : in;
            pair up = {vec_next_down(before.m, s.side[v].m), vec_next_down(before.e, s.side[v].e)};
            pair x =
                exp2_of_cost(vec_load(cost + SILBE_SOFTDTW_LANES * t + v * SILBE_LANES), scale);
            pair sum = by_three_steps(&s, s.diag[v], up, s.side[v], penalties);
            s.side[v] = normal(product_of(sum, x));
            s.diag[v] = up;
            if (keep) {
                store_pair(s.side[v], kept, kept + 16, v);
                store_pair(x, kept + 32, kept + 48, v);
            }
        }
        store_pair(s.side[N_VECS - 1], last_m, last_e, 0);
        *(row_m + t - 15) = last_m[SILBE_LANES - 1];
        *(row_e + t - 15) = last_e[SILBE_LANES - 1];
        kept += keep ? SILBE_SOFTDTW_KEPT : 0;
    }
    store_lanes(&s, lanes);
}

SILBE_LANES_INLINE void backward_times(silbe_softdtw_lanes *lanes, const double *kept,
                                       size_t n_times, double *row_m, double *row_e,
                                       double *gradient, int penalties)
{
    const pair share = set_pair(lanes->share_m, lanes->share_e);
    lane_state s = load_lanes(lanes);
    _Alignas(SILBE_ARENA_ALIGN) double first_m[SILBE_LANES];
    _Alignas(SILBE_ARENA_ALIGN) double first_e[SILBE_LANES];
    for (size_t t = n_times; t-- > 0;) {
        const double *k = kept + SILBE_SOFTDTW_KEPT * t;
        const pair in = set_pair(*(row_m + t - 15), *(row_e + t - 15));
        for (int v = 0; v < N_VECS; v++) {
            pair after = v + 1 < N_VECS ? s.side[v + 1 < N_VECS ? v + 1 : 0] : in;
            pair down = {vec_next_up(s.side[v].m, after.m), vec_next_up(s.side[v].e, after.e)};
            pair sum = by_three_steps(&s, s.diag[v], down, s.side[v], penalties);
            pair e = product_of(product_of(load_pair(k, k + 16, v), sum), share);
            vec_store(
                gradient + SILBE_SOFTDTW_LANES * t + v * SILBE_LANES,
                vec_mul(e.m, vec_pick(vec_less(e.e, vec_set(-1000.0)), vec_set(0.0), power(e.e))));
            s.side[v] = normal(product_of(sum, load_pair(k + 32, k + 48, v)));
            s.diag[v] = down;
        }
        store_pair(s.side[0], first_m, first_e, 0);
        row_m[t] = first_m[0];
        row_e[t] = first_e[0];
    }
    store_lanes(&s, lanes);
}

/* The variants, chosen outside the loops. */
SILBE_LANES_INLINE void forward_strip(silbe_softdtw_lanes *lanes, const double *cost,
                                      size_t n_times, double *row_m, double *row_e, double *kept)
{
    if (lanes->has_penalties) {
        if (kept != NULL) {
            forward_times(lanes, cost, n_times, row_m, row_e, kept, 1, 1);
        } else {
            forward_times(lanes, cost, n_times, row_m, row_e, kept, 0, 1);
        }
    } else if (kept != NULL) {
        forward_times(lanes, cost, n_times, row_m, row_e, kept, 1, 0);
    } else {
        forward_times(lanes, cost, n_times, row_m, row_e, kept, 0, 0);
    }
}

SILBE_LANES_INLINE void backward_strip(silbe_softdtw_lanes *lanes, const double *kept,
                                       size_t n_times, double *row_m, double *row_e,
                                       double *gradient)
{
    if (lanes->has_penalties) {
        backward_times(lanes, kept, n_times, row_m, row_e, gradient, 1);
    } else {
        backward_times(lanes, kept, n_times, row_m, row_e, gradient, 0);
    }
}
