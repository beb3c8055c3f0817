/* CTC in full matrices of logarithms, equation by equation. */
#include <math.h>

#include "align/base/logmath.h"
#include "tests/align/ctc/reference.h"

/* Symbol of state s, and whether state s - 2 may precede it (equation 6). */
static size_t symbol_of(const silbe_ctc_problem *p, size_t s)
{
    return s % 2 == 0 ? p->blank : (size_t)p->labels[s / 2];
}

static bool may_skip(const silbe_ctc_problem *p, size_t s)
{
    return s % 2 == 1 && s >= 3 &&
           (p->topology == SILBE_CTC_NO_BLANKS || p->labels[s / 2] != p->labels[s / 2 - 1]);
}

/* e(t, s) for all states: T x W. */
static silbe_status state_emissions(const silbe_ctc_problem *p, double *row, double *e,
                                    silbe_err *err)
{
    size_t w = silbe_ctc_n_states(p);
    for (size_t t = 0; t < p->n_frames; t++) {
        silbe_status status = silbe_ctc_emission_row(p, t, row, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t s = 0; s < w; s++) {
            bool absent = p->topology == SILBE_CTC_NO_BLANKS && s % 2 == 0;
            e[t * w + s] = absent ? SILBE_NEG_INF : row[symbol_of(p, s)];
        }
    }
    return SILBE_OK;
}

/* Equations 6 and 7. */
static void forward(const silbe_ctc_problem *p, const double *e, double *alpha)
{
    size_t w = silbe_ctc_n_states(p);
    for (size_t s = 0; s < w; s++) {
        alpha[s] = s < 2 ? e[s] : SILBE_NEG_INF;
    }
    for (size_t t = 1; t < p->n_frames; t++) {
        const double *before = alpha + (t - 1) * w;
        for (size_t s = 0; s < w; s++) {
            double sum = before[s];
            if (s >= 1) {
                sum = silbe_logaddexp(sum, before[s - 1]);
            }
            if (may_skip(p, s)) {
                sum = silbe_logaddexp(sum, before[s - 2]);
            }
            alpha[t * w + s] = sum + e[t * w + s];
        }
    }
}

/* Equations 9 to 11. */
static void backward(const silbe_ctc_problem *p, const double *e, double *beta)
{
    size_t w = silbe_ctc_n_states(p);
    size_t last = p->n_frames - 1;
    for (size_t s = 0; s < w; s++) {
        beta[last * w + s] = s + 2 >= w ? e[last * w + s] : SILBE_NEG_INF;
    }
    for (size_t t = last; t-- > 0;) {
        const double *after = beta + (t + 1) * w;
        for (size_t s = 0; s < w; s++) {
            double sum = after[s];
            if (s + 1 < w) {
                sum = silbe_logaddexp(sum, after[s + 1]);
            }
            if (s + 2 < w && may_skip(p, s + 2)) {
                sum = silbe_logaddexp(sum, after[s + 2]);
            }
            beta[t * w + s] = sum + e[t * w + s];
        }
    }
}

static void onset_posteriors(const silbe_ctc_problem *p, const double *alpha, const double *beta,
                             double total, double *onset)
{
    size_t w = silbe_ctc_n_states(p);
    for (size_t t = 0; t < p->n_frames; t++) {
        for (size_t j = 0; j < p->n_labels; j++) {
            size_t s = 2 * j + 1;
            double enter = t == 0 && j == 0 ? 0.0 : SILBE_NEG_INF;
            if (t > 0) {
                const double *before = alpha + (t - 1) * w;
                enter =
                    silbe_logaddexp(before[s - 1], may_skip(p, s) ? before[s - 2] : SILBE_NEG_INF);
            }
            onset[t * p->n_labels + j] = exp(enter + beta[t * w + s] - total);
        }
    }
}

/* Equation 14 divided by p(l|x): alpha beta / (y p), and its sums by symbol. e == -INFINITY makes
 * alpha and beta -INFINITY, too. */
static double posterior_of(double alpha, double beta, double e, double total)
{
    return e == SILBE_NEG_INF ? 0.0 : exp(alpha + beta - e - total);
}

/* Equations 15 and 16. */
static silbe_status make_gradient(const silbe_ctc_problem *p, const double *alpha,
                                  const double *beta, const double *e, double total,
                                  silbe_ctc_gradient by, double *row, double *gradient,
                                  silbe_err *err)
{
    size_t w = silbe_ctc_n_states(p);
    for (size_t t = 0; t < p->n_frames; t++) {
        double *g = gradient + t * p->n_symbols;
        double n = 0.0;
        silbe_status status = silbe_ctc_emission_row(p, t, row, &n, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t k = 0; k < p->n_symbols; k++) {
            double x = (double)p->values[t * p->row_stride + k];
            g[k] = by == SILBE_CTC_BY_LOGITS ? exp(x - n) : 0.0;
        }
        for (size_t s = 0; s < w; s++) {
            size_t i = t * w + s;
            if (e[i] != SILBE_NEG_INF) {
                g[symbol_of(p, s)] -= posterior_of(alpha[i], beta[i], e[i], total);
            }
        }
    }
    return SILBE_OK;
}

silbe_status silbe_ctc_reference_size(const silbe_ctc_problem *p, size_t *bytes, silbe_err *err)
{
    silbe_status status = silbe_ctc_problem_check(p, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t w = silbe_ctc_n_states(p);
    if (w > SIZE_MAX / 32 / p->n_frames || p->n_symbols > SIZE_MAX / 32) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "CTC reference: %zu frames x %zu states overflow",
                          p->n_frames, w);
    }
    *bytes = (3 * p->n_frames * w + p->n_symbols + 1) * sizeof(double);
    return SILBE_OK;
}

silbe_status silbe_ctc_reference(const silbe_ctc_problem *p, void *scratch, size_t scratch_bytes,
                                 const silbe_ctc_reference_wanted *wanted, double *loss,
                                 silbe_err *err)
{
    size_t bytes = 0;
    silbe_status status = silbe_ctc_reference_size(p, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || loss == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC reference: scratch should be %zu bytes, got %zu", bytes,
                          scratch_bytes);
    }
    size_t w = silbe_ctc_n_states(p);
    size_t n = p->n_frames * w;
    double *base = (double *)(((uintptr_t)scratch + 7) / 8 * 8);
    double *e = base;
    double *alpha = wanted != NULL && wanted->alpha != NULL ? wanted->alpha : base + n;
    double *beta = wanted != NULL && wanted->beta != NULL ? wanted->beta : base + 2 * n;
    double *row = base + 3 * n;
    status = state_emissions(p, row, e, err);
    if (status != SILBE_OK) {
        return status;
    }
    forward(p, e, alpha);
    backward(p, e, beta);
    double total = silbe_logaddexp(alpha[n - 1], alpha[n - 2]); /* equation 8 */
    if (total == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "CTC reference: every path of %zu labels over %zu frames has "
                          "probability 0",
                          p->n_labels, p->n_frames);
    }
    *loss = -total;
    for (size_t i = 0; wanted != NULL && wanted->posterior != NULL && i < n; i++) {
        wanted->posterior[i] = posterior_of(alpha[i], beta[i], e[i], total);
    }
    if (wanted != NULL && wanted->onset != NULL) {
        onset_posteriors(p, alpha, beta, total, wanted->onset);
    }
    if (wanted != NULL && wanted->gradient != NULL) {
        status = make_gradient(p, alpha, beta, e, total, wanted->gradient_by, row, wanted->gradient,
                               err);
    }
    return status;
}
