/* Costs of pairs of frames and their derivatives. */
#include "align/softdtw/costs.h"

#include <math.h>
#include <stdbool.h>

/* Refuses what the kind cannot use: x may be -INFINITY, and y must not be negative, in cross
 * entropy alone. */
static silbe_status check_frames(const silbe_softdtw_features *f, const float *frames,
                                 size_t n_frames, bool is_x, silbe_err *err)
{
    bool entropy = f->kind == SILBE_SOFTDTW_CROSS_ENTROPY;
    for (size_t i = 0; i < n_frames * f->n_dims; i++) {
        float v = frames[i];
        bool good = isfinite(v) && (is_x || !entropy || v >= 0.0F);
        good = good || (entropy && is_x && v == -INFINITY);
        if (!good) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "soft-DTW costs: frame %zu of %s, dimension %zu is %g; it should be "
                              "%s",
                              i / f->n_dims, is_x ? "x" : "y", i % f->n_dims, (double)v,
                              !entropy ? "finite"
                              : is_x   ? "a log-probability"
                                       : "a probability");
        }
    }
    return SILBE_OK;
}

static silbe_status check(const silbe_softdtw_features *f, const double *matrix, silbe_err *err)
{
    if (f == NULL || matrix == NULL || f->x == NULL || f->y == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW costs: %s missing (NULL)",
                          f == NULL        ? "the features are"
                          : matrix == NULL ? "the matrix is"
                                           : "x or y is");
    }
    if ((int)f->kind < 0 || f->kind >= SILBE_SOFTDTW_N_COSTS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW costs: there is no kind %d",
                          (int)f->kind);
    }
    if (f->n_rows == 0 || f->n_cols == 0 || f->n_dims == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW costs: %zu and %zu frames of %zu dimensions; none may be 0",
                          f->n_rows, f->n_cols, f->n_dims);
    }
    size_t longest = f->n_rows > f->n_cols ? f->n_rows : f->n_cols;
    size_t widest = f->n_dims > f->n_cols ? f->n_dims : f->n_cols;
    if (longest > SIZE_MAX / sizeof(double) / widest) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "soft-DTW costs: %zu and %zu frames of %zu dimensions overflow size_t",
                          f->n_rows, f->n_cols, f->n_dims);
    }
    silbe_status status = check_frames(f, f->x, f->n_rows, true, err);
    return status != SILBE_OK ? status : check_frames(f, f->y, f->n_cols, false, err);
}

static double length_of(const float *x, size_t n_dims)
{
    double sum = 0.0;
    for (size_t d = 0; d < n_dims; d++) {
        sum += (double)x[d] * (double)x[d];
    }
    return sqrt(sum);
}

static double product(const float *x, const float *y, size_t n_dims)
{
    double sum = 0.0;
    for (size_t d = 0; d < n_dims; d++) {
        sum += (double)x[d] * (double)y[d];
    }
    return sum;
}

/* y = 0 silences x = -INFINITY. */
static double cross_entropy(const float *x, const float *y, size_t n_dims)
{
    double sum = 0.0;
    for (size_t d = 0; d < n_dims; d++) {
        sum += y[d] == 0.0F ? 0.0 : (double)y[d] * -(double)x[d];
    }
    return sum;
}

static double squared(const float *x, const float *y, size_t n_dims)
{
    double sum = 0.0;
    for (size_t d = 0; d < n_dims; d++) {
        double away = (double)x[d] - (double)y[d];
        sum += away * away;
    }
    return sum;
}

static double cosine(const float *x, const float *y, size_t n_dims, double x_length)
{
    double lengths = x_length * length_of(y, n_dims);
    return lengths > 0.0 ? 1.0 - product(x, y, n_dims) / lengths : 1.0;
}

silbe_status silbe_softdtw_cost_matrix(const silbe_softdtw_features *features, double *cost,
                                       silbe_err *err)
{
    silbe_status status = check(features, cost, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n_dims = features->n_dims;
    for (size_t n = 0; n < features->n_rows; n++) {
        const float *x = features->x + n * n_dims;
        double x_length = length_of(x, n_dims); /* used by cosine alone */
        double *row = cost + n * features->n_cols;
        for (size_t m = 0; m < features->n_cols; m++) {
            const float *y = features->y + m * n_dims;
            row[m] = features->kind == SILBE_SOFTDTW_SQUARED_EUCLIDEAN ? squared(x, y, n_dims)
                     : features->kind == SILBE_SOFTDTW_COSINE ? cosine(x, y, n_dims, x_length)
                                                              : cross_entropy(x, y, n_dims);
        }
    }
    return SILBE_OK;
}

/* d C(x, y) / d x scaled by e, added to dx; y and dy likewise with the roles exchanged. */
static void add_pair(const silbe_softdtw_features *f, const float *x, const float *y, double e,
                     bool by_x, double *out)
{
    double x_length = 0.0;
    double y_length = 0.0;
    double similarity = 0.0;
    if (f->kind == SILBE_SOFTDTW_COSINE) {
        x_length = length_of(x, f->n_dims);
        y_length = length_of(y, f->n_dims);
        if (!(x_length * y_length > 0.0)) {
            return;
        }
        similarity = product(x, y, f->n_dims) / (x_length * y_length);
    }
    for (size_t d = 0; d < f->n_dims; d++) {
        double xd = (double)x[d];
        double yd = (double)y[d];
        double by_d = 0.0;
        switch (f->kind) {
        case SILBE_SOFTDTW_SQUARED_EUCLIDEAN:
            by_d = by_x ? 2.0 * (xd - yd) : 2.0 * (yd - xd);
            break;
        case SILBE_SOFTDTW_COSINE:
            /* d (-x.y / |x||y|) / dx = -(y/|y| - s x/|x|) / |x| */
            by_d = by_x ? (similarity * xd / x_length - yd / y_length) / x_length
                        : (similarity * yd / y_length - xd / x_length) / y_length;
            break;
        default:
            by_d = by_x ? -yd : yd == 0.0 && xd == -(double)INFINITY ? 0.0 : -xd;
            break;
        }
        out[d] += e * by_d;
    }
}

silbe_status silbe_softdtw_feature_gradient(const silbe_softdtw_features *features, const double *e,
                                            double *dx, double *dy, silbe_err *err)
{
    silbe_status status = check(features, e, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n_dims = features->n_dims;
    for (size_t i = 0; i < features->n_rows * n_dims && dx != NULL; i++) {
        dx[i] = 0.0;
    }
    for (size_t i = 0; i < features->n_cols * n_dims && dy != NULL; i++) {
        dy[i] = 0.0;
    }
    for (size_t n = 0; n < features->n_rows; n++) {
        const float *x = features->x + n * n_dims;
        for (size_t m = 0; m < features->n_cols; m++) {
            const float *y = features->y + m * n_dims;
            double share = e[n * features->n_cols + m];
            if (share == 0.0) { /* 0 * INFINITY would be NaN */
                continue;
            }
            if (dx != NULL) {
                add_pair(features, x, y, share, true, dx + n * n_dims);
            }
            if (dy != NULL) {
                add_pair(features, x, y, share, false, dy + m * n_dims);
            }
        }
    }
    return SILBE_OK;
}
