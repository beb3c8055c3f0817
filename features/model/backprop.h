/*
 * The whole network forward with everything kept, and backward: what training needs. For
 * posteriors of recordings see posteriors.h.
 */
#ifndef SILBE_FEATURES_MODEL_BACKPROP_H
#define SILBE_FEATURES_MODEL_BACKPROP_H

#include <stddef.h>

#include "features/base/status.h"
#include "features/model/net.h"

/* Floats of workspace for utterances of up to n_frames input frames; SIZE_MAX if that overflows. */
size_t silbe_net_workspace_size(const silbe_net_shape *shape, size_t n_frames);

/*
 * logits[s * n_classes + k], silbe_net_output_frames rows, points into workspace. x[t * n_bands +
 * b]: log-mel with the mean of each band removed. workspace: 64-byte aligned, at least
 * silbe_net_workspace_size(shape, n_frames) floats; it keeps what backward needs. n_frames >= 1.
 */
const float *silbe_net_forward(const silbe_net_shape *shape, const silbe_net_layout *layout,
                               const float *params, const float *x, size_t n_frames,
                               float *workspace);

/* Where the caller writes d loss / d logits between forward and backward. */
float *silbe_net_d_logits(const silbe_net_shape *shape, size_t n_frames, float *workspace);

/* Adds d loss / d params to gradient (layout->n_params floats); after forward with the same
 * arguments, once. */
void silbe_net_backward(const silbe_net_shape *shape, const silbe_net_layout *layout,
                        const float *params, size_t n_frames, float *workspace, float *gradient);

#endif
