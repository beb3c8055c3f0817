/*
 * Inside of soft-DTW: not for callers. Two engines:
 *
 *   rows    row by row, any minimum, any steps, D itself (log domain). The caller's E holds D until
 *           the way back replaces it.
 *   strips  classical steps and softmin: Z = exp(-D / gamma) as mantissa times 2^exponent, both
 *           doubles, the exponent a whole number. Lane i of a strip of 16 rows is row n0 + i and
 *           works on column t - i at time t, so that the cells of a vector lie on an anti-diagonal.
 *           Row 0 and the last 1 to 16 rows go cell by cell. On the way back B(n, m), the sum over
 *           all ways from the cell to an end, has the same recursion, and E = weight Z B / Z_end.
 */
#ifndef SILBE_ALIGN_SOFTDTW_ENGINE_H
#define SILBE_ALIGN_SOFTDTW_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "align/base/arena.h"
#include "align/base/scaled.h"
#include "align/softdtw/softdtw.h"

enum {
    SILBE_SOFTDTW_LANES = 16,    /* rows of a strip */
    SILBE_SOFTDTW_SEGMENT = 256, /* anti-diagonals whose costs are brought into lanes at once */
    SILBE_SOFTDTW_PAD = 16,      /* columns of zeros on both sides of a row in memory */
    SILBE_SOFTDTW_KEPT = 64,     /* doubles kept per anti-diagonal: 16 each of Z's mantissas and
                                    exponents, and of those of exp(-weight C / gamma) */
};

/* Largest |cost / gamma| log2(e) (N + M): whole exponents below 2^53 are exact. */
#define SILBE_SOFTDTW_MAX_EXPONENT 1e15

/* Columns [begin, end) of a row. */
typedef struct {
    size_t begin;
    size_t end;
} silbe_softdtw_range;

/* ---- problem.c ---- */

SILBE_MUST_CHECK silbe_status silbe_softdtw_problem_check(const silbe_softdtw_problem *problem,
                                                          silbe_err *err);
/* Costs of row n, columns [begin, end): NaN and -INFINITY are refused and *highest rises to the
 * largest finite absolute value. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_check_costs(const double *cost, size_t n, size_t begin,
                                                        size_t end, double *highest,
                                                        silbe_err *err);
/* Costs of row n, columns [begin, end), in double, and checked as above; highest NULL where that
 * was done before. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_fill(const silbe_softdtw_problem *problem, size_t n,
                                                 size_t begin, size_t end, double *cost,
                                                 double *highest, silbe_err *err);
static inline silbe_softdtw_range silbe_softdtw_window(const silbe_softdtw_problem *problem,
                                                       size_t n)
{
    if (problem->lo == NULL) {
        return (silbe_softdtw_range){0, problem->n_cols};
    }
    return (silbe_softdtw_range){problem->lo[n], problem->hi[n]};
}
static inline bool silbe_softdtw_is_start(const silbe_softdtw_problem *problem, size_t n, size_t m)
{
    return n == 0 && (problem->starts == NULL ? m == 0 : problem->starts[m] != 0);
}
static inline bool silbe_softdtw_is_end(const silbe_softdtw_problem *problem, size_t n, size_t m)
{
    return n == problem->n_rows - 1 &&
           (problem->ends == NULL ? m == problem->n_cols - 1 : problem->ends[m] != 0);
}

/* The candidates for D(n, m): a[i] = D of the predecessor plus the cost of step[i]. rows: D of row
 * n - dn is rows[(n - dn) % n_ring * n_cols]; costs likewise (cost_ring rows). sum[i] is S of the
 * step. Returns their number; those that are INFINITY are left out. */
typedef struct {
    const silbe_softdtw_problem *problem;
    const double *values;
    size_t value_ring;
    const double *costs;
    size_t cost_ring;
} silbe_softdtw_cells;
size_t silbe_softdtw_candidates(const silbe_softdtw_cells *cells, size_t n, size_t m, double *a,
                                double *sum, uint8_t *step);
/* Row and column of cell i (1 <= i < longest) that a step jumps over, relative to where it lands.
 */
static inline size_t silbe_softdtw_skipped(int i, int d, int longest)
{
    return (size_t)(i * d / longest);
}

/* ---- rows.c ---- */

size_t silbe_softdtw_rows_bytes(const silbe_softdtw_problem *problem,
                                const silbe_softdtw_gradient *gradient);
SILBE_MUST_CHECK silbe_status silbe_softdtw_rows_run(const silbe_softdtw_problem *problem,
                                                     void *scratch,
                                                     const silbe_softdtw_gradient *gradient,
                                                     double *value, silbe_err *err);

/* ---- strips ---- */

/* What a strip kernel needs, and its state between segments. */
typedef struct {
    double scale;     /* -weight log2(e) / gamma */
    double step_m[3]; /* exp(-penalty / gamma) of (1,1), (1,0), (0,1): mantissas in 1 .. 2 */
    double step_e[3]; /* and exponents */
    bool has_penalties;
    double share_m; /* weight / Z_end: E = Z B share */
    double share_e;
    /* each lane's Z (or x B) at the time before, and its neighbour's at the time before that */
    _Alignas(SILBE_ARENA_ALIGN) double side_m[SILBE_SOFTDTW_LANES];
    _Alignas(SILBE_ARENA_ALIGN) double side_e[SILBE_SOFTDTW_LANES];
    _Alignas(SILBE_ARENA_ALIGN) double diag_m[SILBE_SOFTDTW_LANES];
    _Alignas(SILBE_ARENA_ALIGN) double diag_e[SILBE_SOFTDTW_LANES];
} silbe_softdtw_lanes;

