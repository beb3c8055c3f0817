#include "pipeline/train/learn/optimiser.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

silbe_optimiser_options silbe_optimiser_options_default(size_t n_steps)
{
    return (silbe_optimiser_options){
        .peak_rate = 1.2e-3,
        .final_rate = 0.0,
        .warmup_steps = 100,
        .n_steps = n_steps,
        .beta1 = 0.9,
        .beta2 = 0.98,
        .epsilon = 1e-8,
        .weight_decay = 0.01,
        .max_norm = 1.0,
        .average_decay = 0.998,
    };
}

silbe_status silbe_optimiser_options_check(const silbe_optimiser_options *options, silbe_err *err)
{
    const double below_one = 1.0 - 1e-9;
    const struct {
        const char *name;
        double value, low, high;
    } fields[] = {
        {"peak_rate", options->peak_rate, 1e-12, 1e3},
        {"final_rate", options->final_rate, 0.0, options->peak_rate},
        {"n_steps", (double)options->n_steps, 1.0, 1e12},
        {"warmup_steps", (double)options->warmup_steps, 0.0, 1e12},
        {"beta1", options->beta1, 0.0, below_one},
        {"beta2", options->beta2, 0.0, below_one},
        {"epsilon", options->epsilon, 1e-30, 1.0},
        {"weight_decay", options->weight_decay, 0.0, 1e3},
        {"max_norm", options->max_norm, 0.0, 1e30},
        {"average_decay", options->average_decay, 0.0, below_one},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!(fields[i].value >= fields[i].low && fields[i].value <= fields[i].high)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s should be %g .. %g, got %g",
                              fields[i].name, fields[i].low, fields[i].high, fields[i].value);
        }
    }
    return SILBE_OK;
}

double silbe_optimiser_rate(const silbe_optimiser_options *options, size_t step)
{
    const double pi = 3.141592653589793;
    double peak = options->peak_rate;
    if (step < options->warmup_steps) {
        return peak * (double)(step + 1) / (double)options->warmup_steps;
    }
    if (step >= options->n_steps) {
        return options->final_rate;
    }
    double x =
        (double)(step - options->warmup_steps) / (double)(options->n_steps - options->warmup_steps);
    return options->final_rate + (peak - options->final_rate) * 0.5 * (1.0 + cos(pi * x));
}

double silbe_optimiser_norm(const float *values, size_t n)
{
    enum { LANES = 8 };
    double total = 0.0;
    for (size_t begin = 0; begin < n; begin += SILBE_OPTIMISER_RANGE) {
        size_t end = n - begin < SILBE_OPTIMISER_RANGE ? n : begin + SILBE_OPTIMISER_RANGE;
        double lanes[LANES] = {0};
        for (size_t i = begin; i < end; i++) {
            lanes[(i - begin) % LANES] += (double)values[i] * (double)values[i];
        }
        for (size_t k = 1; k < LANES; k++) {
            lanes[0] += lanes[k];
        }
        total += lanes[0];
    }
    return sqrt(total);
}

void silbe_optimiser_decay_mask(const silbe_net_shape *shape, const silbe_net_layout *layout,
                                float *mask)
{
    memset(mask, 0, layout->n_params * sizeof *mask);
    for (size_t i = 0; i < silbe_net_n_tensors(shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(shape, i);
        for (size_t k = 0; tensor.is_matrix && k < tensor.n_values; k++) {
            mask[tensor.offset + k] = 1.0F;
        }
    }
}

/* The numbers of one step, rounded to float once. */
typedef struct {
    float scale; /* of the gradient, clipping included */
    float beta1, beta2;
    float rate1;    /* rate / (1 - beta1^t): m's correction is part of it */
    float correct2; /* 1 / (1 - beta2^t) */
    float epsilon;
    float shrink; /* rate * weight_decay */
    float keep;   /* of the average */
} step_numbers;

static void update_range(const step_numbers *k, const float *restrict gradient,
                         const float *restrict mask, size_t n, float *restrict params,
                         float *restrict moment1, float *restrict moment2, float *restrict average)
{
    for (size_t i = 0; i < n; i++) {
        float g = k->scale * gradient[i];
        float m = k->beta1 * moment1[i] + (1.0F - k->beta1) * g;
        float v = k->beta2 * moment2[i] + (1.0F - k->beta2) * (g * g);
        moment1[i] = m;
        moment2[i] = v;
        float p = params[i] - k->shrink * mask[i] * params[i];
        p -= k->rate1 * m / (sqrtf(v * k->correct2) + k->epsilon);
        params[i] = p;
        average[i] = k->keep * average[i] + (1.0F - k->keep) * p;
    }
}

void silbe_optimiser_step(const silbe_optimiser_options *options, size_t step,
                          const float *gradient, double scale, double norm, const float *decay_mask,
                          size_t n_params, silbe_optimiser_state *state)
{
    double rate = silbe_optimiser_rate(options, step);
    double n = (double)step + 1.0;
    bool is_clipped = options->max_norm > 0.0 && norm > options->max_norm;
    step_numbers k = {
        .scale = (float)(scale * (is_clipped ? options->max_norm / norm : 1.0)),
        .beta1 = (float)options->beta1,
        .beta2 = (float)options->beta2,
        .rate1 = (float)(rate / (1.0 - pow(options->beta1, n))),
        .correct2 = (float)(1.0 / (1.0 - pow(options->beta2, n))),
        .epsilon = (float)options->epsilon,
        .shrink = (float)(rate * options->weight_decay),
        .keep = (float)fmin(options->average_decay, n / (n + 9.0)),
    };
    if (options->average_decay == 0.0) {
        k.keep = 0.0F;
    }
    size_t n_ranges = (n_params + SILBE_OPTIMISER_RANGE - 1) / SILBE_OPTIMISER_RANGE;
#pragma omp parallel for schedule(static)
    for (size_t r = 0; r < n_ranges; r++) {
        size_t at = r * SILBE_OPTIMISER_RANGE;
        size_t size = n_params - at < SILBE_OPTIMISER_RANGE ? n_params - at : SILBE_OPTIMISER_RANGE;
        update_range(&k, gradient + at, decay_mask + at, size, state->params + at,
                     state->moment1 + at, state->moment2 + at, state->average + at);
    }
}
