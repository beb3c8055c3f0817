#include "tests/pipeline/train/data/boundaries.h"

#include <math.h>
#include <stdlib.h>

#include "align/lyrics/phones.h"
#include "features/base/compare.h"

enum { PAIR = 0, SKIP_OURS, SKIP_REFERENCE };

void silbe_boundaries_free(silbe_boundaries *boundaries)
{
    free(boundaries->deviations_s);
    *boundaries = (silbe_boundaries)SILBE_BOUNDARIES_INIT;
}

static double substitution(uint8_t a, uint8_t b)
{
    if (a == b) {
        return 0.0;
    }
    return silbe_phone_get(a)->phone_class == silbe_phone_get(b)->phone_class ? 0.5 : 1.2;
}

static silbe_timed_phone *without_silence(const silbe_timed_phone *phones, size_t *n)
{
    silbe_timed_phone *kept = calloc(*n + 1, sizeof *kept);
    size_t n_kept = 0;
    for (size_t i = 0; kept != NULL && i < *n; i++) {
        if (phones[i].phone != SILBE_PHONE_SILENCE) {
            kept[n_kept++] = phones[i];
        }
    }
    *n = n_kept;
    return kept;
}

static void fill(const silbe_timed_phone *a, size_t n, const silbe_timed_phone *b, size_t m,
                 double *cost, unsigned char *from)
{
    for (size_t i = 0; i <= n; i++) {
        for (size_t j = 0; j <= m; j++) {
            size_t at = i * (m + 1) + j;
            cost[at] = i + j == 0 ? 0.0 : INFINITY;
            if (i > 0 && j > 0) {
                cost[at] = cost[at - m - 2] + substitution(a[i - 1].phone, b[j - 1].phone);
                from[at] = PAIR;
            }
            if (i > 0 && cost[at - m - 1] + 1.0 < cost[at]) {
                cost[at] = cost[at - m - 1] + 1.0;
                from[at] = SKIP_OURS;
            }
            if (j > 0 && cost[at - 1] + 1.0 < cost[at]) {
                cost[at] = cost[at - 1] + 1.0;
                from[at] = SKIP_REFERENCE;
            }
        }
    }
}

silbe_status silbe_boundaries_add(silbe_boundaries *boundaries, const silbe_timed_phone *ours,
                                  size_t n_ours, const silbe_timed_phone *reference,
                                  size_t n_reference, silbe_err *err)
{
    silbe_timed_phone *a = without_silence(ours, &n_ours);
    silbe_timed_phone *b = without_silence(reference, &n_reference);
    size_t n_cells = (n_ours + 1) * (n_reference + 1);
    double *cost = calloc(n_cells, sizeof *cost);
    unsigned char *from = calloc(n_cells, sizeof *from);
    size_t room = boundaries->n + n_ours;
    double *deviations = realloc(boundaries->deviations_s, (room + 1) * sizeof *deviations);
    silbe_status status = SILBE_ERR_MEMORY;
    if (deviations != NULL) {
        boundaries->deviations_s = deviations;
        boundaries->capacity = room + 1;
    }
    if (a == NULL || b == NULL || cost == NULL || from == NULL || deviations == NULL) {
        (void)silbe_fail(err, status, "no memory to compare %zu with %zu phones", n_ours,
                         n_reference);
        goto done;
    }
    fill(a, n_ours, b, n_reference, cost, from);
    for (size_t i = n_ours, j = n_reference; i > 0 || j > 0;) {
        unsigned char step = from[i * (n_reference + 1) + j];
        if (step == PAIR && substitution(a[i - 1].phone, b[j - 1].phone) < 1.0) {
            boundaries->deviations_s[boundaries->n++] = a[i - 1].begin_s - b[j - 1].begin_s;
        }
        i -= step != SKIP_REFERENCE;
        j -= step != SKIP_OURS;
    }
    boundaries->n_reference += n_reference;
    status = SILBE_OK;
done:
    free(a);
    free(b);
    free(cost);
    free(from);
    return status;
}

silbe_boundary_figures silbe_boundaries_figures(silbe_boundaries *boundaries)
{
    silbe_boundary_figures f = {.n = boundaries->n};
    double *d = boundaries->deviations_s;
    size_t n = boundaries->n;
    if (n == 0) {
        return f;
    }
    qsort(d, n, sizeof *d, silbe_compare_doubles);
    f.median_s = 0.5 * (d[(n - 1) / 2] + d[n / 2]);
    double *sizes = malloc(n * sizeof *sizes);
    for (size_t i = 0; i < n; i++) {
        double size = fabs(d[i]);
        f.mean_abs_s += size / (double)n;
        f.within_20ms += size <= 0.02 ? 1.0 / (double)n : 0.0;
        f.within_50ms += size <= 0.05 ? 1.0 / (double)n : 0.0;
        if (sizes != NULL) {
            sizes[i] = size;
        }
    }
    f.median_abs_s = NAN; /* without memory */
    if (sizes != NULL) {
        qsort(sizes, n, sizeof *sizes, silbe_compare_doubles);
        f.median_abs_s = 0.5 * (sizes[(n - 1) / 2] + sizes[n / 2]);
    }
    free(sizes);
    f.paired = boundaries->n_reference > 0 ? (double)n / (double)boundaries->n_reference : 0.0;
    return f;
}
