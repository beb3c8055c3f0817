/*
 * The strip kernel for vectors, once for all instruction sets: lanes 0 to 15 in a few registers.
 * The includer has included one of align/base/lanes_*.h. What limits it is the chain from one
 * anti-diagonal to the next: a shift (3 to 4 cycles), an addition (3 to 4), two minima (4).
 */
#include "align/dtw/engine.h"

enum { N_VECS = SILBE_DTW_LANES / SILBE_LANES };

typedef struct {
    vec weight[3];
    vec penalty[3];
} constants;

/* One vector of cells. *rows and *columns: its bits of the two words of back-pointers. */
SILBE_LANES_INLINE vec cells(const constants *k, vec c, vec diag, vec up, vec left, int has_penalty,
                             int keep, unsigned *rows, unsigned *columns)
{
    vec cost[3];
    for (int i = 0; i < 3; i++) {
        cost[i] = vec_mul(k->weight[i], c);
        cost[i] = has_penalty ? vec_add(cost[i], k->penalty[i]) : cost[i];
    }
    vec by_diagonal = vec_add(diag, cost[0]);
    vec by_row = vec_add(up, cost[1]);
    vec by_column = vec_add(left, cost[2]);
    if (keep) {
        *rows = vec_bits_of(vec_less(by_row, by_diagonal));
        *columns = vec_bits_of(vec_less(by_column, vec_min(by_row, by_diagonal)));
    }
    /* The minimum does not depend on the order; this one keeps the longest chain short. */
    return vec_min(by_row, vec_min(by_column, by_diagonal));
}

SILBE_LANES_INLINE void run(silbe_dtw_lanes *lanes, const float *cost, size_t n_times, double *row,
                            uint16_t *back, int has_penalty, int keep)
{
    constants k;
    vec left[N_VECS + 1];
    vec diag[N_VECS];
    for (int i = 0; i < 3; i++) {
        k.weight[i] = vec_set(lanes->weight[i]);
        k.penalty[i] = vec_set(lanes->penalty[i]);
    }
    for (int v = 0; v < N_VECS; v++) {
        left[v] = vec_load(lanes->left + SILBE_LANES * v);
        diag[v] = vec_load(lanes->diag + SILBE_LANES * v);
    }
    for (size_t t = 0; t < n_times; t++) {
        unsigned all_rows = 0;
        unsigned all_columns = 0;
        left[N_VECS] = vec_set(row[t]);
        for (int v = 0; v < N_VECS; v++) { /* left[v + 1] is still that of the time before */
            unsigned rows = 0;
            unsigned columns = 0;
            vec up = vec_next_up(left[v], left[v + 1]);
            vec c = vec_load_floats(cost + SILBE_DTW_LANES * t + (size_t)(SILBE_LANES * v));
            left[v] = cells(&k, c, diag[v], up, left[v], has_penalty, keep, &rows, &columns);
            diag[v] = up;
            all_rows |= rows << (SILBE_LANES * v);
            all_columns |= columns << (SILBE_LANES * v);
        }
        *(row + t - (SILBE_DTW_LANES - 1)) = vec_first(left[0]);
        if (keep) {
            back[2 * t] = (uint16_t)all_rows;
            back[2 * t + 1] = (uint16_t)all_columns;
        }
    }
    for (int v = 0; v < N_VECS; v++) {
        vec_store(lanes->left + SILBE_LANES * v, left[v]);
        vec_store(lanes->diag + SILBE_LANES * v, diag[v]);
    }
}

/* The variants, chosen outside the loop. */
SILBE_LANES_INLINE void run_strip(silbe_dtw_lanes *lanes, const float *cost, size_t n_times,
                                  double *row, uint16_t *back)
{
    if (lanes->has_penalty) {
        if (back != NULL) {
            run(lanes, cost, n_times, row, back, 1, 1);
        } else {
            run(lanes, cost, n_times, row, back, 1, 0);
        }
    } else if (back != NULL) {
        run(lanes, cost, n_times, row, back, 0, 1);
    } else {
        run(lanes, cost, n_times, row, back, 0, 0);
    }
}
