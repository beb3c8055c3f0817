/* How good confidences are, by what came true. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "align/metrics.h"
#include "features/base/compare.h"

static silbe_status check_judged(const double *difference_s, const double *confidence, size_t n,
                                 silbe_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(difference_s[i]) && !(difference_s[i] > 0)) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "difference %zu of %zu is %g, neither a finite number nor +infinity "
                              "for an onset without estimate",
                              i + 1, n, difference_s[i]);
        }
        if (!isfinite(confidence[i])) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "confidence %zu of %zu is %g, not a finite "
                              "number",
                              i + 1, n, confidence[i]);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_confidence_auc(const double *difference_s, const double *confidence, size_t n,
                                  double threshold_s, double *auc, silbe_err *err)
{
    *auc = NAN;
    if (n == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "no onsets; give at least one");
    }
    silbe_status status = check_judged(difference_s, confidence, n, err);
    if (status != SILBE_OK) {
        return status;
    }
    double *right = n > SIZE_MAX / sizeof *right ? NULL : malloc(n * sizeof *right);
    if (right == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu onsets", n);
    }
    /* Mann-Whitney: right onsets' confidences from the front, wrong ones' from the back, both
     * sorted, then one merge that counts for each wrong one the right ones above it. */
    size_t n_right = 0;
    size_t first_wrong = n;
    for (size_t i = 0; i < n; i++) {
        if (fabs(difference_s[i]) > threshold_s) {
            right[--first_wrong] = confidence[i];
        } else {
            right[n_right++] = confidence[i];
        }
    }
    const double *wrong = right + first_wrong;
    size_t n_wrong = n - first_wrong;
    qsort(right, n_right, sizeof *right, silbe_compare_doubles);
    qsort(right + first_wrong, n_wrong, sizeof *right, silbe_compare_doubles);
    double wins = 0;
    size_t below = 0; /* right ones < wrong[w] */
    size_t up_to = 0; /* right ones <= wrong[w] */
    for (size_t w = 0; w < n_wrong; w++) {
        while (below < n_right && right[below] < wrong[w]) {
            below++;
        }
        while (up_to < n_right && right[up_to] <= wrong[w]) {
            up_to++;
        }
        wins += (double)(n_right - up_to) + 0.5 * (double)(up_to - below);
    }
    if (n_right > 0 && n_wrong > 0) {
        *auc = wins / ((double)n_right * (double)n_wrong);
    }
    free(right);
    return SILBE_OK;
}

/* The bin of a confidence in 0..1; 1 belongs to the last. */
static size_t bin_of(double confidence)
{
    size_t bin = (size_t)(confidence * SILBE_N_CONFIDENCE_BINS);
    return bin < SILBE_N_CONFIDENCE_BINS ? bin : SILBE_N_CONFIDENCE_BINS - 1;
}

silbe_status silbe_confidence_reliability(const double *difference_s, const double *confidence,
                                          size_t n, double threshold_s,
                                          silbe_reliability *reliability, silbe_err *err)
{
    *reliability = (silbe_reliability){.calibration_error = NAN};
    silbe_status status = check_judged(difference_s, confidence, n, err);
    for (size_t i = 0; i < n && status == SILBE_OK; i++) {
        if (confidence[i] < 0 || confidence[i] > 1) {
            status = silbe_fail(err, SILBE_ERR_DATA, "confidence %zu of %zu should be 0..1, got %g",
                                i + 1, n, confidence[i]);
        }
    }
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        silbe_reliability_bin *bin = &reliability->bins[bin_of(confidence[i])];
        bin->n++;
        bin->expected += confidence[i];
        bin->observed += fabs(difference_s[i]) <= threshold_s;
    }
    double sum = 0;
    for (size_t b = 0; b < SILBE_N_CONFIDENCE_BINS; b++) {
        silbe_reliability_bin *bin = &reliability->bins[b];
        sum += fabs(bin->expected - bin->observed); /* n times the difference of the means */
        bin->expected = bin->n > 0 ? bin->expected / (double)bin->n : NAN;
        bin->observed = bin->n > 0 ? bin->observed / (double)bin->n : NAN;
    }
    if (n > 0) {
        reliability->calibration_error = sum / (double)n;
    }
    return SILBE_OK;
}
