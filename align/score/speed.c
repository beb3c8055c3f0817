#include "align/score/speed.h"

#include <math.h>
#include <stdlib.h>

static const double MIN_SPAN_S = 1e-6;

typedef struct {
    double speed;    /* quarter notes per second */
    double weight_s; /* how long it lasts */
} stretch;

static int compare_speeds(const void *a, const void *b)
{
    double x = ((const stretch *)a)->speed, y = ((const stretch *)b)->speed;
    return (x > y) - (x < y);
}

/* The stretches come out sorted. */
static double median_speed(stretch *stretches, size_t n)
{
    double total_s = 0, sum_s = 0;
    qsort(stretches, n, sizeof *stretches, compare_speeds);
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
    stretch *stretches = calloc(n_events, sizeof *stretches);
    if (stretches == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu events", n_events);
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
