#include "pipeline/train/learn/trainer.h"

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/train/learn/trainer_internal.h"

enum { MAX_LANES = 64, N_STATE_ARRAYS = 5 /* params, moments, average, mask */ };

silbe_trainer_options silbe_trainer_options_default(const silbe_net_shape *shape, size_t n_steps)
{
    return (silbe_trainer_options){
        .shape = *shape,
        .optimiser = silbe_optimiser_options_default(n_steps),
        .n_lanes = 8,
        .seed = 1,
    };
}

/* A ReLU passes half of the variance on (He et al. 2015), hence 2 / fan_in before one. */
static double initial_deviation(const silbe_net_shape *shape, const silbe_net_tensor *tensor)
{
    size_t length = strlen(tensor->name);
    bool is_up = length > 9 && strcmp(tensor->name + length - 9, "up.weight") == 0;
    bool is_down = length > 11 && strcmp(tensor->name + length - 11, "down.weight") == 0;
    bool is_input = strcmp(tensor->name, "input.weight") == 0;
    double variance = (is_up || is_input ? 2.0 : 1.0) / (double)tensor->fan_in;
    /* All blocks add to the same channels. */
    return sqrt(variance / (is_down ? (double)shape->n_blocks : 1.0));
}

static void set_initial_params(silbe_trainer *trainer)
{
    const silbe_net_shape *shape = &trainer->options.shape;
    for (size_t i = 0; i < silbe_net_n_tensors(shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(shape, i);
        float *values = trainer->state.params + tensor.offset;
        bool is_gain = strstr(tensor.name, ".gain") != NULL;
        silbe_random random = silbe_random_fork(&trainer->random, i);
        double deviation = initial_deviation(shape, &tensor);
        for (size_t k = 0; k < tensor.n_values; k++) {
            values[k] = tensor.is_matrix ? (float)(deviation * silbe_random_normal(&random))
                                         : (is_gain ? 1.0F : 0.0F);
        }
    }
    memcpy(trainer->state.average, trainer->state.params,
           trainer->layout.n_params * sizeof *trainer->state.params);
}

static void check_options(const silbe_trainer_options *options, silbe_err *err)
{
    silbe_try(err, silbe_net_shape_check(&options->shape, err));
    silbe_try(err, silbe_optimiser_options_check(&options->optimiser, err));
    if (!silbe_failed(err) && (options->n_lanes < 1 || options->n_lanes > MAX_LANES)) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "n_lanes should be 1 .. %d, got %zu", MAX_LANES,
                         options->n_lanes);
    }
}

