/*
 * What a frame of a phone posteriorgram says against a phone:
 *
 *   e(t, k) = x(t, k) - prior_scale * log_prior[k]
 *   c(t, k) = min(max_cost, max_j e(t, j) - e(t, k))              nats, 0 .. max_cost
 *
 * 0 for the phone that is heard best. Limited, so that no single frame decides anything, and zero
 * for all phones alike where all are equally likely. Stored as sums over time, so that the mean
 * over a stretch costs no more than a frame.
 */
#ifndef SILBE_ALIGN_JOINT_PHONE_COSTS_H
#define SILBE_ALIGN_JOINT_PHONE_COSTS_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"

typedef struct {
    double *sum; /* sum[k * (n_frames + 1) + t] = sum of c(u, k) over u < t; owned */
    size_t n_frames;
    size_t n_phones;
    double hop_s; /* frame t is centred on t * hop_s */
    double max_cost;
} silbe_phone_costs;

#define SILBE_PHONE_COSTS_INIT                                                                     \
    {                                                                                              \
        0                                                                                          \
    }

/* posteriors: frames x phones, natural logarithms, -INFINITY allowed (but not for a whole row).
 * log_prior: one for each phone, or NULL. SILBE_ERR_ARGUMENT for bad settings, SILBE_ERR_DATA for
 * no frames, a value that is NaN or +INFINITY, or a frame in which no phone is possible. The caller
 * frees *costs, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_phone_costs_new(const silbe_matrix *posteriors, double hop_s,
                                                    const double *log_prior, double prior_scale,
                                                    double max_cost, silbe_phone_costs *costs,
                                                    silbe_err *err);

void silbe_phone_costs_free(silbe_phone_costs *costs);

/* Mean of c(t, phone) over the frames whose centres lie in [from_s, to_s); of the nearest frame if
 * there are none. Times beyond the recording count as its first or last frame. */
double silbe_phone_cost(const silbe_phone_costs *costs, size_t phone, double from_s, double to_s);

#endif
