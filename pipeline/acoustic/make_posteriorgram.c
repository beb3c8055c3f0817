#include "pipeline/acoustic/make_posteriorgram.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "features/model/posteriors.h"

enum { PIECE_FRAMES = 2048 };

/* Where the stream's posteriors go. */
typedef struct {
    FILE *stream;
    silbe_voice_meter meter;
} sink;

static silbe_status put_frames(void *context, const float *posteriors, size_t first_frame,
                               size_t n_frames, silbe_err *err)
{
    (void)first_frame;
    (void)err;
    sink *to = context;
    silbe_npy_put_floats(to->stream, posteriors, n_frames * SILBE_N_PHONES);
    silbe_voice_meter_add(&to->meter, posteriors, n_frames);
    return SILBE_OK;
}

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

static silbe_status run_stream(const silbe_model *model, silbe_npy_rows *rows, const double *means,
                               float *piece, sink *to, silbe_err *err)
{
    silbe_posteriors_stream *stream = NULL;
    size_t n_read = 1;
    silbe_try(err, silbe_posteriors_stream_new(model, means, put_frames, to, &stream, err));
    while (n_read > 0 && !silbe_failed(err)) {
        silbe_try(err, silbe_npy_rows_read(rows, PIECE_FRAMES, piece, &n_read, err));
        if (n_read > 0) {
            silbe_try(err, silbe_posteriors_stream_push(stream, piece, n_read, err));
        }
    }
    silbe_try(err, silbe_posteriors_stream_finish(stream, err));
    silbe_posteriors_stream_free(stream);
    return err->status;
}

silbe_status silbe_make_posteriorgram(const silbe_model *model, const char *logmel_path,
                                      size_t n_logmel_frames, const char *posteriors_path,
                                      silbe_posteriorgram_facts *facts, silbe_err *err)
{
    size_t n_bands = model->shape.n_bands;
    silbe_npy_rows rows = SILBE_NPY_ROWS_INIT;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    sink to = {0};
    silbe_err own;
    err = silbe_err_begin(err, &own);
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
    silbe_try(err, silbe_atomic_open(&file, posteriors_path, err));
    if (!silbe_failed(err)) {
        to.stream = file.stream;
        silbe_npy_put_header(file.stream, silbe_net_output_frames(&model->shape, rows.n_rows),
                             SILBE_N_PHONES);
    }
    silbe_try(err, run_stream(model, &rows, means, piece, &to, err));
    silbe_try(err, silbe_atomic_commit(&file, err));
    if (!silbe_failed(err)) {
        facts->hop_s = silbe_model_hop_s(model);
        silbe_voice_meter_read(&to.meter, facts);
        for (size_t k = 0; k < SILBE_N_PHONES; k++) {
            facts->log_prior[k] = model->log_prior[k];
        }
    }
    silbe_atomic_abort(&file);
    silbe_npy_rows_close(&rows);
    free(means);
    free(piece);
    return err->status;
}
