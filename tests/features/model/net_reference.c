#include "tests/features/model/net_reference.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "features/base/memory.h"
#include "features/model/layers.h"

void silbe_reference_depthwise(const double *x, const double *w, const double *bias,
                               size_t n_frames, size_t n_channels, size_t width, size_t dilation,
                               double *y)
{
    for (size_t t = 0; t < n_frames; t++) {
        for (size_t c = 0; c < n_channels; c++) {
            double sum = bias[c];
            for (size_t j = 0; j < width; j++) {
                ptrdiff_t from = (ptrdiff_t)(t + j * dilation) - (ptrdiff_t)(width / 2 * dilation);
                if (from >= 0 && from < (ptrdiff_t)n_frames) {
                    sum += w[j * n_channels + c] * x[(size_t)from * n_channels + c];
                }
            }
            y[t * n_channels + c] = sum;
        }
    }
}

void silbe_reference_norm(const double *x, const double *gain, const double *offset,
                          size_t n_frames, size_t n_channels, double *y)
{
    for (size_t t = 0; t < n_frames; t++) {
        const double *row = x + t * n_channels;
        double mean = 0.0;
        double variance = 0.0;
        for (size_t c = 0; c < n_channels; c++) {
            mean += row[c] / (double)n_channels;
        }
        for (size_t c = 0; c < n_channels; c++) {
            variance += (row[c] - mean) * (row[c] - mean) / (double)n_channels;
        }
        double sd = sqrt(variance + (double)SILBE_NORM_EPSILON);
        for (size_t c = 0; c < n_channels; c++) {
            y[t * n_channels + c] = gain[c] * (row[c] - mean) / sd + offset[c];
        }
    }
}

static void linear(const double *x, const double *w, const double *bias, size_t n_frames,
                   size_t n_in, size_t n_out, double *y)
{
    for (size_t t = 0; t < n_frames; t++) {
        for (size_t k = 0; k < n_out; k++) {
            double sum = bias[k];
            for (size_t i = 0; i < n_in; i++) {
                sum += x[t * n_in + i] * w[i * n_out + k];
            }
            y[t * n_out + k] = sum;
        }
    }
}

static void relu(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] > 0.0 ? x[i] : 0.0;
    }
}

static void input_layer(const silbe_net_shape *shape, const double *w, const double *bias,
                        const double *x, size_t n_frames, double *h)
{
    size_t n_out = silbe_net_output_frames(shape, n_frames);
    for (size_t s = 0; s < n_out; s++) {
        for (size_t c = 0; c < shape->n_channels; c++) {
            double sum = bias[c];
            for (size_t j = 0; j < shape->input_width; j++) {
                ptrdiff_t t =
                    (ptrdiff_t)(s * shape->input_stride + j) - (ptrdiff_t)(shape->input_width / 2);
                for (size_t b = 0; t >= 0 && t < (ptrdiff_t)n_frames && b < shape->n_bands; b++) {
                    sum += w[(j * shape->n_bands + b) * shape->n_channels + c] *
                           x[(size_t)t * shape->n_bands + b];
                }
            }
            h[s * shape->n_channels + c] = sum;
        }
    }
    relu(h, n_out * shape->n_channels);
}

silbe_status silbe_net_reference(const silbe_net_shape *shape, const silbe_net_layout *layout,
                                 const double *params, const double *x, size_t n_frames,
                                 double *logits, silbe_err *err)
{
    size_t n = silbe_net_output_frames(shape, n_frames);
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t c = shape->n_channels;
    double *h = silbe_alloc(3 * n * c + n * shape->n_hidden, sizeof *h, "values", err);
    if (h == NULL) {
        return err->status;
    }
    double *a = h + n * c, *b = a + n * c, *hidden = b + n * c;
    input_layer(shape, params + layout->input_weight, params + layout->input_bias, x, n_frames, h);
    for (size_t i = 0; i < shape->n_blocks; i++) {
        const silbe_net_block_layout *block = &layout->blocks[i];
        silbe_reference_depthwise(h, params + block->depthwise_weight,
                                  params + block->depthwise_bias, n, c, shape->block_width,
                                  shape->dilations[i], a);
        silbe_reference_norm(a, params + block->norm_gain, params + block->norm_offset, n, c, b);
        linear(b, params + block->up_weight, params + block->up_bias, n, c, shape->n_hidden,
               hidden);
        relu(hidden, n * shape->n_hidden);
        linear(hidden, params + block->down_weight, params + block->down_bias, n, shape->n_hidden,
               c, a);
        for (size_t k = 0; k < n * c; k++) {
            h[k] += a[k];
        }
    }
    silbe_reference_norm(h, params + layout->output_norm_gain, params + layout->output_norm_offset,
                         n, c, a);
    linear(a, params + layout->output_weight, params + layout->output_bias, n, c, shape->n_classes,
           logits);
    free(h);
    return SILBE_OK;
}
