#include "align/metrics.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "features/base/compare.h"

const double SILBE_WINDOWS_S[SILBE_N_WINDOWS] = {0.05, 0.1, 0.2, 0.3, 0.5, 1.0};

/* Fitted to listeners' judgements by Lizé Masclef et al. 2021; values as in mir_eval. */
#define PERCEPTUAL_SHAPE 1.12244251
#define PERCEPTUAL_LOC_S (-0.22270315)
#define PERCEPTUAL_SCALE_S 0.29779424
#define PERCEPTUAL_NORM 1.6857

#define INV_SQRT_2 0.70710678118654752440
#define INV_SQRT_2_PI 0.39894228040143267794

static silbe_status check_finite(const double *values, size_t n, const char *name, silbe_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return silbe_fail(err, SILBE_ERR_DATA, "%s %zu of %zu is %g, not a finite number", name,
                              i + 1, n, values[i]);
        }
    }
    return SILBE_OK;
}

/* Finite, or +infinity where there is no estimate. */
static silbe_status check_differences(const double *difference_s, size_t n, silbe_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(difference_s[i]) && !(difference_s[i] > 0)) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "difference %zu of %zu is %g, neither a finite number nor +infinity "
                              "for an onset without estimate",
                              i + 1, n, difference_s[i]);
        }
    }
    return SILBE_OK;
}

static silbe_status check_pair(const double *reference_s, const double *estimate_s, size_t n,
                               silbe_err *err)
{
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "no onsets to compare; give at least one reference onset");
    }
    silbe_status status = check_finite(reference_s, n, "reference onset", err);
    if (status == SILBE_OK) {
        status = check_finite(estimate_s, n, "estimated onset", err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (reference_s[0] < 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "reference onset 1 of %zu is %g s, before 0", n,
                          reference_s[0]);
    }
    for (size_t i = 1; i < n; i++) {
        if (reference_s[i] < reference_s[i - 1]) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "reference onset %zu (%g s) is before onset %zu (%g s); sort them",
                              i + 1, reference_s[i], i, reference_s[i - 1]);
        }
    }
    return SILBE_OK;
}

silbe_onset_metrics silbe_onset_metrics_none(void)
{
    silbe_onset_metrics none = {
        .mean_abs_s = NAN,
        .median_abs_s = NAN,
        .p95_abs_s = NAN,
        .max_abs_s = NAN,
        .bias_s = NAN,
        .perceptual = NAN,
        .derailed = NAN,
    };
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        none.within[w] = NAN;
    }
    return none;
}

double silbe_skew_normal_pdf(double x, double shape, double loc, double scale)
{
    double z = (x - loc) / scale;
    double density = INV_SQRT_2_PI * exp(-0.5 * z * z);
    /* erfc keeps its relative precision in the far tail, where 1 + erf would cancel. */
    double cumulative = 0.5 * erfc(-shape * z * INV_SQRT_2);
    return 2.0 / scale * density * cumulative;
}

double silbe_perceptual_score(double difference_s)
{
    return silbe_skew_normal_pdf(difference_s, PERCEPTUAL_SHAPE, PERCEPTUAL_LOC_S,
                                 PERCEPTUAL_SCALE_S) /
           PERCEPTUAL_NORM;
}

double silbe_quantile(const double *sorted, size_t n, double q)
{
    double position = q * (double)(n - 1);
    size_t below = (size_t)position;
    double part = position - (double)below;
    if (below + 1 >= n) {
        return sorted[n - 1];
    }
    /* Infinite neighbours count only where they have weight. */
    return part > 0 ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[below];
}

/* Not the 0.5 quantile by interpolation but the mean of the two middle values, as NumPy's median:
 * the last bit differs. */
static double median_of_sorted(const double *sorted, size_t n)
{
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double share_within(const double *difference_s, size_t n, double window_s)
{
    size_t correct = 0;
    for (size_t i = 0; i < n; i++) {
        correct += fabs(difference_s[i]) <= window_s;
    }
    return (double)correct / (double)n;
}

/* NAN for a figure that onsets without estimate have pushed to infinity. */
static double if_finite(double value)
{
    return isfinite(value) ? value : NAN;
}

/* scratch[n] is overwritten; it may be difference_s itself. */
static void fill_metrics(const double *difference_s, size_t n, double *scratch,
                         silbe_onset_metrics *metrics)
{
    double sum_abs = 0;
    double sum_score = 0;
    size_t n_found = 0;
    /* Counted, not 1 - within, so that "none" is exactly 0. */
    size_t derailed = 0;
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        metrics->within[w] = share_within(difference_s, n, SILBE_WINDOWS_S[w]);
    }
    for (size_t i = 0; i < n; i++) {
        double difference = difference_s[i];
        derailed += fabs(difference) > SILBE_DERAILED_S;
        scratch[i] = difference;
        if (isfinite(difference)) {
            sum_abs += fabs(difference);
            sum_score += silbe_perceptual_score(difference);
            n_found++;
        }
    }
    metrics->n = n;
    metrics->n_missing = n - n_found;
    metrics->perceptual = sum_score / (double)n;
    metrics->derailed = (double)derailed / (double)n;

    qsort(scratch, n, sizeof *scratch, silbe_compare_doubles);
    if (n_found > 0) {
        metrics->mean_abs_s = sum_abs / (double)n_found;
        metrics->bias_s = median_of_sorted(scratch, n_found); /* the infinite ones come last */
    }
    for (size_t i = 0; i < n; i++) {
        scratch[i] = fabs(scratch[i]);
    }
    qsort(scratch, n, sizeof *scratch, silbe_compare_doubles);
    metrics->median_abs_s = if_finite(median_of_sorted(scratch, n));
    metrics->p95_abs_s = if_finite(silbe_quantile(scratch, n, 0.95));
    if (n_found > 0) {
        metrics->max_abs_s = scratch[n_found - 1];
    }
}

