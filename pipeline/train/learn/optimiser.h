/*
 * AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019, algorithm 2) with
 * linear warm-up, cosine decay and clipping of the gradient by its global norm. Pure functions on
 * arrays; parallel over ranges of parameters, with the same bytes for any number of threads.
 */
#ifndef SILBE_TRAIN_OPTIMISER_H
#define SILBE_TRAIN_OPTIMISER_H

#include <stddef.h>

#include "features/base/status.h"
#include "features/model/net.h"

typedef struct {
    double peak_rate;     /* default 1.2e-3 */
    double final_rate;    /* default 0; <= peak_rate */
    size_t warmup_steps;  /* default 100; rate (step + 1) / warmup_steps of the peak before */
    size_t n_steps;       /* of the whole schedule, >= 1; the rate stays final_rate afterwards */
    double beta1;         /* default 0.9, in [0, 1) */
    double beta2;         /* default 0.98 */
    double epsilon;       /* default 1e-8, > 0 */
    double weight_decay;  /* default 0.01; of matrices only (silbe_net_tensor.is_matrix), times the
                             rate of the step */
    double max_norm;      /* default 1; longer gradients are scaled to it; 0: no limit */
    double average_decay; /* default 0.998: parameters are averaged, a <- d a + (1 - d) p, with
                             d = min(average_decay, (1 + step) / (10 + step)); 0: a is p */
} silbe_optimiser_options;

silbe_optimiser_options silbe_optimiser_options_default(size_t n_steps);

/* SILBE_ERR_ARGUMENT naming the field, its range and its value. */
SILBE_MUST_CHECK silbe_status silbe_optimiser_options_check(const silbe_optimiser_options *options,
                                                            silbe_err *err);

/* Learning rate of step 0, 1, ... */
double silbe_optimiser_rate(const silbe_optimiser_options *options, size_t step);

/* Arrays of layout.n_params floats, 64-byte aligned, of the caller's. */
typedef struct {
    float *params;
    float *moment1; /* m of Adam */
    float *moment2; /* v */
    float *average; /* of params */
} silbe_optimiser_state;

/* Euclidean norm: sums of squares of SILBE_OPTIMISER_RANGE values each in double, added in order.
 */
enum { SILBE_OPTIMISER_RANGE = 8192 };
double silbe_optimiser_norm(const float *values, size_t n);

/* mask[i] = 1 where weight decay applies, 0 elsewhere; layout.n_params values. */
void silbe_optimiser_decay_mask(const silbe_net_shape *shape, const silbe_net_layout *layout,
                                float *mask);

/* Step number `step` (0-based) on n_params values. The gradient is scale times `gradient`; norm is
 * that of the scaled one and finite. */
void silbe_optimiser_step(const silbe_optimiser_options *options, size_t step,
                          const float *gradient, double scale, double norm, const float *decay_mask,
                          size_t n_params, silbe_optimiser_state *state);

#endif
