#include "features/model/backprop.h"

#include <stdint.h>
#include <string.h>

#include "features/model/layers.h"

/* What the workspace holds, T output frames of C channels each unless said so. */
typedef struct {
    float *columns; /* T x input_width * n_bands */
    float
        *h[SILBE_NET_MAX_BLOCKS + 1]; /* input of each block; the last is the output of the last */
    float *normed[SILBE_NET_MAX_BLOCKS + 1];     /* of each block, then of the output */
    float *inverse_sd[SILBE_NET_MAX_BLOCKS + 1]; /* T */
    float *scaled[SILBE_NET_MAX_BLOCKS + 1];     /* after gain and offset */
    float *hidden[SILBE_NET_MAX_BLOCKS];         /* T x n_hidden, after the ReLU */
    float *logits;                               /* T x n_classes */
    float *d_logits;                             /* T x n_classes */
    float *d_h;
    float *d_branch;
    float *d_hidden; /* T x n_hidden */
    size_t n_floats;
} plan;

/* rows * width floats, the next piece starting at a multiple of 64 bytes; SIZE_MAX is sticky. */
static float *carve(float *base, size_t *used, size_t rows, size_t width)
{
    if (*used == SIZE_MAX || (width > 0 && rows > (SIZE_MAX / 8 - *used) / width)) {
        *used = SIZE_MAX;
        return NULL;
    }
    float *piece = base == NULL ? NULL : base + *used;
    *used += (rows * width + 15) / 16 * 16;
    return piece;
}

static plan make_plan(const silbe_net_shape *shape, size_t n_frames, float *base)
{
    plan p = {0};
    size_t n = silbe_net_output_frames(shape, n_frames);
    size_t c = shape->n_channels;
    size_t *used = &p.n_floats;
    p.columns = carve(base, used, n, shape->input_width * shape->n_bands);
    for (size_t b = 0; b <= shape->n_blocks; b++) {
        p.h[b] = carve(base, used, n, c);
        p.normed[b] = carve(base, used, n, c);
        p.inverse_sd[b] = carve(base, used, n, 1);
        p.scaled[b] = carve(base, used, n, c);
        if (b < shape->n_blocks) {
            p.hidden[b] = carve(base, used, n, shape->n_hidden);
        }
    }
    p.logits = carve(base, used, n, shape->n_classes);
    p.d_logits = carve(base, used, n, shape->n_classes);
    p.d_h = carve(base, used, n, c);
    p.d_branch = carve(base, used, n, c);
    p.d_hidden = carve(base, used, n, shape->n_hidden);
    return p;
}

size_t silbe_net_workspace_size(const silbe_net_shape *shape, size_t n_frames)
{
    size_t n_floats = make_plan(shape, n_frames, NULL).n_floats;
    return n_frames > INT32_MAX ? SIZE_MAX : n_floats; /* BLAS counts in int */
}

const float *silbe_net_forward(const silbe_net_shape *shape, const silbe_net_layout *layout,
                               const float *params, const float *x, size_t n_frames,
                               float *workspace)
{
    plan p = make_plan(shape, n_frames, workspace);
    size_t n = silbe_net_output_frames(shape, n_frames);
    size_t c = shape->n_channels;
    size_t n_columns = shape->input_width * shape->n_bands;
    silbe_layer_unfold(x, 0, n_frames, shape->n_bands, shape->input_width, shape->input_stride, 0,
                       n, p.columns);
    silbe_layer_linear(p.columns, params + layout->input_weight, NULL, n, n_columns, c, p.h[0]);
    silbe_layer_bias_relu(p.h[0], params + layout->input_bias, n, c);
    for (size_t b = 0; b < shape->n_blocks; b++) {
        const silbe_net_block_layout *at = &layout->blocks[b];
        silbe_layer_depthwise(p.h[b], n, params + at->depthwise_weight, params + at->depthwise_bias,
                              n, 0, n, c, shape->block_width, shape->dilations[b], p.normed[b]);
        silbe_layer_norm(p.normed[b], params + at->norm_gain, params + at->norm_offset, n, c,
                         p.scaled[b], p.normed[b], p.inverse_sd[b]);
        silbe_layer_linear(p.scaled[b], params + at->up_weight, NULL, n, c, shape->n_hidden,
                           p.hidden[b]);
        silbe_layer_bias_relu(p.hidden[b], params + at->up_bias, n, shape->n_hidden);
        memcpy(p.h[b + 1], p.h[b], n * c * sizeof *p.h[b]);
        silbe_layer_linear_add(p.hidden[b], params + at->down_weight, params + at->down_bias, n,
                               shape->n_hidden, c, p.h[b + 1]);
    }
    size_t last = shape->n_blocks;
    silbe_layer_norm(p.h[last], params + layout->output_norm_gain,
                     params + layout->output_norm_offset, n, c, p.scaled[last], p.normed[last],
                     p.inverse_sd[last]);
    silbe_layer_linear(p.scaled[last], params + layout->output_weight, params + layout->output_bias,
                       n, c, shape->n_classes, p.logits);
    return p.logits;
}

float *silbe_net_d_logits(const silbe_net_shape *shape, size_t n_frames, float *workspace)
{
    return make_plan(shape, n_frames, workspace).d_logits;
}

void silbe_net_backward(const silbe_net_shape *shape, const silbe_net_layout *layout,
                        const float *params, size_t n_frames, float *workspace, float *gradient)
{
    plan p = make_plan(shape, n_frames, workspace);
    size_t n = silbe_net_output_frames(shape, n_frames);
    size_t c = shape->n_channels;
    size_t last = shape->n_blocks;
    silbe_layer_linear_backward(p.scaled[last], params + layout->output_weight, p.d_logits, n, c,
                                shape->n_classes, p.d_h, gradient + layout->output_weight,
                                gradient + layout->output_bias);
    silbe_layer_norm_backward(p.normed[last], p.inverse_sd[last], params + layout->output_norm_gain,
                              p.d_h, n, c, p.d_h, gradient + layout->output_norm_gain,
                              gradient + layout->output_norm_offset);
    for (size_t b = last; b-- > 0;) {
        const silbe_net_block_layout *at = &layout->blocks[b];
        silbe_layer_linear_backward(p.hidden[b], params + at->down_weight, p.d_h, n,
                                    shape->n_hidden, c, p.d_hidden, gradient + at->down_weight,
                                    gradient + at->down_bias);
        silbe_layer_relu_backward(p.hidden[b], n * shape->n_hidden, p.d_hidden);
        silbe_layer_linear_backward(p.scaled[b], params + at->up_weight, p.d_hidden, n, c,
                                    shape->n_hidden, p.d_branch, gradient + at->up_weight,
                                    gradient + at->up_bias);
        silbe_layer_norm_backward(p.normed[b], p.inverse_sd[b], params + at->norm_gain, p.d_branch,
                                  n, c, p.d_branch, gradient + at->norm_gain,
                                  gradient + at->norm_offset);
        silbe_layer_depthwise_backward(p.h[b], params + at->depthwise_weight, p.d_branch, n, c,
                                       shape->block_width, shape->dilations[b], p.d_h,
                                       gradient + at->depthwise_weight,
                                       gradient + at->depthwise_bias);
    }
    silbe_layer_relu_backward(p.h[0], n * c, p.d_h);
    silbe_layer_linear_backward(p.columns, params + layout->input_weight, p.d_h, n,
                                shape->input_width * shape->n_bands, c, NULL,
                                gradient + layout->input_weight, gradient + layout->input_bias);
}
