#include "pipeline/ctc_matrix/emissions.h"

#include <math.h>
#include <stdbool.h>

#include "features/base/npy.h"

/* Half precision has 11 bits; a softmax over some tens of symbols is off by less than this. */
#define TOLERANCE 0.02

/* What all frames have in common. */
typedef struct {
    bool sums_to_one;     /* the numbers themselves */
    bool exps_sum_to_one; /* their exponentials */
    bool negated_sum_to_one;
    float lowest; /* that is finite */
    float highest;
} facts;

const char *silbe_ctc_matrix_kind_name(int kind)
{
    static const char *const NAMES[] = {
        [SILBE_KIND_AUTO] = "unknown numbers",
        [SILBE_KIND_LOGP] = "log-probabilities",
        [SILBE_KIND_LOGITS] = "logits",
        [SILBE_KIND_PROB] = "probabilities",
    };
    return NAMES[kind];
}

static bool is_one(double sum)
{
    return fabs(sum - 1.0) <= TOLERANCE;
}

/* Sum of exp(sign * x). */
static double sum_of_exps(const float *row, size_t n, double sign)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += exp(sign * (double)row[k]);
    }
    return sum;
}

static silbe_status check_row(const char *path, const float *row, size_t n, size_t t, facts *f,
                              silbe_err *err)
{
    double sum = 0;
    bool possible = false;
    for (size_t k = 0; k < n; k++) {
        if (isnan(row[k]) || row[k] == INFINITY) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "%s: frame %zu, symbol %zu is %s; look for the cause in the model or "
                              "its export",
                              path, t, k, isnan(row[k]) ? "NaN" : "+infinity");
        }
        if (row[k] != -INFINITY) {
            f->lowest = row[k] < f->lowest ? row[k] : f->lowest;
            f->highest = row[k] > f->highest ? row[k] : f->highest;
            possible = true;
        }
        sum += (double)row[k];
    }
    if (!possible) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: frame %zu: all %zu symbols are -infinity, which no sound can be",
                          path, t, n);
    }
    f->sums_to_one = f->sums_to_one && is_one(sum);
    f->exps_sum_to_one = f->exps_sum_to_one && is_one(sum_of_exps(row, n, 1));
    f->negated_sum_to_one = f->negated_sum_to_one && is_one(sum_of_exps(row, n, -1));
    return SILBE_OK;
}

static silbe_status tell_kind(const char *path, const facts *f, int *kind, silbe_err *err)
{
    if (f->sums_to_one && f->lowest >= 0) {
        *kind = SILBE_KIND_PROB;
    } else if (f->exps_sum_to_one) {
        *kind = SILBE_KIND_LOGP;
    } else if (f->lowest < 0 && f->highest > 0 && !f->negated_sum_to_one) {
        *kind = SILBE_KIND_LOGITS;
    } else {
        return silbe_fail(
            err, SILBE_ERR_DATA,
            "%s: cannot tell what the numbers are: they lie in %g .. %g, and neither they nor "
            "their exponentials sum to 1 in every frame; %s",
            path, (double)f->lowest, (double)f->highest,
            f->negated_sum_to_one ? "they look like negative log-probabilities: change their sign"
                                  : "say it with --set posteriors.kind=logp, logits or prob");
    }
    return SILBE_OK;
}

static silbe_status check_kind(const char *path, const facts *f, int kind, silbe_err *err)
{
    if (kind == SILBE_KIND_PROB && (f->lowest < 0 || f->highest > 1 + TOLERANCE)) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: has numbers from %g to %g, which are no probabilities; "
                          "posteriors.kind should be logp or logits",
                          path, (double)f->lowest, (double)f->highest);
    }
    if (kind == SILBE_KIND_LOGP && f->highest > TOLERANCE) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: has numbers up to %g, which are no log-probabilities; "
                          "posteriors.kind should be logits or prob",
                          path, (double)f->highest);
    }
    return SILBE_OK;
}

static void normalise_logits(float *row, size_t n)
{
    double highest = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        highest = (double)row[k] > highest ? (double)row[k] : highest;
    }
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += exp((double)row[k] - highest);
    }
    double normaliser = highest + log(sum);
    for (size_t k = 0; k < n; k++) {
        row[k] = (float)((double)row[k] - normaliser);
    }
}

static silbe_status convert(const char *path, int kind, silbe_matrix *m, silbe_err *err)
{
    for (size_t t = 0; t < m->n_rows; t++) {
        float *row = silbe_matrix_row(m, t);
        if (kind == SILBE_KIND_LOGITS) {
            normalise_logits(row, m->n_cols);
        } else if (kind == SILBE_KIND_PROB) {
            float highest = 0;
            for (size_t k = 0; k < m->n_cols; k++) {
                highest = row[k] > highest ? row[k] : highest;
                row[k] = logf(row[k]);
            }
            if (highest == 0) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "%s: frame %zu: all %zu symbols have probability 0", path, t,
                                  m->n_cols);
            }
        }
    }
    return SILBE_OK;
}

static silbe_status check_shape(const char *path, const silbe_matrix *m, size_t n_symbols,
                                silbe_err *err)
{
    if (m->n_rows == 0 || m->n_cols == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: is empty: %zu frames of %zu symbols", path,
                          m->n_rows, m->n_cols);
    }
    if (m->n_cols == n_symbols) {
        return SILBE_OK;
    }
    const char *hint = m->n_cols == 1           ? "; the array should have two dimensions"
                       : m->n_rows == n_symbols ? "; transpose it: array.T"
                                                : "";
    return silbe_fail(err, SILBE_ERR_MISMATCH,
                      "%s: has %zu values a frame (%zu frames), but the vocabulary has %zu "
                      "symbols%s",
                      path, m->n_cols, m->n_rows, n_symbols, hint);
}

silbe_status silbe_ctc_matrix_read(const char *path, size_t n_symbols, int kind, silbe_matrix *logp,
                                   int *found, silbe_err *err)
{
    facts f = {true, true, true, INFINITY, -INFINITY};
    silbe_status status = silbe_npy_read_matrix(path, 0, logp, err);
    if (status == SILBE_OK) {
        status = check_shape(path, logp, n_symbols, err);
    }
    for (size_t t = 0; status == SILBE_OK && t < logp->n_rows; t++) {
        status = check_row(path, silbe_matrix_row(logp, t), n_symbols, t, &f, err);
    }
    *found = kind;
    if (status == SILBE_OK) {
        status = kind == SILBE_KIND_AUTO ? tell_kind(path, &f, found, err)
                                         : check_kind(path, &f, kind, err);
    }
    if (status == SILBE_OK) {
        status = convert(path, *found, logp, err);
    }
    if (status != SILBE_OK) {
        silbe_matrix_free(logp);
    }
    return status;
}
