#include "features/model/ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/model/layers.h"
#include "features/model/posteriors.h"

static bool same_numbers(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fabs(a[i] - b[i]) > 1e-9 * fabs(a[i])) {
            return false;
        }
    }
    return true;
}

/* Same classes at the same times from the same bands. */
static void check_like(const silbe_model *first, const silbe_model *model, silbe_err *err)
{
    const silbe_logmel_options *a = &first->logmel, *b = &model->logmel;
    const double ours[] = {first->rate_hz, a->low_hz, a->high_hz, a->window_s, a->hop_s, a->floor};
    const double its[] = {model->rate_hz, b->low_hz, b->high_hz, b->window_s, b->hop_s, b->floor};
    const char *differs = NULL;
    if (first->shape.n_classes != model->shape.n_classes || first->blank != model->blank) {
        differs = "classes";
    } else if (first->shape.input_stride != model->shape.input_stride) {
        differs = "frames";
    } else if (a->n_bands != b->n_bands || a->scale != b->scale ||
               !same_numbers(ours, its, sizeof ours / sizeof *ours)) {
        differs = "log-mel bands";
    }
    for (size_t k = 0; differs == NULL && k < first->shape.n_classes; k++) {
        differs = strcmp(first->class_names[k], model->class_names[k]) != 0 ? "classes" : NULL;
    }
    if (differs != NULL) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "a network with other %s than the first of the list, so that they cannot "
                         "be averaged",
                         differs);
    }
}

silbe_status silbe_ensemble_add(silbe_ensemble *ensemble, silbe_model *model, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (ensemble->n_models == SILBE_ENSEMBLE_MAX_MODELS) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "more than %d networks",
                         SILBE_ENSEMBLE_MAX_MODELS);
    } else if (ensemble->n_models > 0) {
        check_like(&ensemble->models[0], model, err);
    }
    if (ensemble->models == NULL) {
        ensemble->models = silbe_alloc(SILBE_ENSEMBLE_MAX_MODELS, sizeof *model, "networks", err);
    }
    if (silbe_failed(err)) {
        silbe_model_free(model);
    } else {
        ensemble->models[ensemble->n_models++] = *model;
    }
    *model = (silbe_model)SILBE_MODEL_INIT;
    return err->status;
}

void silbe_ensemble_free(silbe_ensemble *ensemble)
{
    for (size_t i = 0; i < ensemble->n_models; i++) {
        silbe_model_free(&ensemble->models[i]);
    }
    free(ensemble->models);
    *ensemble = (silbe_ensemble)SILBE_ENSEMBLE_INIT;
}

bool silbe_ensemble_hears(size_t i, silbe_hearing hearing, bool has_middle)
{
    return hearing == (has_middle ? (silbe_hearing)(i % SILBE_N_HEARINGS) : SILBE_HEARS_MEAN);
}

void silbe_ensemble_log_prior(const silbe_ensemble *ensemble, double *log_prior)
{
    size_t n_classes = ensemble->models[0].shape.n_classes, n = ensemble->n_models;
    double sum = 0;
    for (size_t k = 0; k < n_classes; k++) {
        log_prior[k] = 0;
        for (size_t i = 0; i < n; i++) {
            log_prior[k] += (double)ensemble->models[i].log_prior[k] / (double)n;
        }
        sum += exp(log_prior[k]);
    }
    for (size_t k = 0; n > 1 && k < n_classes; k++) {
        log_prior[k] -= log(sum);
    }
}

silbe_status silbe_ensemble_add_frames(void *context, const float *posteriors, size_t first_frame,
                                       size_t n_frames, silbe_err *err)
{
    silbe_matrix *to = context;
    float *restrict sum = silbe_matrix_row(to, first_frame);
    (void)err;
    for (size_t i = 0; i < n_frames * to->n_cols; i++) {
        sum[i] += posteriors[i];
    }
    return SILBE_OK;
}

void silbe_ensemble_finish(const silbe_ensemble *ensemble, silbe_matrix *posteriors)
{
    if (ensemble->n_models == 1) {
        return;
    }
    float share = 1.0F / (float)ensemble->n_models;
    for (size_t i = 0; i < posteriors->n_rows * posteriors->n_cols; i++) {
        posteriors->data[i] *= share;
    }
    silbe_layer_log_softmax(posteriors->data, posteriors->n_rows, posteriors->n_cols);
}

/* The log-mel of one model, whose posteriors are added. */
static void add_model(const silbe_model *model, const silbe_matrix *logmel,
                      silbe_matrix *posteriors, silbe_err *err)
{
    double means[SILBE_NET_MAX_WIDTH];
    silbe_posteriors_stream *stream = NULL;
    silbe_try(err, silbe_posteriors_means(logmel, means, err));
    silbe_try(err, silbe_posteriors_stream_new(model, means, silbe_ensemble_add_frames, posteriors,
                                               &stream, err));
    silbe_try(err, silbe_posteriors_stream_push(stream, logmel->data, logmel->n_rows, err));
    silbe_try(err, silbe_posteriors_stream_finish(stream, err));
    silbe_posteriors_stream_free(stream);
}

silbe_status silbe_ensemble_run(const silbe_ensemble *ensemble,
                                const silbe_matrix logmel[SILBE_N_HEARINGS],
                                silbe_matrix *posteriors, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_net_shape *shape = &ensemble->models[0].shape;
    const silbe_matrix *mean = &logmel[SILBE_HEARS_MEAN], *middle = &logmel[SILBE_HEARS_MIDDLE];
    *posteriors = (silbe_matrix)SILBE_MATRIX_INIT;
    for (size_t h = 0; h < SILBE_N_HEARINGS; h++) {
        bool is_there = h == SILBE_HEARS_MEAN || middle->n_rows > 0;
        if (is_there && (logmel[h].n_cols != shape->n_bands || logmel[h].n_rows != mean->n_rows)) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "a log-mel spectrum of %zu frames and %zu bands, %zu and %zu are "
                              "expected",
                              logmel[h].n_rows, logmel[h].n_cols, mean->n_rows, shape->n_bands);
        }
    }
    silbe_try(err, silbe_matrix_new(posteriors, silbe_net_output_frames(shape, mean->n_rows),
                                    shape->n_classes, err));
    for (size_t h = 0; h < SILBE_N_HEARINGS; h++) {
        for (size_t i = 0; i < ensemble->n_models && !silbe_failed(err); i++) {
            if (silbe_ensemble_hears(i, (silbe_hearing)h, middle->n_rows > 0)) {
                add_model(&ensemble->models[i], &logmel[h], posteriors, err);
            }
        }
    }
    if (silbe_failed(err)) {
        silbe_matrix_free(posteriors);
    } else {
        silbe_ensemble_finish(ensemble, posteriors);
    }
    return err->status;
}