static double *new_doubles(size_t n, silbe_err *err)
{
    double *values = n > SIZE_MAX / sizeof *values ? NULL : malloc(n * sizeof *values);
    if (values == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu onsets", n);
    }
    return values;
}

silbe_status silbe_onset_metrics_run(const double *reference_s, const double *estimate_s, size_t n,
                                     silbe_onset_metrics *metrics, silbe_err *err)
{
    *metrics = silbe_onset_metrics_none();
    silbe_status status = check_pair(reference_s, estimate_s, n, err);
    if (status != SILBE_OK) {
        return status;
    }
    double *difference_s = new_doubles(n, err);
    if (difference_s == NULL) {
        return SILBE_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        difference_s[i] = estimate_s[i] - reference_s[i];
    }
    fill_metrics(difference_s, n, difference_s, metrics);
    free(difference_s);
    return SILBE_OK;
}

silbe_status silbe_onset_metrics_pooled(const double *difference_s, size_t n,
                                        silbe_onset_metrics *metrics, silbe_err *err)
{
    *metrics = silbe_onset_metrics_none();
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "no differences to pool; give at least one");
    }
    silbe_status status = check_differences(difference_s, n, err);
    if (status != SILBE_OK) {
        return status;
    }
    double *scratch = new_doubles(n, err);
    if (scratch == NULL) {
        return SILBE_ERR_MEMORY;
    }
    fill_metrics(difference_s, n, scratch, metrics);
    free(scratch);
    return SILBE_OK;
}

silbe_onset_metrics silbe_onset_metrics_mean(const silbe_onset_metrics *songs, size_t n_songs)
{
    silbe_onset_metrics mean = {0};
    size_t used = 0;
    for (size_t s = 0; s < n_songs; s++) {
        const silbe_onset_metrics *song = &songs[s];
        if (song->n == 0) {
            continue;
        }
        used++;
        mean.n += song->n;
        mean.n_missing += song->n_missing;
        mean.mean_abs_s += song->mean_abs_s;
        mean.median_abs_s += song->median_abs_s;
        mean.p95_abs_s += song->p95_abs_s;
        mean.max_abs_s += song->max_abs_s;
        mean.bias_s += song->bias_s;
        mean.perceptual += song->perceptual;
        mean.derailed += song->derailed;
        for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
            mean.within[w] += song->within[w];
        }
    }
    if (used == 0) {
        return silbe_onset_metrics_none();
    }
    double count = (double)used;
    mean.mean_abs_s /= count;
    mean.median_abs_s /= count;
    mean.p95_abs_s /= count;
    mean.max_abs_s /= count;
    mean.bias_s /= count;
    mean.perceptual /= count;
    mean.derailed /= count;
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        mean.within[w] /= count;
    }
    return mean;
}

silbe_status silbe_correct_onsets(const double *reference_s, const double *estimate_s, size_t n,
                                  double window_s, double *share, silbe_err *err)
{
    *share = NAN;
    silbe_status status = check_pair(reference_s, estimate_s, n, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (!(window_s >= 0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "window_s should be >= 0, got %g", window_s);
    }
    size_t correct = 0;
    for (size_t i = 0; i < n; i++) {
        correct += fabs(reference_s[i] - estimate_s[i]) <= window_s;
    }
    *share = (double)correct / (double)n;
    return SILBE_OK;
}

static double overlap(double reference_start, double reference_end, double estimate_start,
                      double estimate_end)
{
    return fmax(0, fmin(reference_end, estimate_end) - fmax(reference_start, estimate_start));
}

silbe_status silbe_correct_segments(const double *reference_s, const double *estimate_s, size_t n,
                                    double duration_s, double *overlap_s, double *total_s,
                                    silbe_err *err)
{
    *overlap_s = NAN;
    *total_s = NAN;
    silbe_status status = check_pair(reference_s, estimate_s, n, err);
    if (status != SILBE_OK) {
        return status;
    }
    double total = duration_s > 0 ? duration_s : reference_s[n - 1] - reference_s[0];
    if (!isfinite(total) || !(total > 0)) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "segments of %zu onsets last %g s; two onsets at different times or the "
                          "duration of the recording are needed",
                          n, total);
    }
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        sum += overlap(reference_s[i], reference_s[i + 1], estimate_s[i], estimate_s[i + 1]);
    }
    if (duration_s > 0) {
        for (size_t i = 0; i < n; i++) {
            double latest = fmax(reference_s[i], estimate_s[i]);
            if (latest > duration_s) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "onset %zu lies at %g s, after the end of the recording (%g s)",
                                  i + 1, latest, duration_s);
            }
        }
        sum += overlap(0, reference_s[0], 0, estimate_s[0]);
        sum += overlap(reference_s[n - 1], duration_s, estimate_s[n - 1], duration_s);
    }
    *overlap_s = sum;
    *total_s = total;
    return SILBE_OK;
}

void silbe_histogram(const double *values, size_t n, const double *edges, size_t n_edges,
                     size_t *counts)
{
    if (n_edges < 2) {
        return;
    }
    size_t n_bins = n_edges - 1;
    for (size_t b = 0; b < n_bins; b++) {
        counts[b] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t b = 0; b < n_bins; b++) {
            int is_last_edge = b + 1 == n_bins && values[i] == edges[n_bins];
            if (values[i] >= edges[b] && (values[i] < edges[b + 1] || is_last_edge)) {
                counts[b]++;
                break;
            }
        }
    }
}
