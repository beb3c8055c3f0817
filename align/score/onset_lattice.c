#include "align/score/onset_lattice.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

double silbe_huber(double z, double huber)
{
    double a = fabs(z);
    return a <= huber ? 0.5 * a * a : huber * (a - 0.5 * huber);
}

/* Scratch: the log forward variable of all events, and three rows of working values. */
size_t silbe_onset_lattice_scratch_bytes(const silbe_onset_lattice *lattice)
{
    size_t width = lattice->width;
    if (width == 0 || lattice->n_events > (SIZE_MAX / sizeof(double) - 4 * width) / width) {
        return SIZE_MAX;
    }
    return (lattice->n_events * width + 4 * width) * sizeof(double);
}

static silbe_status check(const silbe_onset_lattice *lattice, const void *scratch,
                          size_t scratch_bytes, silbe_err *err)
{
    size_t width = lattice->width;
    size_t wanted = silbe_onset_lattice_scratch_bytes(lattice);
    if (lattice->n_events == 0 || wanted == SIZE_MAX || scratch == NULL || scratch_bytes < wanted ||
        !(lattice->tempo_weight >= 0) || !(lattice->huber > 0) || !(lattice->max_tempo_cost >= 0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "onset lattice of %zu events x %zu candidates with %zu bytes of scratch "
                          "(%zu wanted) is malformed",
                          lattice->n_events, width, scratch_bytes, wanted);
    }
    for (size_t k = 0; k < lattice->n_events; k++) {
        for (size_t c = 0; c < width; c++) {
            if (!isfinite(lattice->onset_cost[k * width + c])) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "onset cost of event %zu, candidate %zu is not finite", k, c);
            }
        }
        if (k + 1 == lattice->n_events) {
            break;
        }
        if (lattice->base[k + 1] < lattice->base[k] || !(lattice->expected_frames[k] >= 0) ||
            !(lattice->sigma_frames[k] > 0)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "onset lattice: event %zu has a decreasing base, or a negative "
                              "expectation, or no spread",
                              k);
        }
        const double *hold = lattice->hold + lattice->hold_begin[k];
        size_t length = lattice->base[k + 1] - lattice->base[k] + width;
        for (size_t x = 0; x < length; x++) {
            if (!isfinite(hold[x])) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "hold cost behind event %zu is not finite at frame %zu", k,
                                  lattice->base[k] + x);
            }
        }
    }
    return SILBE_OK;
}

double silbe_onset_tempo_cost(const silbe_onset_lattice *lattice, size_t k, double frames)
{
    double z = (frames - lattice->expected_frames[k]) / lattice->sigma_frames[k];
    double rho = silbe_huber(z, lattice->huber);
    bool is_jump = lattice->max_tempo_cost > 0 && rho > lattice->max_tempo_cost;
    return lattice->tempo_weight * (is_jump ? lattice->max_tempo_cost : rho);
}

/* Log-weight of a distance of `frames` after event k. */
static double tempo_logp(const silbe_onset_lattice *lattice, size_t k, double frames)
{
    return -silbe_onset_tempo_cost(lattice, k, frames);
}

/* from[c] in logs becomes exp(from[c] - largest); returns the largest. */
static double exp_row(double *row, size_t width)
{
    double largest = -INFINITY;
    for (size_t c = 0; c < width; c++) {
        largest = fmax(largest, row[c]);
    }
    for (size_t c = 0; c < width; c++) {
        row[c] = exp(row[c] - largest);
    }
    return largest;
}

static void normalise(double *log_row, size_t width)
{
    double sum = 0;
    (void)exp_row(log_row, width);
    for (size_t c = 0; c < width; c++) {
        sum += log_row[c];
    }
    for (size_t c = 0; c < width; c++) {
        log_row[c] /= sum;
    }
}

/*
 * Weights of the distances gap + c - p for c, p in 0..width-1, at kernel[c + width - 1 - p]; 0
 * where the distance is negative. Scaled by its largest value, whose logarithm is returned.
 */
static double distance_kernel(const silbe_onset_lattice *lattice, size_t k, double *kernel)
{
    size_t width = lattice->width;
    size_t gap = lattice->base[k + 1] - lattice->base[k];
    for (size_t i = 0; i < 2 * width - 1; i++) {
        size_t ahead = gap + i; /* distance + width - 1 */
        kernel[i] = ahead < width - 1 ? -INFINITY
                                      : tempo_logp(lattice, k, (double)ahead - (double)(width - 1));
    }
    return exp_row(kernel, 2 * width - 1);
}

