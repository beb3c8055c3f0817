/* Rows that go cell by cell: row 0, with its starts, and the last ones, with the ends. */
#include <math.h>

#include "align/base/lanes_portable.h"

#include "align/softdtw/strip_kernel.h"

static const pair zero = {1.0, SILBE_ZERO_EXPONENT};

static pair get(silbe_softdtw_pairs from, ptrdiff_t m)
{
    return load_pair(from.m + m, from.e + m, 0);
}

static void put(pair p, silbe_softdtw_pairs to, size_t m)
{
    store_pair(p, to.m + m, to.e + m, 0);
}

void silbe_softdtw_exp2_pair(double y, double *m, double *e)
{
    pair p = normal(exp2_of_cost(-y, -1.0));
    *m = p.m;
    *e = p.e;
}

static lane_state constants_of(const silbe_softdtw_lanes *constants)
{
    lane_state s = {0};
    for (int k = 0; k < 3; k++) {
        s.step[k] = set_pair(constants->step_m[k], constants->step_e[k]);
    }
    return s;
}

void silbe_softdtw_edge_forward(const silbe_softdtw_problem *problem,
                                const silbe_softdtw_lanes *constants, size_t n,
                                silbe_softdtw_pairs above, const double *cost,
                                const silbe_softdtw_edge_row *row)
{
    const lane_state s = constants_of(constants);
    pair left = zero;
    pair diag = above.m != NULL ? get(above, -1) : zero;
    for (size_t m = 0; m < problem->n_cols; m++) {
        pair up = above.m != NULL ? get(above, (ptrdiff_t)m) : zero;
        pair x = exp2_of_cost(cost[m], constants->scale);
        if (silbe_softdtw_is_start(problem, n, m)) { /* counts once, whatever the weight */
            left = normal(exp2_of_cost(cost[m], constants->scale / problem->steps.steps[0].weight));
            x = zero; /* no step lands here */
        } else {
            left = normal(product_of(by_three_steps(&s, diag, up, left, 1), x));
        }
        put(left, row->z, m);
        put(x, row->x, m);
        diag = up;
    }
}

void silbe_softdtw_edge_backward(const silbe_softdtw_problem *problem,
                                 const silbe_softdtw_lanes *constants, size_t n,
                                 const silbe_softdtw_edge_row *row, silbe_softdtw_pairs beside,
                                 double *gradient)
{
    const lane_state s = constants_of(constants);
    const pair share = set_pair(constants->share_m, constants->share_e);
    const pair end = set_pair(1.0, 0.0);
    pair right = zero;
    pair diag = get(beside, (ptrdiff_t)problem->n_cols);
    for (size_t m = problem->n_cols; m-- > 0;) {
        pair down = get(beside, (ptrdiff_t)m);
        pair sum = normal(by_three_steps(&s, diag, down, right, 1));
        if (silbe_softdtw_is_end(problem, n, m)) {
            sum = normal(sum_of(sum, end, zero));
        }
        pair e = product_of(product_of(get(row->z, (ptrdiff_t)m), sum), share);
        gradient[m] = e.e < -1000.0 ? 0.0 : e.m * power(e.e);
        if (silbe_softdtw_is_start(problem, n, m)) {
            gradient[m] /= problem->steps.steps[0].weight;
        }
        right = normal(product_of(sum, get(row->x, (ptrdiff_t)m)));
        put(right, beside, m);
        diag = down;
    }
}

bool silbe_softdtw_edge_end(const silbe_softdtw_problem *problem, const silbe_softdtw_edge_row *row,
                            double *m, double *e)
{
    pair sum = zero;
    for (size_t i = 0; i < problem->n_cols; i++) {
        if (silbe_softdtw_is_end(problem, problem->n_rows - 1, i)) {
            sum = normal(sum_of(sum, get(row->z, (ptrdiff_t)i), zero));
        }
    }
    *m = sum.m;
    *e = sum.e;
    return sum.e > SILBE_IS_ZERO_EXPONENT;
}
