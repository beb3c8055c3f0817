#include "align/score/tempo.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/compare.h"
#include "features/base/memory.h"

static const double CUT = 2.0;         /* windows are cut at this many s_k */
static const double SPREAD = 0.6;      /* standard deviation of the weights in s_k */
static const double MIN_WEIGHT = 1e-6; /* far events count a little: the slope always exists */
static const double MIN_SLOPE = 1e-3;  /* seconds per quarter note */

/* Slope of event_s on event_q over events [begin, end), weighted around middle_s. */
static double local_slope(const double *event_q, const double *event_s, size_t begin, size_t end,
                          double middle_s, double spread_s)
{
    double sum = 0, mean_q = 0, mean_s = 0, variance = 0, covariance = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = begin; i < end; i++) {
            double z = (event_s[i] - middle_s) / spread_s;
            double weight = exp(-0.5 * z * z) + MIN_WEIGHT;
            if (pass == 0) {
                sum += weight;
                mean_q += weight * event_q[i];
                mean_s += weight * event_s[i];
            } else {
                variance += weight * (event_q[i] - mean_q) * (event_q[i] - mean_q);
                covariance += weight * (event_q[i] - mean_q) * (event_s[i] - mean_s);
            }
        }
        if (pass == 0) {
            mean_q /= sum;
            mean_s /= sum;
        }
    }
    return fmax(covariance / fmax(variance, 1e-12), MIN_SLOPE);
}

void silbe_expected_distances(const double *event_q, const double *event_s, size_t n_events,
                              double half_window_s, size_t min_events, double *expected_s)
{
    size_t begin = 0, end = 0;
    for (size_t k = 0; k + 1 < n_events; k++) {
        double middle_s = 0.5 * (event_s[k] + event_s[k + 1]);
        size_t last = k + min_events < n_events ? k + min_events : n_events - 1;
        size_t first = k + 1 > min_events ? k + 1 - min_events : 0;
        double half_s = fmax(half_window_s, 0.5 * (event_s[last] - event_s[first]));
        /* The window's ends move little from one event to the next, in both directions. */
        while (begin > 0 && event_s[begin - 1] >= middle_s - CUT * half_s) {
            begin--;
        }
        while (begin < k && event_s[begin] < middle_s - CUT * half_s) {
            begin++;
        }
        end = end < k + 2 ? k + 2 : end;
        while (end > k + 2 && event_s[end - 1] > middle_s + CUT * half_s) {
            end--;
        }
        while (end < n_events && event_s[end] <= middle_s + CUT * half_s) {
            end++;
        }
        size_t from = begin < k ? begin : k;
        double slope = local_slope(event_q, event_s, from, end, middle_s, SPREAD * half_s);
        expected_s[k] = slope * (event_q[k + 1] - event_q[k]);
    }
}

/* ---- against the usual tempo ---- */

static const double MIN_SPAN_S = 1e-6;

typedef struct {
    double speed;    /* quarter notes per second; first, for the comparer */
    double weight_s; /* how long it lasts */
} stretch;

/* The stretches come out sorted. */
static double median_speed(stretch *stretches, size_t n)
{
    double total_s = 0, sum_s = 0;
    qsort(stretches, n, sizeof *stretches, silbe_compare_doubles);
    for (size_t i = 0; i < n; i++) {
        total_s += stretches[i].weight_s;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        sum_s += stretches[i].weight_s;
        if (sum_s >= 0.5 * total_s) {
            return stretches[i].speed;
        }
    }
    return stretches[n - 1].speed;
}

silbe_status silbe_relative_speeds(const double *event_q, const double *event_s, size_t n_events,
                                   double half_window_s, double *ratio, silbe_err *err)
{
    if (n_events < 2) {
        for (size_t k = 0; k < n_events; k++) {
            ratio[k] = 1;
        }
        return SILBE_OK;
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    stretch *stretches = silbe_alloc(n_events, sizeof *stretches, "events", err);
    if (stretches == NULL) {
        return err->status;
    }
    size_t begin = 0, end = 1;
    for (size_t k = 0; k < n_events; k++) {
        size_t before = k > 0 ? k - 1 : 0, behind = k + 1 < n_events ? k + 1 : k;
        while (begin < before && event_s[begin] < event_s[k] - half_window_s) {
            begin++;
        }
        while (end < n_events && event_s[end] <= event_s[k] + half_window_s) {
            end++;
        }
        size_t last = end - 1 > behind ? end - 1 : behind;
        size_t first = begin < before ? begin : before;
        double span_s = fmax(event_s[last] - event_s[first], MIN_SPAN_S);
        ratio[k] = (event_q[last] - event_q[first]) / span_s;
        stretches[k] = (stretch){ratio[k], event_s[behind] - event_s[before]};
    }
    double usual = median_speed(stretches, n_events);
    for (size_t k = 0; k < n_events; k++) {
        ratio[k] /= usual;
    }
    free(stretches);
    return SILBE_OK;
}
