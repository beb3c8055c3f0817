#include "align/score/downsample.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

static const double PI = 3.14159265358979323846;

static void new_output(const silbe_matrix *in, size_t factor, silbe_matrix *out, silbe_err *err)
{
    *out = (silbe_matrix)SILBE_MATRIX_INIT;
    if (factor == 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "factor of a frame rate should be > 0, got 0");
        return;
    }
    size_t n_rows = in->n_rows / factor + (in->n_rows % factor != 0);
    silbe_try(err, silbe_matrix_new(out, n_rows, in->n_cols, err));
}

static void normalise_rows(silbe_matrix *matrix)
{
    for (size_t t = 0; t < matrix->n_rows; t++) {
        float *row = silbe_matrix_row(matrix, t);
        double energy = 0;
        for (size_t c = 0; c < matrix->n_cols; c++) {
            energy += (double)row[c] * row[c];
        }
        float scale = energy > 0 ? (float)(1 / sqrt(energy)) : 0;
        for (size_t c = 0; c < matrix->n_cols; c++) {
            row[c] *= scale;
        }
    }
}

silbe_status silbe_downsample_unit_rows(const silbe_matrix *in, size_t factor, size_t window_frames,
                                        silbe_matrix *out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t half = window_frames / 2;
    new_output(in, factor, out, err);
    float *window = silbe_alloc(2 * half + 1, sizeof *window, "frames of a window", err);
    if (window == NULL) {
        silbe_matrix_free(out);
        return err->status;
    }
    for (size_t i = 0; i <= 2 * half; i++) {
        /* Hann of 2 half + 3 points without its two zeros; its sum is half + 1. */
        double phase = 2 * PI * (double)(i + 1) / (double)(2 * half + 2);
        window[i] = (float)((0.5 - 0.5 * cos(phase)) / (double)(half + 1));
    }
    for (size_t t = 0; t < out->n_rows; t++) {
        size_t centre = t * factor;
        size_t begin = centre > half ? centre - half : 0;
        size_t end = centre + half + 1 < in->n_rows ? centre + half + 1 : in->n_rows;
        float *row = silbe_matrix_row(out, t);
        for (size_t s = begin; s < end; s++) {
            const float *from = silbe_matrix_row(in, s);
            float weight = window[s + half - centre];
            for (size_t c = 0; c < in->n_cols; c++) {
                row[c] += weight * from[c];
            }
        }
    }
    free(window);
    normalise_rows(out);
    return SILBE_OK;
}

silbe_status silbe_downsample_max(const silbe_matrix *in, size_t factor, silbe_matrix *out,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    new_output(in, factor, out, err); /* without rows after a failure */
    for (size_t t = 0; t < out->n_rows; t++) {
        size_t centre = t * factor, half = factor / 2;
        size_t begin = centre > half ? centre - half : 0;
        size_t end = centre + factor - half < in->n_rows ? centre + factor - half : in->n_rows;
        float *row = silbe_matrix_row(out, t);
        for (size_t s = begin; s < end; s++) {
            const float *from = silbe_matrix_row(in, s);
            for (size_t c = 0; c < in->n_cols; c++) {
                row[c] = from[c] > row[c] || isnan(from[c]) ? from[c] : row[c];
            }
        }
    }
    return err->status;
}