/* Advances n_times anti-diagonals. cost[t * 16 + lane]; row_m/row_e[t] is Z above lane 0, and
 * [t - 15] receives Z of lane 15. kept: SILBE_SOFTDTW_KEPT doubles per time, or NULL. */
typedef void silbe_softdtw_forward_fn(silbe_softdtw_lanes *lanes, const double *cost,
                                      size_t n_times, double *row_m, double *row_e, double *kept);
/* The same backwards, from time n_times - 1 to 0: row_m/row_e[t - 15] is x B below lane 15, and [t]
 * receives x B of lane 0. gradient[t * 16 + lane] receives E. */
typedef void silbe_softdtw_backward_fn(silbe_softdtw_lanes *lanes, const double *kept,
                                       size_t n_times, double *row_m, double *row_e,
                                       double *gradient);

silbe_softdtw_forward_fn silbe_softdtw_forward_portable;
silbe_softdtw_backward_fn silbe_softdtw_backward_portable;
#ifdef SILBE_X86
silbe_softdtw_forward_fn silbe_softdtw_forward_avx2;
silbe_softdtw_backward_fn silbe_softdtw_backward_avx2;
silbe_softdtw_forward_fn silbe_softdtw_forward_avx512;
silbe_softdtw_backward_fn silbe_softdtw_backward_avx512;
#endif

/* n values as mantissa and exponent. */
typedef struct {
    double *m;
    double *e;
} silbe_softdtw_pairs;

/* One row that goes cell by cell (row 0 and the last ones). */
typedef struct {
    silbe_softdtw_pairs z; /* n_cols + 2 PAD values, pointing behind the first PAD */
    silbe_softdtw_pairs x; /* exp(-weight C / gamma) */
} silbe_softdtw_edge_row;

/* edge.c: above is Z of row n - 1 (m NULL for row 0); cost holds all columns, INFINITY outside the
 * window. */
void silbe_softdtw_edge_forward(const silbe_softdtw_problem *problem,
                                const silbe_softdtw_lanes *constants, size_t n,
                                silbe_softdtw_pairs above, const double *cost,
                                const silbe_softdtw_edge_row *row);
/* beside: x B of row n + 1, replaced by that of row n; all zero below the last row. */
void silbe_softdtw_edge_backward(const silbe_softdtw_problem *problem,
                                 const silbe_softdtw_lanes *constants, size_t n,
                                 const silbe_softdtw_edge_row *row, silbe_softdtw_pairs beside,
                                 double *gradient);
/* Sum of Z over the end cells of the last row; false if there is none. */
bool silbe_softdtw_edge_end(const silbe_softdtw_problem *problem, const silbe_softdtw_edge_row *row,
                            double *m, double *e);
/* 2^y as mantissa in 0.7 .. 1.42 and exponent; y = -INFINITY is 0. */
void silbe_softdtw_exp2_pair(double y, double *m, double *e);

typedef struct {
    const silbe_softdtw_problem *problem;
    silbe_softdtw_forward_fn *forward;
    silbe_softdtw_backward_fn *backward;
    bool with_gradient;
    size_t n_strips;
    size_t block_strips; /* strips from one checkpoint to the next */
    size_t n_blocks;
    size_t n_tail; /* rows after the strips, 1 .. 16 */
    size_t width;  /* of a row in memory: n_cols + 2 PAD */

    silbe_softdtw_lanes lanes;
    silbe_softdtw_pairs row;    /* Z of the row above the strip in hand, or x B of the one below */
    silbe_softdtw_range in_row; /* where row is not zero */
    silbe_softdtw_edge_row first;
    silbe_softdtw_edge_row tail[SILBE_SOFTDTW_LANES];
    double *cost_rows; /* 16 x (PAD + SEGMENT), also a whole row */
    double *skewed;    /* SEGMENT x 16 */
    double *kept;      /* block_strips x (n_cols + 16) x KEPT */
    double *saved;     /* n_blocks x 2 n_cols */
    silbe_softdtw_range *saved_range;
    double highest; /* largest |C| */
    bool checked;   /* second pass: costs have been looked at */
} silbe_softdtw_strips;

/* strips.c: whether the problem is one for strips at all. */
bool silbe_softdtw_strips_fit(const silbe_softdtw_problem *problem,
                              const silbe_softdtw_gradient *gradient);
size_t silbe_softdtw_strips_bytes(const silbe_softdtw_problem *problem, bool with_gradient);
/* *exact false: no path, or the exponents could be rounded; nothing is done; use the rows. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_strips_run(const silbe_softdtw_problem *problem,
                                                       silbe_kernel kernel, void *scratch,
                                                       double *gradient, double *value, bool *exact,
                                                       silbe_err *err);
/* lanes.c: one strip, forward (kept may be NULL) or backward; s->row before and after. */
SILBE_MUST_CHECK silbe_status silbe_softdtw_strip_forward(silbe_softdtw_strips *s, size_t n0,
                                                          double *kept, silbe_err *err);
void silbe_softdtw_strip_backward(silbe_softdtw_strips *s, size_t n0, const double *kept,
                                  double *gradient);
/* Makes zero what s->row holds outside range, which becomes its range. */
void silbe_softdtw_row_commit(silbe_softdtw_strips *s, silbe_softdtw_range range);

#endif
