/* From scores of symbols to emissions of states. */
#include <math.h>

#include "align/trellis/graph.h"

silbe_status silbe_trellis_emissions_check(const silbe_trellis *trellis,
                                           const silbe_trellis_emissions *emissions, silbe_err *err)
{
    if (trellis == NULL || emissions == NULL || emissions->values == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s missing (NULL)",
                          trellis == NULL ? "the trellis is" : "the emissions are");
    }
    if (emissions->n_frames != trellis->n_frames || emissions->n_symbols != trellis->n_symbols) {
        return silbe_fail(
            err, SILBE_ERR_MISMATCH,
            "trellis: emissions have %zu frames of %zu symbols, the trellis was built "
            "for %zu frames of %zu symbols",
            emissions->n_frames, emissions->n_symbols, trellis->n_frames, trellis->n_symbols);
    }
    if (emissions->row_stride < emissions->n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: row_stride should be at least the %zu symbols, got %zu",
                          emissions->n_symbols, emissions->row_stride);
    }
    if (silbe_size_mul(silbe_size_mul(emissions->n_frames, emissions->row_stride), sizeof(float)) ==
        SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "trellis: %zu frames x %zu values overflow size_t",
                          emissions->n_frames, emissions->row_stride);
    }
    bool finite = isfinite(emissions->scale) && emissions->scale >= 0.0 &&
                  isfinite(emissions->prior_scale) && isfinite(emissions->blank_penalty) &&
                  isfinite(emissions->wildcard_penalty);
    bool good_rule =
        (unsigned)emissions->wildcard_rule < SILBE_WILDCARD_N_RULES &&
        (emissions->wildcard_rule != SILBE_WILDCARD_PERCENTILE ||
         (emissions->wildcard_percentile >= 0.0 && emissions->wildcard_percentile <= 1.0));
    if (!finite || !good_rule) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: scale %g (should be >= 0), prior_scale %g, blank_penalty %g, "
                          "wildcard rule %d, penalty %g, percentile %g (should be 0 to 1): not all "
                          "of them usable",
                          emissions->scale, emissions->prior_scale, emissions->blank_penalty,
                          (int)emissions->wildcard_rule, emissions->wildcard_penalty,
                          emissions->wildcard_percentile);
    }
    bool any_symbol = emissions->wildcard_symbols == NULL;
    for (size_t k = 0; k < emissions->n_symbols; k++) {
        any_symbol = any_symbol || emissions->wildcard_symbols[k];
        if (emissions->log_prior != NULL && !isfinite(emissions->log_prior[k])) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "trellis: log_prior of symbol %zu should be finite, got %g", k,
                              emissions->log_prior[k]);
        }
    }
    return any_symbol ? SILBE_OK
                      : silbe_fail(err, SILBE_ERR_ARGUMENT,
                                   "trellis: the wildcard may be none of the symbols");
}

/* ln sum exp of a frame of logits; -INFINITY if all are. */
static double normaliser(const float *x, size_t n)
{
    double high = SILBE_NEG_INF;
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        high = (double)x[k] > high ? (double)x[k] : high;
    }
    if (high == SILBE_NEG_INF) {
        return high;
    }
    for (size_t k = 0; k < n; k++) {
        sum += exp((double)x[k] - high);
    }
    return high + log(sum);
}

