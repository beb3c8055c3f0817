#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/model/backprop.h"
#include "pipeline/train/learn/trainer_internal.h"

/* *block with at least `bytes`, 64-byte aligned; what it held is lost where it grows. */
static void grow_block(void **block, size_t *capacity, size_t bytes, silbe_err *err)
{
    if (silbe_failed(err) || bytes <= *capacity) {
        return;
    }
    free(*block);
    *block = aligned_alloc(64, bytes / 64 * 64 + 64);
    *capacity = *block == NULL ? 0 : bytes;
    if (*block == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu bytes per thread", bytes);
    }
}

/* What the longest utterances of the pass need. */
static void find_room(const silbe_trainer *trainer, const silbe_train_pass *pass,
                      size_t *workspace_bytes, size_t *scratch_bytes, silbe_err *err)
{
    const silbe_net_shape *shape = &trainer->options.shape;
    for (size_t i = 0; i < pass->n && !silbe_failed(err); i++) {
        const silbe_train_utterance *u = &pass->utterances[i];
        silbe_err why = SILBE_ERR_INIT;
        size_t bytes = 0;
        if (u->n_frames == 0) {
            (void)silbe_fail(&why, SILBE_ERR_DATA, "has no frames");
        } else if (pass->loss->scratch_size != NULL) {
            size_t n_out = silbe_net_output_frames(shape, u->n_frames);
            why.status =
                pass->loss->scratch_size(pass->loss, u, n_out, shape->n_classes, &bytes, &why);
        }
        if (silbe_failed(&why)) {
            (void)silbe_fail(err, why.status, "step %zu, utterance '%s': %.800s", trainer->step,
                             u->name, why.message);
            return;
        }
        size_t n_floats = silbe_net_workspace_size(shape, u->n_frames);
        if (n_floats > SIZE_MAX / 8 || bytes > SIZE_MAX / 2) {
            (void)silbe_fail(err, SILBE_ERR_MEMORY, "an utterance is too long to train on");
            return;
        }
        size_t wanted = n_floats * sizeof(float);
        *workspace_bytes = wanted > *workspace_bytes ? wanted : *workspace_bytes;
        *scratch_bytes = bytes > *scratch_bytes ? bytes : *scratch_bytes;
    }
}

/* Makes room in every worker and for the values before threads start: no allocation in a loop of
 * equal batches, and no thread can fail for memory. */
static void make_room(silbe_trainer *trainer, const silbe_train_pass *pass, silbe_err *err)
{
    size_t workspace_bytes = 0, scratch_bytes = 0;
    find_room(trainer, pass, &workspace_bytes, &scratch_bytes, err);
    for (size_t k = 0; k < trainer->n_workers; k++) {
        silbe_train_worker *worker = &trainer->workers[k];
        grow_block(&worker->workspace, &worker->workspace_bytes, workspace_bytes, err);
        grow_block(&worker->scratch, &worker->scratch_bytes, scratch_bytes, err);
    }
    if (pass->n > trainer->n_values) {
        free(trainer->values);
        trainer->values = silbe_alloc(pass->n, sizeof *trainer->values, "utterances", err);
        trainer->n_values = trainer->values == NULL ? 0 : pass->n;
    }
}

static bool all_finite(const float *values, size_t n, size_t *where)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            *where = i;
            return false;
        }
    }
    return true;
}

/* Forward, loss, and backward into gradient unless that is NULL. */
static silbe_status run_utterance(const silbe_trainer *trainer, const silbe_train_pass *pass,
                                  size_t i, silbe_train_worker *worker, float *gradient,
                                  silbe_err *err)
{
    const silbe_net_shape *shape = &trainer->options.shape;
    const silbe_train_utterance *utterance = &pass->utterances[i];
    silbe_loss_value *value = &trainer->values[i];
    size_t n_frames = utterance->n_frames;
    size_t n_out = silbe_net_output_frames(shape, n_frames);
    size_t where;
    if (!all_finite(utterance->logmel, n_frames * shape->n_bands, &where)) {
        return silbe_fail(err, SILBE_ERR_DATA, "log-mel frame %zu, band %zu is not finite",
                          where / shape->n_bands, where % shape->n_bands);
    }
    const float *logits = silbe_net_forward(shape, &trainer->layout, pass->params,
                                            utterance->logmel, n_frames, worker->workspace);
    if (!all_finite(logits, n_out * shape->n_classes, &where)) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "the network's output is not finite in frame %zu: the last steps were "
                          "too large, go on from a checkpoint with a smaller rate",
                          where / shape->n_classes);
    }
    float *d_logits =
        gradient == NULL ? NULL : silbe_net_d_logits(shape, n_frames, worker->workspace);
    silbe_status status =
        pass->loss->run(pass->loss, utterance, logits, n_out, shape->n_classes, d_logits,
                        worker->scratch, worker->scratch_bytes, value, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (!isfinite(value->value) || !isfinite(value->weight) || value->weight < 0.0) {
        return silbe_fail(err, SILBE_ERR_DATA, "the loss is not finite (%g, weight %g)",
                          value->value, value->weight);
    }
    if (gradient == NULL || value->is_skipped) {
        return SILBE_OK;
    }
    if (!all_finite(d_logits, n_out * shape->n_classes, &where)) {
        return silbe_fail(err, SILBE_ERR_DATA, "the loss's gradient is not finite in frame %zu",
                          where / shape->n_classes);
    }
    silbe_net_backward(shape, &trainer->layout, pass->params, n_frames, worker->workspace,
                       gradient);
    return SILBE_OK;
}

