/*
 * How far estimated onsets are from reference onsets. The definitions are those of
 * mir_eval.alignment (Raffel et al. 2014, "mir_eval: A Transparent Implementation of Common MIR
 * Metrics"; Lizé Masclef et al. 2021 for the perceptual score), on doubles and in seconds.
 *
 * Sign: difference = estimate - reference, so a positive one is late.
 */
#ifndef SILBE_METRICS_H
#define SILBE_METRICS_H

#include <stddef.h>

#include "features/base/status.h"

#define SILBE_N_WINDOWS 6

/* Windows of the percentage of correct onsets, ascending: 0.05 0.1 0.2 0.3 0.5 1.0. */
extern const double SILBE_WINDOWS_S[SILBE_N_WINDOWS];

/* An onset that is off by more than this has lost the song: a derailment. */
#define SILBE_DERAILED_S 1.0

/*
 * Figures of n onsets. n == 0 means "none"; all the others are then NAN.
 *
 * An onset without estimate counts as an error without bound: it lies in no window, has derailed,
 * scores 0, and stands above all others in the median and the 95 % quantile, which are NAN where it
 * takes part. Mean, maximum and bias, which it would make infinite, are over the others.
 */
typedef struct {
    size_t n;
    size_t n_missing;               /* of these without estimate */
    double mean_abs_s;              /* mean of |difference|; mir_eval "average absolute error" */
    double median_abs_s;            /* median of |difference| */
    double p95_abs_s;               /* 95 % quantile of |difference| */
    double max_abs_s;               /* largest |difference| */
    double bias_s;                  /* median of difference: > 0 is late */
    double within[SILBE_N_WINDOWS]; /* share, 0..1, with |difference| <= SILBE_WINDOWS_S[i] */
    double perceptual;              /* mean of silbe_perceptual_score, 0..about 1 */
    double derailed;                /* share, 0..1, with |difference| > SILBE_DERAILED_S */
} silbe_onset_metrics;

/* n == 0 and NAN in every field. */
silbe_onset_metrics silbe_onset_metrics_none(void);

/*
 * Figures of one recording. reference_s[n] is finite, >= 0 and does not decrease; estimate_s[n] is
 * finite (its order is not checked). SILBE_ERR_DATA, naming the index, for anything else and for
 * n == 0.
 */
SILBE_MUST_CHECK silbe_status silbe_onset_metrics_run(const double *reference_s,
                                                      const double *estimate_s, size_t n,
                                                      silbe_onset_metrics *metrics, silbe_err *err);

/*
 * Figures of onsets pooled over recordings: difference_s[n] holds estimate - reference in any
 * order, finite, or +INFINITY for an onset without estimate. SILBE_ERR_DATA otherwise and for
 * n == 0.
 */
SILBE_MUST_CHECK silbe_status silbe_onset_metrics_pooled(const double *difference_s, size_t n,
                                                         silbe_onset_metrics *metrics,
                                                         silbe_err *err);

/*
 * Mean of every figure over songs, each song counting alike (so median_abs_s becomes a mean of
 * medians); n becomes the sum. Songs with n == 0 are left out; if none remains, the result is
 * silbe_onset_metrics_none().
 */
silbe_onset_metrics silbe_onset_metrics_mean(const silbe_onset_metrics *songs, size_t n_songs);

/* Share of onsets with |reference - estimate| <= window_s, in double arithmetic as it stands: no
 * tolerance is added, just as in mir_eval. Arguments as silbe_onset_metrics_run, window_s >= 0. */
SILBE_MUST_CHECK silbe_status silbe_correct_onsets(const double *reference_s,
                                                   const double *estimate_s, size_t n,
                                                   double window_s, double *share, silbe_err *err);

/*
 * Percentage of correct segments (Fujihara et al. 2011; MIREX 2020) as its two parts, so that
 * recordings can be pooled: correct share = *overlap_s / *total_s.
 *
 * duration_s <= 0: segments run from onset to onset, and the total is reference_s[n-1] -
 * reference_s[0] (n >= 2 and a total > 0 are needed). duration_s > 0: a segment from 0 to the
 * first onset and one from the last to duration_s are added, and the total is duration_s, which no
 * onset may exceed. SILBE_ERR_DATA otherwise.
 */
SILBE_MUST_CHECK silbe_status silbe_correct_segments(const double *reference_s,
                                                     const double *estimate_s, size_t n,
                                                     double duration_s, double *overlap_s,
                                                     double *total_s, silbe_err *err);

/* Perceived synchrony of one onset: a skew normal density of the difference, scaled to at most
 * about 1 (its top lies at -0.067 s, not at 0). */
double silbe_perceptual_score(double difference_s);

/* Density of the skew normal distribution: 2 / scale phi(z) Phi(shape z), z = (x - loc) / scale. */
double silbe_skew_normal_pdf(double x, double shape, double loc, double scale);

/*
 * How well a confidence predicts errors: the probability that a random onset with |difference_s| >
 * threshold_s has a lower confidence than a random onset within the threshold, ties counting one
 * half (area under the ROC curve; 0.5 = no better than chance). *auc is NAN, with SILBE_OK, when
 * one of the two classes is empty. Confidences finite, differences finite or +INFINITY (no
 * estimate: an error), n >= 1, or SILBE_ERR_DATA.
 */
SILBE_MUST_CHECK silbe_status silbe_confidence_auc(const double *difference_s,
                                                   const double *confidence, size_t n,
                                                   double threshold_s, double *auc, silbe_err *err);

#define SILBE_N_CONFIDENCE_BINS 10

/* Onsets whose confidence lies in [b / 10, (b + 1) / 10), the last bin including 1. */
typedef struct {
    size_t n;
    double expected; /* their mean confidence; NAN if there are none */
    double observed; /* share with |difference| <= threshold_s; NAN if there are none */
} silbe_reliability_bin;

typedef struct {
    silbe_reliability_bin bins[SILBE_N_CONFIDENCE_BINS];
    double calibration_error; /* mean over onsets of their bin's |expected - observed|; NAN: none */
} silbe_reliability;

/*
 * Whether confidences are the probabilities they claim to be (reliability diagram; expected
 * calibration error of Naeini, Cooper and Hauskrecht 2015, equation 3). Confidences 0..1, else as
 * silbe_confidence_auc, but n == 0 is legal.
 */
SILBE_MUST_CHECK silbe_status silbe_confidence_reliability(const double *difference_s,
                                                           const double *confidence, size_t n,
                                                           double threshold_s,
                                                           silbe_reliability *reliability,
                                                           silbe_err *err);

/* Quantile q in 0..1 of sorted[n], ascending, n >= 1: linear between order statistics at position
 * q (n - 1), NumPy's default. */
double silbe_quantile(const double *sorted, size_t n, double q);

/*
 * counts[b] for b in 0..n_edges-2 becomes the number of values in [edges[b], edges[b+1]), the last
 * bin closed on both sides; values outside are counted nowhere. edges[n_edges] ascending.
 */
void silbe_histogram(const double *values, size_t n, const double *edges, size_t n_edges,
                     size_t *counts);

#endif