silbe_status silbe_onset_lattice_posterior(const silbe_onset_lattice *lattice, void *scratch,
                                           size_t scratch_bytes, double *posterior, silbe_err *err)
{
    silbe_status status = check(lattice, scratch, scratch_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t width = lattice->width, n = lattice->n_events;
    double *alpha = scratch; /* n x width, logs */
    double *row = alpha + n * width;
    double *log_beta = row + width;
    double *kernel = log_beta + width; /* 2 width - 1 */

    for (size_t c = 0; c < width; c++) {
        alpha[c] = -lattice->onset_cost[c];
    }
    for (size_t k = 0; k + 1 < n; k++) {
        const double *hold = lattice->hold + lattice->hold_begin[k];
        size_t gap = lattice->base[k + 1] - lattice->base[k];
        double kernel_log = distance_kernel(lattice, k, kernel);
        for (size_t p = 0; p < width; p++) {
            row[p] = alpha[k * width + p] + hold[p];
        }
        double row_log = exp_row(row, width);
        double *next = alpha + (k + 1) * width;
        for (size_t c = 0; c < width; c++) {
            double sum = 0;
            for (size_t p = 0; p < width; p++) {
                sum += row[p] * kernel[c + width - 1 - p];
            }
            next[c] = log(sum) + kernel_log + row_log - hold[gap + c] -
                      lattice->onset_cost[(k + 1) * width + c];
        }
    }

    for (size_t c = 0; c < width; c++) {
        log_beta[c] = 0;
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t c = 0; c < width; c++) {
            posterior[k * width + c] = alpha[k * width + c] + log_beta[c];
        }
        normalise(posterior + k * width, width);
        if (k == 0) {
            break;
        }
        const double *hold = lattice->hold + lattice->hold_begin[k - 1];
        size_t gap = lattice->base[k] - lattice->base[k - 1];
        double kernel_log = distance_kernel(lattice, k - 1, kernel);
        for (size_t c = 0; c < width; c++) {
            row[c] = log_beta[c] - lattice->onset_cost[k * width + c] - hold[gap + c];
        }
        double row_log = exp_row(row, width);
        for (size_t p = 0; p < width; p++) {
            double sum = 0;
            for (size_t c = 0; c < width; c++) {
                sum += row[c] * kernel[c + width - 1 - p];
            }
            log_beta[p] = log(sum) + kernel_log + row_log + hold[p];
        }
    }
    return SILBE_OK;
}

static double logaddexp(double a, double b)
{
    double high = fmax(a, b), low = fmin(a, b);
    return low == -INFINITY ? high : high + log1p(exp(low - high));
}

silbe_status silbe_onset_lattice_reference(const silbe_onset_lattice *lattice, void *scratch,
                                           size_t scratch_bytes, double *posterior, silbe_err *err)
{
    silbe_status status = check(lattice, scratch, scratch_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t width = lattice->width, n = lattice->n_events;
    double *alpha = scratch;
    double *beta = alpha + n * width, *beta_before = beta + width;
    for (size_t c = 0; c < width; c++) {
        alpha[c] = -lattice->onset_cost[c];
        beta[c] = 0;
    }
    for (size_t k = 1; k < n; k++) {
        const double *hold = lattice->hold + lattice->hold_begin[k - 1];
        size_t gap = lattice->base[k] - lattice->base[k - 1];
        for (size_t c = 0; c < width; c++) {
            double sum = -INFINITY;
            for (size_t p = 0; p < width && p <= gap + c; p++) {
                sum = logaddexp(sum, alpha[(k - 1) * width + p] +
                                         tempo_logp(lattice, k - 1, (double)(gap + c - p)) -
                                         (hold[gap + c] - hold[p]));
            }
            alpha[k * width + c] = sum - lattice->onset_cost[k * width + c];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t c = 0; c < width; c++) {
            posterior[k * width + c] = alpha[k * width + c] + beta[c];
        }
        normalise(posterior + k * width, width);
        if (k == 0) {
            break;
        }
        const double *hold = lattice->hold + lattice->hold_begin[k - 1];
        size_t gap = lattice->base[k] - lattice->base[k - 1];
        for (size_t p = 0; p < width; p++) {
            beta_before[p] = -INFINITY;
            for (size_t c = 0; c < width; c++) {
                if (gap + c >= p) {
                    beta_before[p] = logaddexp(
                        beta_before[p], beta[c] - lattice->onset_cost[k * width + c] +
                                            tempo_logp(lattice, k - 1, (double)(gap + c - p)) -
                                            (hold[gap + c] - hold[p]));
                }
            }
        }
        for (size_t p = 0; p < width; p++) {
            beta[p] = beta_before[p];
        }
    }
    return SILBE_OK;
}
