/*
 * The network in double precision, loop by loop as net.h writes it: what the fast one is tested
 * against. Slow.
 */
#ifndef SILBE_TESTS_NET_REFERENCE_H
#define SILBE_TESTS_NET_REFERENCE_H

#include "features/model/net.h"

/* x: n_frames x n_bands with means removed; logits: silbe_net_output_frames x n_classes. */
SILBE_MUST_CHECK silbe_status silbe_net_reference(const silbe_net_shape *shape,
                                                  const silbe_net_layout *layout,
                                                  const double *params, const double *x,
                                                  size_t n_frames, double *logits, silbe_err *err);

/* One depthwise convolution and one layer normalisation of it. */
void silbe_reference_depthwise(const double *x, const double *w, const double *bias,
                               size_t n_frames, size_t n_channels, size_t width, size_t dilation,
                               double *y);
void silbe_reference_norm(const double *x, const double *gain, const double *offset,
                          size_t n_frames, size_t n_channels, double *y);

#endif
