/*
 * What keeps training with soft-DTW stable (Zeitler, Deniffel, Krause and Müller, ISMIR 2023,
 * "Stabilizing training with soft dynamic time warping: a case study for pitch class estimation
 * with weakly aligned targets"): schedules for the temperature, a prior for the diagonal, and
 * unfolded targets (the last in align/path/unfold.h). Pure functions.
 */
#ifndef SILBE_ALIGN_SOFTDTW_TRAINING_H
#define SILBE_ALIGN_SOFTDTW_TRAINING_H

#include <stddef.h>

#include "features/base/status.h"

typedef enum {
    SILBE_SCHEDULE_CONSTANT = 0, /* begin */
    SILBE_SCHEDULE_LINEAR,       /* begin + (end - begin) t */
    SILBE_SCHEDULE_EXPONENTIAL,  /* begin (end / begin)^t; begin and end > 0 */
    SILBE_SCHEDULE_N_SHAPES
} silbe_schedule_shape;

/* A hyper-parameter over training steps: temperature from hot to cold, weight of the prior. */
typedef struct {
    silbe_schedule_shape shape;
    double begin;      /* value at step 0 */
    double end;        /* value from step n_steps on */
    size_t n_steps;    /* steps from begin to end; 0: end at once */
    size_t hold_steps; /* the value changes every hold_steps steps only, for example the steps of an
                          epoch; 0 or 1: at every step */
} silbe_schedule;

/* SILBE_ERR_ARGUMENT unless the shape is known and begin and end are finite and fit it. */
SILBE_MUST_CHECK silbe_status silbe_schedule_check(const silbe_schedule *schedule, silbe_err *err);

/* Value at a step: t = min(1, floor(step / hold_steps) * hold_steps / n_steps) in the shape's
 * formula. Exactly begin at step 0 (unless n_steps is 0) and exactly end from the first held step
 * at or after n_steps on. */
double silbe_schedule_value(const silbe_schedule *schedule, size_t step);

/*
 * Diagonal prior: adds weight * |x - y|^power to C(n, m) with x = n / (n_rows - 1) and y = m /
 * (n_cols - 1), both 0 for a side of length 1; so weight is the cost at the far corners. Adding a
 * constant leaves the gradient with respect to C as it is. power: > 0, 1 or 2 as a rule. For rows
 * [row_begin, row_end) of a matrix whose first row in memory is row_begin. SILBE_ERR_ARGUMENT for
 * bad numbers.
 */
SILBE_MUST_CHECK silbe_status silbe_softdtw_add_diagonal_prior(double weight, double power,
                                                               size_t n_rows, size_t n_cols,
                                                               size_t row_begin, size_t row_end,
                                                               double *cost, silbe_err *err);

/* The prior of one cell with weight 1, in 0 .. 1. */
double silbe_softdtw_diagonal_distance(size_t n, size_t m, size_t n_rows, size_t n_cols,
                                       double power);

#endif