static void run_lane(silbe_trainer *trainer, const silbe_train_pass *pass, size_t l,
                     silbe_train_worker *worker)
{
    silbe_train_lane *lane = &trainer->lanes[l];
    lane->failed_at = SIZE_MAX;
    if (pass->with_gradient) {
        memset(lane->gradient, 0, trainer->layout.n_params * sizeof *lane->gradient);
    }
    for (size_t i = l; i < pass->n; i += trainer->options.n_lanes) {
        if (run_utterance(trainer, pass, i, worker, pass->with_gradient ? lane->gradient : NULL,
                          &lane->err) != SILBE_OK) {
            lane->failed_at = i;
            return;
        }
    }
}

silbe_status silbe_train_pass_run(silbe_trainer *trainer, const silbe_train_pass *pass,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    make_room(trainer, pass, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    size_t n_used = pass->n < trainer->options.n_lanes ? pass->n : trainer->options.n_lanes;
    int n_threads = (int)(n_used < trainer->n_workers ? n_used : trainer->n_workers);
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
    for (size_t l = 0; l < n_used; l++) {
        run_lane(trainer, pass, l, &trainer->workers[omp_get_thread_num()]);
    }
    /* A lane stops at its first failure, so the least of them is the batch's first. */
    const silbe_train_lane *first = NULL;
    for (size_t l = 0; l < n_used; l++) {
        const silbe_train_lane *lane = &trainer->lanes[l];
        if (lane->failed_at != SIZE_MAX && (first == NULL || lane->failed_at < first->failed_at)) {
            first = lane;
        }
    }
    if (first == NULL) {
        return SILBE_OK;
    }
    return silbe_fail(err, first->err.status, "step %zu, utterance '%s': %.800s", trainer->step,
                      pass->utterances[first->failed_at].name, first->err.message);
}

void silbe_train_reduce(silbe_trainer *trainer, size_t n_used)
{
    size_t n_params = trainer->layout.n_params;
    size_t n_ranges = (n_params + SILBE_OPTIMISER_RANGE - 1) / SILBE_OPTIMISER_RANGE;
    float *sum = trainer->lanes[0].gradient;
#pragma omp parallel for schedule(static)
    for (size_t r = 0; r < n_ranges; r++) {
        size_t begin = r * SILBE_OPTIMISER_RANGE;
        size_t end =
            n_params - begin < SILBE_OPTIMISER_RANGE ? n_params : begin + SILBE_OPTIMISER_RANGE;
        for (size_t l = 1; l < n_used; l++) {
            const float *gradient = trainer->lanes[l].gradient;
            for (size_t i = begin; i < end; i++) {
                sum[i] += gradient[i];
            }
        }
    }
}

size_t silbe_train_find_not_finite(silbe_trainer *trainer, const silbe_train_pass *pass)
{
    float *gradient = trainer->lanes[0].gradient;
    for (size_t i = 0; i < pass->n; i++) {
        silbe_err ignored = SILBE_ERR_INIT;
        memset(gradient, 0, trainer->layout.n_params * sizeof *gradient);
        size_t where;
        if (run_utterance(trainer, pass, i, &trainer->workers[0], gradient, &ignored) != SILBE_OK ||
            !all_finite(gradient, trainer->layout.n_params, &where)) {
            return i;
        }
    }
    return pass->n;
}

void silbe_train_sum_up(const silbe_trainer *trainer, const silbe_train_pass *pass,
                        silbe_train_report *report, double *weight)
{
    double value = 0.0;
    size_t n_right = 0;
    size_t n_counted = 0;
    *weight = 0.0;
    *report = (silbe_train_report){.step = trainer->step};
    for (size_t i = 0; i < pass->n; i++) {
        const silbe_loss_value *one = &trainer->values[i];
        value += one->value;
        *weight += one->weight;
        n_right += one->n_right;
        n_counted += one->n_frames;
        report->n_frames += pass->utterances[i].n_frames;
        report->n_skipped += one->is_skipped;
    }
    report->loss = *weight > 0.0 ? value / *weight : 0.0;
    report->right = n_counted > 0 ? (double)n_right / (double)n_counted : 0.0;
}
