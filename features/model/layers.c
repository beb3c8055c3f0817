#include "features/model/layers.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "features/model/vector.h"

static void matrix_product(const float *x, const float *w, size_t n_frames, size_t n_in,
                           size_t n_out, float beta, float *y)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_frames, (int)n_out, (int)n_in,
                1.0F, x, (int)n_in, w, (int)n_out, beta, y, (int)n_out);
}

SILBE_MODEL_CLONES
static void add_bias(float *restrict y, const float *restrict bias, size_t n_frames, size_t n)
{
    for (size_t t = 0; t < n_frames; t++) {
        float *restrict row = y + t * n;
        for (size_t c = 0; c < n; c++) {
            row[c] += bias[c];
        }
    }
}

void silbe_layer_linear(const float *x, const float *w, const float *bias, size_t n_frames,
                        size_t n_in, size_t n_out, float *y)
{
    matrix_product(x, w, n_frames, n_in, n_out, 0.0F, y);
    if (bias != NULL) {
        add_bias(y, bias, n_frames, n_out);
    }
}

void silbe_layer_linear_add(const float *x, const float *w, const float *bias, size_t n_frames,
                            size_t n_in, size_t n_out, float *y)
{
    matrix_product(x, w, n_frames, n_in, n_out, 1.0F, y);
    add_bias(y, bias, n_frames, n_out);
}

void silbe_layer_linear_backward(const float *x, const float *w, const float *d_y, size_t n_frames,
                                 size_t n_in, size_t n_out, float *d_x, float *d_w, float *d_bias)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n_in, (int)n_out, (int)n_frames, 1.0F,
                x, (int)n_in, d_y, (int)n_out, 1.0F, d_w, (int)n_out);
    silbe_vector_add_rows(d_bias, d_y, n_frames, n_out);
    if (d_x != NULL) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_frames, (int)n_in, (int)n_out,
                    1.0F, d_y, (int)n_out, w, (int)n_out, 0.0F, d_x, (int)n_in);
    }
}

void silbe_layer_unfold(const float *x, size_t x_frame, size_t n_frames, size_t n_in, size_t width,
                        size_t stride, size_t first_frame, size_t n_out_frames, float *columns)
{
    size_t half = (width - 1) / 2;
    for (size_t s = 0; s < n_out_frames; s++) {
        for (size_t j = 0; j < width; j++) {
            float *column = columns + (s * width + j) * n_in;
            size_t shifted = first_frame + stride * s + j; /* frame + half, so never negative */
            if (shifted < half || shifted - half >= n_frames) {
                memset(column, 0, n_in * sizeof *column);
            } else {
                memcpy(column, x + (shifted - half - x_frame) * n_in, n_in * sizeof *column);
            }
        }
    }
}

SILBE_MODEL_CLONES
void silbe_layer_bias_relu(float *restrict x, const float *restrict bias, size_t n_frames,
                           size_t n_channels)
{
    for (size_t t = 0; t < n_frames; t++) {
        float *restrict row = x + t * n_channels;
        for (size_t c = 0; c < n_channels; c++) {
            float value = row[c] + bias[c];
            row[c] = value < 0.0F ? 0.0F : value; /* NaN passes, to be noticed */
        }
    }
}

SILBE_MODEL_CLONES
void silbe_layer_relu_backward(const float *restrict y, size_t n_values, float *restrict d_y)
{
    for (size_t i = 0; i < n_values; i++) {
        d_y[i] = y[i] > 0.0F ? d_y[i] : 0.0F;
    }
}

enum { MAX_TAPS = 15 };

void silbe_layer_depthwise(const float *x, size_t n_ring, const float *w, const float *bias,
                           size_t n_frames, size_t begin, size_t end, size_t n_channels,
                           size_t width, size_t dilation, float *y)
{
    size_t half = (width - 1) / 2 * dilation;
    for (size_t t = begin; t < end; t++) {
        const float *taps[MAX_TAPS];
        const float *rows[MAX_TAPS];
        size_t n_taps = 0;
        for (size_t j = 0; j < width; j++) {
            size_t shifted = t + j * dilation;
            if (shifted >= half && shifted - half < n_frames) {
                taps[n_taps] = w + j * n_channels;
                rows[n_taps++] = x + (shifted - half) % n_ring * n_channels;
            }
        }
        float *row = y + (t - begin) * n_channels;
        memcpy(row, bias, n_channels * sizeof *row);
        silbe_vector_add_products(row, taps, rows, n_taps, n_channels);
    }
}

/* d_w of one tap: sum over the frames t with t + shift in [0, n_frames), shift = plus - minus. */
static void depthwise_tap_backward(const float *x, const float *d_y, size_t n_frames,
                                   size_t n_channels, size_t plus, size_t minus, float *d_w)
{
    enum { GROUP = 12 };
    const float *a[GROUP];
    const float *b[GROUP];
    size_t n = 0;
    for (size_t t = 0; t < n_frames; t++) {
        if (t + plus < minus || t + plus - minus >= n_frames) {
            continue;
        }
        a[n] = d_y + t * n_channels;
        b[n++] = x + (t + plus - minus) * n_channels;
        if (n == GROUP) {
            silbe_vector_add_products(d_w, a, b, n, n_channels);
            n = 0;
        }
    }
    silbe_vector_add_products(d_w, a, b, n, n_channels);
}

void silbe_layer_depthwise_backward(const float *x, const float *w, const float *d_y,
                                    size_t n_frames, size_t n_channels, size_t width,
                                    size_t dilation, float *d_x, float *d_w, float *d_bias)
{
    size_t half = (width - 1) / 2 * dilation;
    silbe_vector_add_rows(d_bias, d_y, n_frames, n_channels);
    for (size_t j = 0; j < width; j++) {
        depthwise_tap_backward(x, d_y, n_frames, n_channels, j * dilation, half,
                               d_w + j * n_channels);
    }
    /* y(t) saw x(t + j dilation - half), so x(t) is seen by y(t + half - j dilation). */
    for (size_t t = 0; t < n_frames; t++) {
        const float *taps[MAX_TAPS];
        const float *rows[MAX_TAPS];
        size_t n_taps = 0;
        for (size_t j = 0; j < width; j++) {
            size_t seen_by = t + half;
            if (seen_by >= j * dilation && seen_by - j * dilation < n_frames) {
                taps[n_taps] = w + j * n_channels;
                rows[n_taps++] = d_y + (seen_by - j * dilation) * n_channels;
            }
        }
        silbe_vector_add_products(d_x + t * n_channels, taps, rows, n_taps, n_channels);
    }
}

void silbe_layer_log_softmax(float *x, size_t n_frames, size_t n_classes)
{
    for (size_t t = 0; t < n_frames; t++) {
        float *row = x + t * n_classes;
        float highest = row[0];
        for (size_t k = 1; k < n_classes; k++) {
            highest = row[k] > highest ? row[k] : highest;
        }
        double sum = 0.0;
        for (size_t k = 0; k < n_classes; k++) {
            sum += (double)expf(row[k] - highest);
        }
        float normaliser = highest + (float)log(sum);
        for (size_t k = 0; k < n_classes; k++) {
            row[k] -= normaliser;
        }
    }
}