/* State, mask and gradients in one piece. */
static void make_arrays(silbe_trainer *t, silbe_err *err)
{
    size_t n_lanes = t->options.n_lanes, n_params = t->layout.n_params; /* multiple of 64 bytes */
    size_t bytes = (N_STATE_ARRAYS + n_lanes) * n_params * sizeof(float);
    t->arrays = silbe_failed(err) ? NULL : aligned_alloc(64, bytes);
    if (t->arrays == NULL) {
        if (!silbe_failed(err)) {
            (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu parameters", n_params);
        }
        return;
    }
    memset(t->arrays, 0, bytes);
    t->state = (silbe_optimiser_state){.params = t->arrays,
                                       .moment1 = t->arrays + n_params,
                                       .moment2 = t->arrays + 2 * n_params,
                                       .average = t->arrays + 3 * n_params};
    t->decay_mask = t->arrays + 4 * n_params;
    for (size_t l = 0; l < n_lanes; l++) {
        t->lanes[l].gradient = t->arrays + (N_STATE_ARRAYS + l) * n_params;
    }
    silbe_optimiser_decay_mask(&t->options.shape, &t->layout, t->decay_mask);
    set_initial_params(t);
}

silbe_status silbe_trainer_new(const silbe_trainer_options *options, silbe_trainer **trainer,
                               silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *trainer = NULL;
    check_options(options, err);
    silbe_trainer *t = silbe_alloc(1, sizeof *t, "trainer", err);
    if (t == NULL) {
        return err->status;
    }
    t->options = *options;
    t->layout = silbe_net_layout_of(&options->shape);
    t->random = (silbe_random){options->seed};
    t->n_workers = (size_t)omp_get_max_threads();
    t->n_workers = t->n_workers < options->n_lanes ? t->n_workers : options->n_lanes;
    t->workers = silbe_alloc(t->n_workers, sizeof *t->workers, "threads", err);
    t->lanes = silbe_alloc(options->n_lanes, sizeof *t->lanes, "gradients", err);
    make_arrays(t, err);
    if (silbe_failed(err)) {
        silbe_trainer_free(t);
        return err->status;
    }
    *trainer = t;
    return SILBE_OK;
}

void silbe_trainer_free(silbe_trainer *trainer)
{
    if (trainer == NULL) {
        return;
    }
    for (size_t k = 0; trainer->workers != NULL && k < trainer->n_workers; k++) {
        free(trainer->workers[k].workspace);
        free(trainer->workers[k].scratch);
    }
    free(trainer->workers);
    free(trainer->lanes);
    free(trainer->arrays);
    free(trainer->values);
    free(trainer);
}

silbe_status silbe_trainer_step(silbe_trainer *trainer, const silbe_loss *loss,
                                const silbe_train_utterance *utterances, size_t n,
                                silbe_train_report *report, silbe_err *err)
{
    silbe_train_pass pass = {loss, utterances, n, trainer->state.params, true};
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "step %zu: the batch is empty", trainer->step);
    }
    silbe_status status = silbe_train_pass_run(trainer, &pass, err);
    if (status != SILBE_OK) {
        return status;
    }
    double weight;
    silbe_train_sum_up(trainer, &pass, report, &weight);
    report->rate = silbe_optimiser_rate(&trainer->options.optimiser, trainer->step);
    if (weight > 0.0) {
        silbe_train_reduce(trainer, n < trainer->options.n_lanes ? n : trainer->options.n_lanes);
        const float *gradient = trainer->lanes[0].gradient;
        double norm = silbe_optimiser_norm(gradient, trainer->layout.n_params) / weight;
        if (!isfinite(norm)) {
            size_t which = silbe_train_find_not_finite(trainer, &pass);
            return silbe_fail(err, SILBE_ERR_DATA,
                              "step %zu, utterance '%s': the gradient is not finite", trainer->step,
                              which < n ? utterances[which].name : "(their sum)");
        }
        report->gradient_norm = norm;
        silbe_optimiser_step(&trainer->options.optimiser, trainer->step, gradient, 1.0 / weight,
                             norm, trainer->decay_mask, trainer->layout.n_params, &trainer->state);
    }
    trainer->step++;
    return SILBE_OK;
}

silbe_status silbe_trainer_evaluate(silbe_trainer *trainer, const silbe_loss *loss,
                                    const silbe_train_utterance *utterances, size_t n,
                                    silbe_train_report *report, silbe_err *err)
{
    silbe_train_pass pass = {loss, utterances, n, trainer->state.average, false};
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "nothing to evaluate");
    }
    silbe_status status = silbe_train_pass_run(trainer, &pass, err);
    if (status != SILBE_OK) {
        return status;
    }
    double weight;
    silbe_train_sum_up(trainer, &pass, report, &weight);
    return SILBE_OK;
}

size_t silbe_trainer_steps(const silbe_trainer *trainer)
{
    return trainer->step;
}

silbe_random *silbe_trainer_random(silbe_trainer *trainer)
{
    return &trainer->random;
}

const float *silbe_trainer_params(const silbe_trainer *trainer)
{
    return trainer->state.params;
}

const float *silbe_trainer_average(const silbe_trainer *trainer)
{
    return trainer->state.average;
}

static void check_model(const silbe_trainer *trainer, const silbe_model *model, silbe_err *err)
{
    const silbe_net_shape *shape = &trainer->options.shape;
    if (!silbe_net_shape_equal(shape, &model->shape)) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "the model's network (%zu parameters, %zu classes) is not the trainer's "
                         "(%zu parameters, %zu classes)",
                         silbe_net_n_values(&model->shape), model->shape.n_classes,
                         silbe_net_n_values(shape), shape->n_classes);
    }
}

silbe_status silbe_trainer_set_params(silbe_trainer *trainer, const silbe_model *model,
                                      silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    check_model(trainer, model, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    size_t bytes = trainer->layout.n_params * sizeof(float);
    memcpy(trainer->state.params, model->params, bytes);
    memcpy(trainer->state.average, model->params, bytes);
    memset(trainer->state.moment1, 0, bytes);
    memset(trainer->state.moment2, 0, bytes);
    trainer->step = 0;
    return SILBE_OK;
}

silbe_status silbe_trainer_get_model(const silbe_trainer *trainer, silbe_model *model,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    check_model(trainer, model, err);
    if (!silbe_failed(err)) {
        memcpy(model->params, trainer->state.average, trainer->layout.n_params * sizeof(float));
    }
    return err->status;
}
