#include "align/joint/phone_costs.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "features/base/memory.h"

void silbe_phone_costs_free(silbe_phone_costs *costs)
{
    free(costs->sum);
    *costs = (silbe_phone_costs)SILBE_PHONE_COSTS_INIT;
}

static double evidence(const float *row, size_t k, const double *log_prior, double prior_scale)
{
    return (double)row[k] - (log_prior != NULL ? prior_scale * log_prior[k] : 0);
}

static void fill_frame(const silbe_matrix *posteriors, size_t t, const double *log_prior,
                       double prior_scale, silbe_phone_costs *costs, silbe_err *err)
{
    const float *row = silbe_matrix_row(posteriors, t);
    double best = -INFINITY;
    for (size_t k = 0; k < costs->n_phones; k++) {
        if (isnan(row[k]) || row[k] == INFINITY) {
            silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                      "phone posteriors: frame %zu, phone %zu is not a "
                                      "log-probability",
                                      t, k));
        }
        best = fmax(best, evidence(row, k, log_prior, prior_scale));
    }
    if (best == -INFINITY) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "phone posteriors: no phone is possible in frame %zu", t));
    }
    for (size_t k = 0; k < costs->n_phones; k++) {
        double *sum = costs->sum + k * (costs->n_frames + 1);
        double cost = best - evidence(row, k, log_prior, prior_scale);
        sum[t + 1] = sum[t] + fmin(cost, costs->max_cost);
    }
}

silbe_status silbe_phone_costs_new(const silbe_matrix *posteriors, double hop_s,
                                   const double *log_prior, double prior_scale, double max_cost,
                                   silbe_phone_costs *costs, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *costs = (silbe_phone_costs){.n_frames = posteriors->n_rows,
                                 .n_phones = posteriors->n_cols,
                                 .hop_s = hop_s,
                                 .max_cost = max_cost};
    if (!(hop_s > 0) || !isfinite(hop_s) || !isfinite(prior_scale) || !(max_cost > 0) ||
        !isfinite(max_cost)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "phone costs want a hop and a limit above 0, got %g s and %g nats", hop_s,
                          max_cost);
    }
    if (costs->n_frames == 0 || costs->n_phones == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "phone posteriors of %zu frames x %zu phones",
                          costs->n_frames, costs->n_phones);
    }
    if (costs->n_frames >= SIZE_MAX / sizeof(double) / costs->n_phones - 1) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%zu frames x %zu phones overflow size_t",
                          costs->n_frames, costs->n_phones);
    }
    costs->sum = silbe_alloc(costs->n_phones * (costs->n_frames + 1), sizeof *costs->sum,
                             "costs of phones in frames", err);
    for (size_t t = 0; t < costs->n_frames && !silbe_failed(err); t++) {
        fill_frame(posteriors, t, log_prior, prior_scale, costs, err);
    }
    return err->status;
}

double silbe_phone_cost(const silbe_phone_costs *costs, size_t phone, double from_s, double to_s)
{
    const double *sum = costs->sum + phone * (costs->n_frames + 1);
    double last = (double)(costs->n_frames - 1);
    double from = fmin(fmax(ceil(from_s / costs->hop_s - 1e-9), 0), last);
    double to = fmin(fmax(ceil(to_s / costs->hop_s - 1e-9), 0), last + 1);
    if (to <= from) {
        double nearest = floor(0.5 * (from_s + to_s) / costs->hop_s + 0.5);
        from = fmin(fmax(nearest, 0), last);
        to = from + 1;
    }
    return (sum[(size_t)to] - sum[(size_t)from]) / (to - from);
}
