/*
 * The steps that a warping path may take: step k leads from cell (n - dn, m - dm) to cell (n, m).
 *
 * The cost of a step is weight * S + penalty, where S is the cost of the cell that it lands on,
 * or, with add_skipped, that cost plus those of the cells that the step jumps over (Müller,
 * Fundamentals of Music Processing, section 3.2.2, equation 3.30 and what follows).
 *
 * Skipped cells of a step (dn, dm), k = max(dn, dm): (n - floor(i dn / k), m - floor(i dm / k)) for
 * i = 1 .. k - 1. So (2,1) jumps over (n - 1, m) and (1,2) over (n, m - 1), as in the book.
 *
 * Ties: of several steps that give the same value, the one with the lowest index is taken.
 */
#ifndef SILBE_ALIGN_PATH_STEPS_H
#define SILBE_ALIGN_PATH_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

#define SILBE_PATH_MAX_STEPS 16
#define SILBE_PATH_MAX_STEP_SIZE 8

typedef struct {
    int dn;         /* rows (score, x) forward, 0 .. SILBE_PATH_MAX_STEP_SIZE */
    int dm;         /* columns (recording, y) forward, same range; not both zero */
    double weight;  /* > 0, at most 1e30 */
    double penalty; /* added once per step; any finite value up to 1e30 in size */
} silbe_path_step;

typedef struct {
    silbe_path_step steps[SILBE_PATH_MAX_STEPS];
    size_t n_steps;   /* 1 .. SILBE_PATH_MAX_STEPS */
    bool add_skipped; /* false: cells that a step jumps over cost nothing */
} silbe_path_steps;

/* Classical steps in the order (1,1), (1,0), (0,1) with these weights. This very order has the
 * fastest kernel. Equal weights favour the diagonal; (2, 1, 1) does not. */
silbe_path_steps silbe_path_steps_classical(double diagonal_weight, double row_weight,
                                            double column_weight);

/* Strictly monotonic steps (1,1), (2,1), (1,2), all weights 1: slope between 1/2 and 2, no row or
 * column twice. Rows and columns that a step jumps over have no cell on the path; with add_skipped
 * their costs still count, without it the path may dodge expensive ones. */
silbe_path_steps silbe_path_steps_monotonic(bool add_skipped);

/* The same steps with rows and columns exchanged (indices, hence ties, stay). */
silbe_path_steps silbe_path_steps_transposed(const silbe_path_steps *steps);

/* SILBE_ERR_ARGUMENT, naming the step, unless every bound above holds. */
SILBE_MUST_CHECK silbe_status silbe_path_steps_check(const silbe_path_steps *steps, silbe_err *err);

/* Largest dn of all steps. */
size_t silbe_path_steps_max_dn(const silbe_path_steps *steps);

#endif
