/* A network that is small enough to be checked number by number, with every size different. */
#ifndef SILBE_TESTS_SMALL_NET_H
#define SILBE_TESTS_SMALL_NET_H

#include <string.h>

#include "features/model/weights.h"
#include "tests/check.h"

static const char *const small_names[] = {"sil", "a", "ç", "ʃ"};

static inline silbe_net_shape small_shape(void)
{
    return (silbe_net_shape){.n_bands = 5,
                             .n_channels = 19,
                             .n_hidden = 23,
                             .n_classes = 4,
                             .n_blocks = 3,
                             .dilations = {1, 3, 2},
                             .block_width = 5,
                             .input_width = 3,
                             .input_stride = 2};
}

/* Every value differs from its neighbours; gains near 1, everything else around 0 with a spread
 * that keeps activations near 1. */
static inline void small_params(const silbe_net_shape *shape, check_rng *rng, float *params)
{
    for (size_t i = 0; i < silbe_net_n_tensors(shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(shape, i);
        double spread = tensor.is_matrix ? 1.7 / sqrt((double)tensor.fan_in) : 0.3;
        double centre = strstr(tensor.name, ".gain") != NULL ? 1.0 : 0.0;
        for (size_t k = 0; k < tensor.n_values; k++) {
            params[tensor.offset + k] = (float)(centre + spread * (2.0 * check_uniform(rng) - 1.0));
        }
    }
}

static inline silbe_model small_model(check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    silbe_net_shape shape = small_shape();
    check_ok(silbe_model_new(&shape, small_names, 0, &model, &err), err);
    small_params(&shape, rng, model.params);
    return model;
}

/* 64-byte aligned, values in [-1, 1). */
static inline float *random_floats(size_t n, check_rng *rng)
{
    float *values = aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64 + 64);
    assert_non_null(values);
    for (size_t i = 0; i < n; i++) {
        values[i] = (float)(2.0 * check_uniform(rng) - 1.0);
    }
    return values;
}

static inline double *doubles_of(const float *values, size_t n)
{
    double *copy = malloc((n + 1) * sizeof *copy);
    assert_non_null(copy);
    for (size_t i = 0; i < n; i++) {
        copy[i] = (double)values[i];
    }
    return copy;
}

#endif
