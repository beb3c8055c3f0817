/*
 * The layers: forward, and backward with respect to input and parameters. Pure functions on arrays
 * of the caller's, which must not overlap unless said so; no allocation, no threads.
 *
 * x[t * C + c]: frame t, channel c. "d_y" is d loss / d y. Backward functions ADD to the gradients
 * of parameters (utterances sum up) and write or add to d_x as said.
 *
 * Matrix products are BLAS's sgemm. A result depends on the machine's BLAS kernel (rounding), never
 * on threads: callers set BLAS to one thread (openblas_set_num_threads(1) in main). All other sums
 * have a fixed order that is the same on every machine, whatever its vectors' width.
 */
#ifndef SILBE_FEATURES_MODEL_LAYERS_H
#define SILBE_FEATURES_MODEL_LAYERS_H

#include <stddef.h>

/* y(T x n_out) = x(T x n_in) w(n_in x n_out) + bias; bias may be NULL (zeros). */
void silbe_layer_linear(const float *x, const float *w, const float *bias, size_t n_frames,
                        size_t n_in, size_t n_out, float *y);

/* y += x w + bias: a linear layer with the residual connection. */
void silbe_layer_linear_add(const float *x, const float *w, const float *bias, size_t n_frames,
                            size_t n_in, size_t n_out, float *y);

/* d_w(n_in x n_out) += x^T d_y, d_bias += column sums of d_y; d_x = d_y w^T unless d_x is NULL. */
void silbe_layer_linear_backward(const float *x, const float *w, const float *d_y, size_t n_frames,
                                 size_t n_in, size_t n_out, float *d_x, float *d_w, float *d_bias);

/* Input rows of a strided convolution side by side: row s of columns(S x width * n_in) holds x of
 * the frames first_frame + stride * s + j - (width - 1) / 2, j < width; frames outside [0,
 * n_frames) are zeros. x points at frame x_frame (a stream keeps its last frames only). */
void silbe_layer_unfold(const float *x, size_t x_frame, size_t n_frames, size_t n_in, size_t width,
                        size_t stride, size_t first_frame, size_t n_out_frames, float *columns);

/* x = max(0, x + bias) in place; NaN stays NaN. */
void silbe_layer_bias_relu(float *x, const float *bias, size_t n_frames, size_t n_channels);

/* d_x = d_y where y > 0, else 0, in place of d_y. */
void silbe_layer_relu_backward(const float *y, size_t n_values, float *d_y);

/*
 * y(t, c) = bias[c] + sum_j w[j * C + c] x(t + (j - (width - 1) / 2) * dilation, c) for the frames
 * begin <= t < end, with zeros for frames outside [0, n_frames). x is a ring of n_ring rows, as a
 * stream keeps it: frame t is row t % n_ring; n_ring = n_frames for a whole recording. Row t -
 * begin of y is frame t.
 */
void silbe_layer_depthwise(const float *x, size_t n_ring, const float *w, const float *bias,
                           size_t n_frames, size_t begin, size_t end, size_t n_channels,
                           size_t width, size_t dilation, float *y);

/* Of all frames. d_x += (residual connection: it holds d_y of the block), d_w +=, d_bias +=. */
void silbe_layer_depthwise_backward(const float *x, const float *w, const float *d_y,
                                    size_t n_frames, size_t n_channels, size_t width,
                                    size_t dilation, float *d_x, float *d_w, float *d_bias);

#define SILBE_NORM_EPSILON 1e-5F /* added to the variance */

/*
 * n(t, c) = (x(t, c) - mean_c x(t)) / sqrt(var_c x(t) + SILBE_NORM_EPSILON), biased variance;
 * y = gain[c] n + offset[c] (Ba, Kiros and Hinton 2016, Layer Normalization). normed and
 * inverse_sd(T), for the backward pass, may be NULL. x may be normed or y.
 */
void silbe_layer_norm(const float *x, const float *gain, const float *offset, size_t n_frames,
                      size_t n_channels, float *y, float *normed, float *inverse_sd);

/* d_x written (may be d_y), d_gain +=, d_offset +=. */
void silbe_layer_norm_backward(const float *normed, const float *inverse_sd, const float *gain,
                               const float *d_y, size_t n_frames, size_t n_channels, float *d_x,
                               float *d_gain, float *d_offset);

/* x(t, k) - ln sum_j exp x(t, j), in place. Sum in double. */
void silbe_layer_log_softmax(float *x, size_t n_frames, size_t n_classes);

#endif
