/* Arguments of CTC checked; effective emissions. */
#include <math.h>

#include "align/base/logmath.h"
#include "align/ctc/problem.h"

size_t silbe_ctc_n_states(const silbe_ctc_problem *problem)
{
    return 2 * problem->n_labels + 1;
}

size_t silbe_ctc_min_frames(const silbe_ctc_problem *problem)
{
    size_t n = problem->n_labels;
    if (problem->topology == SILBE_CTC_BLANKS) {
        for (size_t j = 1; j < problem->n_labels; j++) {
            n += problem->labels[j] == problem->labels[j - 1];
        }
    }
    return n;
}

static silbe_status check_shape(const silbe_ctc_problem *p, silbe_err *err)
{
    if (p == NULL || p->values == NULL || p->labels == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC: %s missing (NULL)",
                          p == NULL           ? "the problem is"
                          : p->values == NULL ? "the emissions are"
                                              : "the labels are");
    }
    if (p->n_frames == 0 || p->n_symbols == 0 || p->n_labels == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: needs at least one frame, symbol and label, got %zu frames of %zu "
                          "symbols and %zu labels",
                          p->n_frames, p->n_symbols, p->n_labels);
    }
    if (p->n_frames > SILBE_CTC_MAX_FRAMES || p->n_labels > SILBE_CTC_MAX_LABELS) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "CTC: %zu frames and %zu labels; at most %d and %d can be aligned",
                          p->n_frames, p->n_labels, (int)SILBE_CTC_MAX_FRAMES,
                          (int)SILBE_CTC_MAX_LABELS);
    }
    if (p->row_stride < p->n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: row stride should be at least the number of symbols, %zu, got %zu",
                          p->n_symbols, p->row_stride);
    }
    if (p->n_symbols > INT32_MAX || p->row_stride > SIZE_MAX / sizeof(float) / p->n_frames) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "CTC: emissions of %zu frames x %zu floats overflow size_t", p->n_frames,
                          p->row_stride);
    }
    return SILBE_OK;
}

static silbe_status check_settings(const silbe_ctc_problem *p, silbe_err *err)
{
    if ((int)p->topology < 0 || p->topology >= SILBE_CTC_N_TOPOLOGIES) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC: there is no topology %d",
                          (int)p->topology);
    }
    if (p->topology == SILBE_CTC_BLANKS && p->blank >= p->n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: the blank should be one of %zu symbols, got %zu", p->n_symbols,
                          p->blank);
    }
    if (!isfinite(p->blank_penalty) || !isfinite(p->prior_scale)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC: blank penalty and prior scale should be finite, got %g and %g",
                          p->blank_penalty, p->prior_scale);
    }
    for (size_t k = 0; p->log_prior != NULL && k < p->n_symbols; k++) {
        if (!isfinite(p->log_prior[k])) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "CTC: the log prior of symbol %zu should be finite, got %g", k,
                              p->log_prior[k]);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_ctc_problem_check(const silbe_ctc_problem *p, silbe_err *err)
{
    silbe_status status = check_shape(p, err);
    if (status == SILBE_OK) {
        status = check_settings(p, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t j = 0; j < p->n_labels; j++) {
        if (p->labels[j] < 0 || (size_t)p->labels[j] >= p->n_symbols) {
            return silbe_fail(
                err, SILBE_ERR_DATA,
                "CTC: label %zu is symbol %ld, which is not one of the %zu symbols of "
                "the emissions",
                j, (long)p->labels[j], p->n_symbols);
        }
        if (p->topology == SILBE_CTC_BLANKS && (size_t)p->labels[j] == p->blank) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "CTC: label %zu is the blank (symbol %zu); leave blanks out of the "
                              "labels",
                              j, p->blank);
        }
    }
    size_t least = silbe_ctc_min_frames(p);
    if (p->n_frames < least) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "CTC: %zu frames are too few for %zu labels, %zu of which repeat the one "
                          "before and need a blank between: at least %zu frames",
                          p->n_frames, p->n_labels, least - p->n_labels, least);
    }
    return SILBE_OK;
}

silbe_status silbe_ctc_emission_row(const silbe_ctc_problem *p, size_t t, double *row,
                                    double *normaliser, silbe_err *err)
{
    const float *x = p->values + t * p->row_stride;
    for (size_t k = 0; k < p->n_symbols; k++) {
        if (isnan(x[k]) || x[k] == INFINITY) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "CTC: the emission of frame %zu, symbol %zu is %s; it should be "
                              "finite or -infinity",
                              t, k, isnan(x[k]) ? "not a number" : "+infinity");
        }
    }
    double n = p->logits ? silbe_logsumexp(x, p->n_symbols) : 0.0;
    for (size_t k = 0; k < p->n_symbols; k++) {
        double e = n == SILBE_NEG_INF ? SILBE_NEG_INF : (double)x[k] - n;
        if (p->log_prior != NULL) {
            e -= p->prior_scale * p->log_prior[k];
        }
        row[k] = e;
    }
    if (p->topology == SILBE_CTC_BLANKS) {
        row[p->blank] -= p->blank_penalty;
    }
    for (size_t k = 0; k < p->n_symbols; k++) {
        row[k] = row[k] < SILBE_CTC_LOWEST_LOGP ? SILBE_NEG_INF : row[k];
        if (row[k] > -SILBE_CTC_LOWEST_LOGP) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "CTC: the emission of frame %zu, symbol %zu is %g nats, which is no "
                              "log-probability; are the values logits?",
                              t, k, row[k]);
        }
    }
    if (normaliser != NULL) {
        *normaliser = n;
    }
    return SILBE_OK;
}
