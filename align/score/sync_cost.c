#include "align/score/sync_cost.h"

#include <math.h>
#include <stdbool.h>

#include "align/dtw/cost.h"

enum { N_CLASSES = 12 };

static bool has_shape(const silbe_matrix *matrix, size_t n_rows)
{
    return matrix != NULL && matrix->n_rows == n_rows && matrix->n_cols == N_CLASSES;
}

/* The recording's frames as columns. */
static void transpose(const silbe_matrix *frames, silbe_matrix *transposed, silbe_err *err)
{
    silbe_try(err, silbe_matrix_new(transposed, N_CLASSES, frames->n_rows, err));
    if (!silbe_failed(err) && frames->n_rows > 0) {
        silbe_dtw_transpose(frames->data, frames->n_rows, N_CLASSES, transposed->data);
    }
}

silbe_status silbe_sync_cost_new(silbe_sync_cost *cost, const silbe_matrix *chroma,
                                 const silbe_matrix *onset, const silbe_matrix *recording_chroma,
                                 const silbe_matrix *recording_onset, double onset_weight,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n_frames = recording_chroma->n_rows;
    *cost = (silbe_sync_cost){.chroma = chroma,
                              .onset = onset_weight > 0 ? onset : NULL,
                              .onset_weight = (float)onset_weight};
    if (!has_shape(chroma, chroma->n_rows) || !has_shape(recording_chroma, n_frames) ||
        (onset_weight > 0 &&
         (!has_shape(onset, chroma->n_rows) || !has_shape(recording_onset, n_frames)))) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "chroma and onsets should have 12 columns and as many rows, got %zu and "
                          "%zu columns of chroma",
                          chroma->n_cols, recording_chroma->n_cols);
    }
    transpose(recording_chroma, &cost->recording_chroma_t, err);
    if (onset_weight > 0) {
        transpose(recording_onset, &cost->recording_onset_t, err);
    }
    if (silbe_failed(err)) {
        silbe_sync_cost_free(cost);
    }
    return err->status;
}

void silbe_sync_cost_free(silbe_sync_cost *cost)
{
    silbe_matrix_free(&cost->recording_chroma_t);
    silbe_matrix_free(&cost->recording_onset_t);
}

silbe_status silbe_sync_cost_row(const void *context, size_t n, size_t m_begin, size_t m_end,
                                 float *restrict cost, silbe_err *err)
{
    (void)err;
    const silbe_sync_cost *sync = context;
    size_t length = m_end - m_begin;
    const float *chroma = silbe_matrix_row(sync->chroma, n);
    if (sync->onset == NULL) {
        for (size_t i = 0; i < length; i++) {
            cost[i] = 1;
        }
    } else {
        const float *onset = silbe_matrix_row(sync->onset, n);
        for (size_t i = 0; i < length; i++) {
            cost[i] = 0;
        }
        for (size_t c = 0; c < N_CLASSES; c++) {
            const float *heard = silbe_matrix_row(&sync->recording_onset_t, c) + m_begin;
            float expected = onset[c];
            for (size_t i = 0; i < length; i++) {
                float difference = expected - heard[i];
                cost[i] += difference * difference;
            }
        }
        float weight = sync->onset_weight;
        for (size_t i = 0; i < length; i++) {
            cost[i] = 1 + weight * sqrtf(cost[i]);
        }
    }
    for (size_t c = 0; c < N_CLASSES; c++) {
        const float *heard = silbe_matrix_row(&sync->recording_chroma_t, c) + m_begin;
        float expected = chroma[c];
        if (expected == 0) {
            continue;
        }
        for (size_t i = 0; i < length; i++) {
            cost[i] -= expected * heard[i];
        }
    }
    return SILBE_OK;
}
