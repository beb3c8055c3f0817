#include "pipeline/acoustic/make_posteriorgram.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"
#include "features/base/npy.h"
#include "features/model/posteriors.h"

enum { PIECE_FRAMES = 2048 };

/* As silbe_posteriors_means. */
static silbe_status find_means(silbe_npy_rows *rows, float *piece, double *means, silbe_err *err)
{
    size_t n_read = 1, n_bands = rows->n_cols;
    while (n_read > 0) {
        size_t first = rows->next_row;
        silbe_status status = silbe_npy_rows_read(rows, PIECE_FRAMES, piece, &n_read, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t i = 0; i < n_read * n_bands; i++) {
            if (!isfinite(piece[i])) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "%s: frame %zu, band %zu is not finite (%g); run the stage "
                                  "features again with --force",
                                  rows->path, first + i / n_bands, i % n_bands, (double)piece[i]);
            }
            means[i % n_bands] += (double)piece[i];
        }
    }
    for (size_t b = 0; b < n_bands; b++) {
        means[b] /= (double)rows->n_rows;
    }
    return silbe_npy_rows_rewind(rows, err);
}

/* The posteriors of one model, added to those of the others. */
static void run_stream(const silbe_model *model, silbe_npy_rows *rows, const double *means,
                       float *piece, silbe_matrix *sum, silbe_err *err)
{
    silbe_posteriors_stream *stream = NULL;
    size_t n_read = 1;
    silbe_try(err, silbe_posteriors_stream_new(model, means, silbe_ensemble_add_frames, sum,
                                               &stream, err));
    while (n_read > 0 && !silbe_failed(err)) {
        silbe_try(err, silbe_npy_rows_read(rows, PIECE_FRAMES, piece, &n_read, err));
        if (n_read > 0) {
            silbe_try(err, silbe_posteriors_stream_push(stream, piece, n_read, err));
        }
    }
    silbe_try(err, silbe_posteriors_stream_finish(stream, err));
    silbe_posteriors_stream_free(stream);
}

/* All models that hear this file. */
static void hear_file(const silbe_ensemble *ensemble, const bool *hears, const char *logmel_path,
                      size_t n_logmel_frames, silbe_matrix *sum, silbe_err *err)
{
    size_t n_bands = ensemble->models[0].shape.n_bands;
    silbe_npy_rows rows = SILBE_NPY_ROWS_INIT;
    double *means = silbe_alloc(n_bands, sizeof *means, "bands", err);
    float *piece = silbe_alloc(PIECE_FRAMES * n_bands, sizeof *piece, "values", err);
    silbe_try(err, silbe_npy_rows_open(logmel_path, n_bands, &rows, err));
    if (!silbe_failed(err) && (rows.n_rows != n_logmel_frames || rows.n_rows == 0)) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s: has %zu frames, %zu are expected; run the stage features again with "
                         "--force",
                         logmel_path, rows.n_rows, n_logmel_frames);
    }
    silbe_try(err, find_means(&rows, piece, means, err));
    for (size_t i = 0; i < ensemble->n_models && !silbe_failed(err); i++) {
        if (hears[i]) {
            run_stream(&ensemble->models[i], &rows, means, piece, sum, err);
            silbe_try(err, silbe_npy_rows_rewind(&rows, err));
        }
    }
    silbe_npy_rows_close(&rows);
    free(means);
    free(piece);
}

static void fill_facts(const silbe_ensemble *ensemble, const silbe_matrix *posteriors,
                       silbe_posteriorgram_facts *facts)
{
    silbe_voice_meter meter = {0};
    silbe_voice_meter_add(&meter, posteriors->data, posteriors->n_rows);
    silbe_voice_meter_read(&meter, facts);
    facts->hop_s = silbe_model_hop_s(ensemble->models);
    silbe_ensemble_log_prior(ensemble, facts->log_prior);
}

silbe_status silbe_posteriorgram_of(const silbe_ensemble *ensemble,
                                    const silbe_matrix logmel[SILBE_N_HEARINGS],
                                    silbe_posteriorgram_facts *facts, silbe_matrix *posteriors,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_ensemble_run(ensemble, logmel, posteriors, err));
    if (!silbe_failed(err)) {
        fill_facts(ensemble, posteriors, facts);
    }
    return err->status;
}

silbe_status silbe_make_posteriorgram(const silbe_ensemble *ensemble,
                                      const char *const logmel_paths[SILBE_N_HEARINGS],
                                      size_t n_logmel_frames, const char *posteriors_path,
                                      silbe_posteriorgram_facts *facts, silbe_err *err)
{
    const silbe_net_shape *shape = &ensemble->models[0].shape;
    silbe_matrix posteriors = SILBE_MATRIX_INIT;
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_matrix_new(&posteriors, silbe_net_output_frames(shape, n_logmel_frames),
                                    shape->n_classes, err));
    for (size_t h = 0; h < SILBE_N_HEARINGS && !silbe_failed(err); h++) {
        bool hears[SILBE_ENSEMBLE_MAX_MODELS], is_heard = false;
        for (size_t i = 0; i < ensemble->n_models; i++) {
            hears[i] =
                silbe_ensemble_hears(i, (silbe_hearing)h, logmel_paths[SILBE_HEARS_MIDDLE] != NULL);
            is_heard = is_heard || hears[i];
        }
        if (is_heard) {
            hear_file(ensemble, hears, logmel_paths[h], n_logmel_frames, &posteriors, err);
        }
    }
    if (!silbe_failed(err)) {
        silbe_ensemble_finish(ensemble, &posteriors);
        fill_facts(ensemble, &posteriors, facts);
    }
    silbe_try(err, silbe_npy_write_matrix(posteriors_path, &posteriors, err));
    silbe_matrix_free(&posteriors);
    return err->status;
}
