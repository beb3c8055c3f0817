/*
 * Soft-DTW (Cuturi and Blondel 2017, "Soft-DTW: a differentiable loss function for time-series"):
 * the minimum of DTW replaced by a differentiable one, min',
 *
 *     D(n, m) = min' over steps k of D(n - dn_k, m - dm_k) + (weight_k * S_k(n, m) + penalty_k),
 *
 * with S_k from align/path/steps.h and D = C(0, m) at a start cell; the value is min' over the end
 * cells of D. Its gradient E(n, m) = d value / d C(n, m) is the expected alignment: with weights 1
 * the probability that the path visits the cell. Rows n are one sequence, columns m the other; in
 * training and for CTC rows are frames and columns are targets.
 *
 * Three minima of values a_1 .. a_K, with gradient q on the simplex:
 *
 *     softmin    -gamma log sum_k exp(-a_k / gamma);    q_k = exp(-a_k / gamma) / sum
 *                So the value is -gamma log of the sum over all paths of exp(-cost / gamma).
 *     sparsemin  min over q of <q, a> + gamma/2 (|q|^2 - 1);    q = projection of -a / gamma onto
 *                the simplex (Mensch and Blondel 2018, "Differentiable dynamic programming for
 *                structured prediction and attention"). The constant -gamma/2, not in that paper,
 *                makes min'(a) = a for a single candidate; a penalty of gamma/2 on every step (and
 *                gamma/2 once for the end) gives the paper's value.
 *     hard       the minimum: D, path and ties are those of align/dtw/dtw.h; E is 0 off the path.
 *
 * As gamma goes to 0 the first two become the third. All arithmetic is in double.
 *
 * No allocation, no threads, no state outside scratch. Different scratch = different threads.
 */
#ifndef SILBE_ALIGN_SOFTDTW_SOFTDTW_H
#define SILBE_ALIGN_SOFTDTW_SOFTDTW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "align/base/cpu.h"
#include "align/dtw/cost.h"
#include "align/path/steps.h"
#include "features/base/status.h"

typedef enum {
    SILBE_SOFTDTW_SOFTMIN = 0,
    SILBE_SOFTDTW_SPARSEMIN,
    SILBE_SOFTDTW_HARD,
    SILBE_SOFTDTW_N_MINIMA
} silbe_softdtw_minimum;

/*
 * What is aligned. All pointers are borrowed. Costs are finite; INFINITY forbids a cell; NaN and
 * -INFINITY inside the band are SILBE_ERR_DATA. Costs outside the band are not looked at.
 */
typedef struct {
    size_t n_rows; /* >= 1 */
    size_t n_cols; /* >= 1 */

    /* Exactly one of the three. Dense matrices are row-major: C(n, m) = cost[n * n_cols + m]. */
    const double *cost;
    const float *cost_float;
    silbe_dtw_cost_fn *cost_fn; /* rows on demand; asked up to three times for each cell */
    const void *context;        /* handed to cost_fn */

    silbe_path_steps steps;
    /* column_steps[m]: bit k set = step k may land on column m; n_cols values, NULL: all may. A
     * column that no step may land on can only hold start cells. */
    const uint16_t *column_steps;
    /* Band: row n may use columns [lo[n], hi[n]); both NULL for none. See align/dtw/band.h. */
    const size_t *lo;
    const size_t *hi;
    /* starts[m] != 0: (0, m) is a start cell, D(0, m) = C(0, m), and no step lands on it; ends[m]
     * != 0: (n_rows - 1, m) is an end cell. n_cols values; NULL: the first or the last column
     * alone. All columns in both: subsequence soft-DTW. */
    const unsigned char *starts;
    const unsigned char *ends;

    silbe_softdtw_minimum minimum;
    double gamma; /* temperature, > 0 and finite, in the unit of the costs; not used by hard */
} silbe_softdtw_problem;