/* The r-th smallest of n values, which are reordered (Hoare's selection). */
static double select_value(double *v, size_t n, size_t r)
{
    size_t low = 0;
    size_t high = n - 1;
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        size_t i = low;
        size_t j = high;
        for (;;) {
            while (v[i] < pivot) {
                i++;
            }
            while (v[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            double kept = v[i];
            v[i++] = v[j];
            v[j--] = kept;
        }
        /* [low, j] <= pivot <= [j + 1, high], with j < high as the pivot is not the last */
        if (r <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return v[r];
}

/* e(t, *) from the row of symbols. */
static double wildcard(const silbe_trellis_emissions *emissions, const double *row, double *order,
                       size_t *chosen)
{
    size_t n = 0;
    double high = SILBE_NEG_INF;
    *chosen = 0;
    for (size_t k = 0; k < emissions->n_symbols; k++) {
        if (emissions->wildcard_symbols != NULL && !emissions->wildcard_symbols[k]) {
            continue;
        }
        order[n++] = row[k];
        if (row[k] > high) {
            high = row[k];
            *chosen = k;
        }
    }
    if (high == SILBE_NEG_INF || emissions->wildcard_rule == SILBE_WILDCARD_MAX) {
        return high - emissions->wildcard_penalty;
    }
    if (emissions->wildcard_rule == SILBE_WILDCARD_LOGSUM) {
        double sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += exp(order[i] - high);
        }
        return high + log(sum) - emissions->wildcard_penalty;
    }
    size_t r = (size_t)(emissions->wildcard_percentile * (double)(n - 1));
    double value = select_value(order, n, r);
    for (size_t k = 0; k < emissions->n_symbols; k++) {
        if (row[k] == value &&
            (emissions->wildcard_symbols == NULL || emissions->wildcard_symbols[k])) {
            *chosen = k;
            break;
        }
    }
    return value - emissions->wildcard_penalty;
}

silbe_status silbe_trellis_emission_row(const silbe_trellis *trellis,
                                        const silbe_trellis_emissions *emissions, size_t t,
                                        double *row, double *order, size_t *chosen, silbe_err *err)
{
    const float *x = emissions->values + t * emissions->row_stride;
    size_t n = emissions->n_symbols;
    double scale = emissions->scale == 0.0 ? 1.0 : emissions->scale;
    for (size_t k = 0; k < n; k++) {
        if (!(x[k] < INFINITY)) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "emissions: frame %zu, symbol %zu is %s; it should be a logarithm of "
                              "a probability",
                              t, k, isnan(x[k]) ? "NaN" : "+INFINITY");
        }
    }
    double norm = emissions->logits ? normaliser(x, n) : 0.0;
    for (size_t k = 0; k < n; k++) {
        double e = (double)x[k];
        if (e == SILBE_NEG_INF) {
            row[k] = e;
            continue;
        }
        e -= norm;
        if (emissions->log_prior != NULL) {
            e -= emissions->prior_scale * emissions->log_prior[k];
        }
        e *= scale;
        e -= (int32_t)k == trellis->blank ? emissions->blank_penalty : 0.0;
        row[k] = e < SILBE_TRELLIS_LOWEST_LOGP ? SILBE_NEG_INF : e;
    }
    size_t which = 0;
    row[n] = wildcard(emissions, row, order, &which);
    if (chosen != NULL) {
        *chosen = which;
    }
    return SILBE_OK;
}

silbe_status silbe_trellis_class_row(const silbe_trellis *g,
                                     const silbe_trellis_emissions *emissions, size_t t,
                                     double *row, double *order, size_t *chosen, silbe_err *err)
{
    silbe_status status = silbe_trellis_emission_row(g, emissions, t, row, order, chosen, err);
    if (status != SILBE_OK) {
        return status;
    }
    double *extra = row + g->n_symbols;
    double none = SILBE_NEG_INF;
    extra[SILBE_CLASS_GAP_BLANK] = g->blank >= 0 ? row[g->blank] : none;
    extra[SILBE_CLASS_GAP_SILENCE] = g->silence >= 0 ? row[g->silence] : none;
    extra[SILBE_CLASS_GAP_WILDCARD] = extra[SILBE_CLASS_WILDCARD];
    size_t low = 0;
    size_t high = g->n_regions; /* first region that ends behind t */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->regions[middle].end_frame <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < g->n_regions && g->regions[low].begin_frame <= t) {
        for (size_t k = 0; k <= g->n_symbols; k++) {
            row[k] = none;
        }
    }
    return SILBE_OK;
}
