/*
 * The acoustic model's network: its shape, and where its parameters lie.
 *
 * Log-mel in, one score per class out. Frames x channels everywhere, row-major: x[t * C + c].
 *
 *   input      h(s) = relu(b + sum_j W_j x(stride s + j - (width - 1) / 2)), j < input_width
 *   block b    h <- h + W2 relu(W1 norm(depthwise(h)) + b1) + b2        n_blocks times
 *   output     logits = W norm(h) + b; posteriors = log-softmax(logits)
 *
 * depthwise: one filter of block_width taps per channel, dilations[b] frames apart, centred. norm:
 * layer normalisation of each frame over its channels, with gain and offset; unlike batch
 * normalisation it needs no statistics from elsewhere, so a stream gives what the whole gives.
 * Frames before the first and after the last are zeros, at the input and at every depthwise
 * convolution. Output frame s is centred on input frame stride * s; there are
 * (n_frames - 1) / stride + 1 of them.
 */
#ifndef SILBE_FEATURES_MODEL_NET_H
#define SILBE_FEATURES_MODEL_NET_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

enum {
    SILBE_NET_MAX_BLOCKS = 32,
    SILBE_NET_MAX_WIDTH = 4096,  /* bands, channels, hidden channels, classes */
    SILBE_NET_MAX_REACH = 64,    /* (block_width - 1) / 2 * dilation, frames */
    SILBE_NET_BLOCK_TENSORS = 8, /* per block */
    SILBE_NET_NAME_SIZE = 48,    /* of a tensor, with its zero */
};

typedef struct {
    size_t n_bands;                         /* of the log-mel spectrum */
    size_t n_channels;                      /* C */
    size_t n_hidden;                        /* between the two pointwise layers of a block */
    size_t n_classes;                       /* S */
    size_t n_blocks;                        /* 1 .. SILBE_NET_MAX_BLOCKS */
    size_t dilations[SILBE_NET_MAX_BLOCKS]; /* frames, >= 1; first n_blocks are used */
    size_t block_width;                     /* odd, 3 .. 15 */
    size_t input_width;                     /* odd, 1 .. 15 */
    size_t input_stride;                    /* 1 .. 4, <= input_width */
} silbe_net_shape;

/* 80 bands, 192 channels, 384 hidden, 8 blocks of width 9 with dilations 1 1 2 2 4 4 1 1, input 5
 * wide with stride 2: 1.29 million parameters with 36 classes. */
silbe_net_shape silbe_net_shape_default(size_t n_classes);

/* SILBE_ERR_ARGUMENT naming the field that is out of range, with its value. */
SILBE_MUST_CHECK silbe_status silbe_net_shape_check(const silbe_net_shape *shape, silbe_err *err);

/* Same network, field by field. */
bool silbe_net_shape_equal(const silbe_net_shape *a, const silbe_net_shape *b);

/* Output frames for n_frames >= 0 input frames. */
size_t silbe_net_output_frames(const silbe_net_shape *shape, size_t n_frames);

/* Input frames on either side of stride * s that output frame s depends on. */
size_t silbe_net_reach(const silbe_net_shape *shape);

/*
 * All parameters are one array of floats; each tensor is a row-major piece of it. The gradient and
 * the optimiser's moments have the same layout. Names as in the weights file:
 *
 *   input.weight   input_width x n_bands x C     input.bias   C
 *   block.B.depthwise.weight  block_width x C    block.B.depthwise.bias  C
 *   block.B.norm.gain  C                         block.B.norm.offset  C
 *   block.B.up.weight    C x n_hidden            block.B.up.bias    n_hidden
 *   block.B.down.weight  n_hidden x C            block.B.down.bias  C
 *   output.norm.gain  C                          output.norm.offset  C
 *   output.weight  C x S                         output.bias  S
 */
typedef struct {
    size_t depthwise_weight;
    size_t depthwise_bias;
    size_t norm_gain;
    size_t norm_offset;
    size_t up_weight;
    size_t up_bias;
    size_t down_weight;
    size_t down_bias;
} silbe_net_block_layout;

/* Offsets into the parameters, in floats. Every tensor starts at a multiple of 16 floats; the gaps
 * are zeros for ever. */
typedef struct {
    size_t input_weight;
    size_t input_bias;
    silbe_net_block_layout blocks[SILBE_NET_MAX_BLOCKS];
    size_t output_norm_gain;
    size_t output_norm_offset;
    size_t output_weight;
    size_t output_bias;
    size_t n_params; /* floats in all, with gaps; a multiple of 16 */
} silbe_net_layout;

typedef struct {
    char name[SILBE_NET_NAME_SIZE];
    size_t offset; /* floats */
    size_t n_dims; /* 1 .. 3 */
    size_t dims[3];
    size_t n_values; /* product of dims */
    size_t fan_in;   /* values that are summed into one output; for initial values */
    bool is_matrix;  /* weight decay applies; false for biases, gains and offsets */
} silbe_net_tensor;

/* The shape must have passed silbe_net_shape_check. */
silbe_net_layout silbe_net_layout_of(const silbe_net_shape *shape);

/* 6 + SILBE_NET_BLOCK_TENSORS * n_blocks. */
size_t silbe_net_n_tensors(const silbe_net_shape *shape);

/* Tensor i < silbe_net_n_tensors in the order of the list above. */
silbe_net_tensor silbe_net_tensor_at(const silbe_net_shape *shape, size_t i);

/* Number of parameters without the gaps. */
size_t silbe_net_n_values(const silbe_net_shape *shape);

#endif