/*
 * The kernel ROWS takes everything above, row by row in the log domain. Those of instruction sets
 * take strips of 16 rows in the linear domain, and give the same bits.
 *
 * The strips take softmin with the steps (1,1), (1,0), (0,1) in this order, one weight for all
 * three, any penalties, add_skipped false, no column_steps, no step gradients, at least 2 rows.
 * They hold Z = exp(-D / gamma) as a mantissa and an exponent of its own for every cell, so nothing
 * underflows, and Z(n, m) = exp(-C / gamma) * (sum of predecessors) needs no logarithm. Relative
 * error of exp(-a / gamma), and so of a path's share: 2 ulp + 1.2e-16 * |a / gamma|; the log domain
 * has 2e-16 * |D / gamma|, which is N + M times as much. Exponents are whole numbers in doubles: if
 * some |cost / gamma| * (N + M) exceeds 1e15 they could be rounded, and the row kernel does the
 * problem from the start (also where a strip kernel was asked for: see result->kernel).
 */
typedef struct {
    silbe_kernel kernel; /* other than AUTO: SILBE_ERR_ARGUMENT where it cannot run */
} silbe_softdtw_options;

#define SILBE_SOFTDTW_OPTIONS_INIT                                                                 \
    {                                                                                              \
        SILBE_KERNEL_AUTO                                                                          \
    }

/* What run writes beside the value; NULL for what is not wanted. */
typedef struct {
    double *cost;      /* E: n_rows x n_cols, row-major, E[n * n_cols + m]; 0 outside the band.
                          Needed for the other two; also holds D on the way. */
    double *weights;   /* n_steps values: d value / d weight_k = sum of step k's share times S_k */
    double *penalties; /* n_steps values: d value / d penalty_k = expected number of steps k */
} silbe_softdtw_gradient;

#define SILBE_SOFTDTW_GRADIENT_INIT                                                                \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }

typedef struct {
    double value;
    silbe_kernel kernel; /* the one that did it */
} silbe_softdtw_result;

/*
 * Bytes of scratch for this problem, beside the E of the caller: rows 8 bytes per column for each
 * of about 3 (1 + max dn) rows; strips some 50 sqrt(n_rows) + 1200 bytes per column. gradient: only
 * which pointers are NULL counts; it and options may be NULL. SILBE_ERR_ARGUMENT as
 * silbe_softdtw_run; SILBE_ERR_MEMORY if sizes overflow.
 */
SILBE_MUST_CHECK silbe_status silbe_softdtw_scratch_size(const silbe_softdtw_problem *problem,
                                                         const silbe_softdtw_options *options,
                                                         const silbe_softdtw_gradient *gradient,
                                                         size_t *bytes, silbe_err *err);

/*
 * Value and gradient. gradient NULL or all NULL: the value alone. scratch: any alignment, at least
 * silbe_softdtw_scratch_size bytes with the same problem, options and gradient. After a failure the
 * gradient's contents are undefined.
 *
 * SILBE_ERR_ARGUMENT: NULL, empty side, not exactly one cost, bad steps, band, minimum or gamma,
 *     no start or end cell, scratch too small.
 * SILBE_ERR_DATA: NaN or -INFINITY cost, naming the cell.
 * SILBE_ERR_INFEASIBLE: no path of finite cost, naming the rows where the last one ends.
 * SILBE_ERR_MEMORY: sizes overflow.
 */
SILBE_MUST_CHECK silbe_status silbe_softdtw_run(const silbe_softdtw_problem *problem,
                                                const silbe_softdtw_options *options, void *scratch,
                                                size_t scratch_bytes,
                                                const silbe_softdtw_gradient *gradient,
                                                silbe_softdtw_result *result, silbe_err *err);

/*
 * The value in another scale. "Lengths": divided by n_rows + n_cols (about the length of a path);
 * "area": divided by n_rows * n_cols. The gradient takes the same factor.
 *
 * The soft-DTW divergence (Blondel, Mensch and Vert 2021), which unlike the value is never negative
 * and is 0 for x = y, is made of three runs: value(x, y) - (value(x, x) + value(y, y)) / 2; its
 * gradient with respect to x is that of the first, by the chain rule through C, minus half of the
 * sum of both sides of the second.
 */
typedef enum {
    SILBE_SOFTDTW_NORMALISE_NONE = 0,
    SILBE_SOFTDTW_NORMALISE_LENGTHS,
    SILBE_SOFTDTW_NORMALISE_AREA,
} silbe_softdtw_normalisation;

/* The factor for value and gradient; NaN for an unknown normalisation or an empty side. */
double silbe_softdtw_normalisation_factor(silbe_softdtw_normalisation normalisation, size_t n_rows,
                                          size_t n_cols);

#endif
