#include "align/path/path.h"

#include <math.h>

silbe_status silbe_path_check(const silbe_path_point *path, size_t length, size_t n_rows,
                              size_t n_cols, const silbe_path_rules *rules, silbe_err *err)
{
    silbe_path_rules none = {0};
    rules = rules != NULL ? rules : &none;
    if (path == NULL || length == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "path: empty");
    }
    for (size_t i = 0; i < length; i++) {
        if (path[i].n >= n_rows || path[i].m >= n_cols) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "path: cell %zu (%zu, %zu) lies outside %zu rows x %zu columns", i,
                              path[i].n, path[i].m, n_rows, n_cols);
        }
        if (i > 0 && (path[i].n < path[i - 1].n || path[i].m < path[i - 1].m ||
                      (path[i].n == path[i - 1].n && path[i].m == path[i - 1].m))) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "path: cell %zu (%zu, %zu) does not advance from (%zu, %zu)", i,
                              path[i].n, path[i].m, path[i - 1].n, path[i - 1].m);
        }
    }
    if (rules->starts_at_corner && (path[0].n != 0 || path[0].m != 0)) {
        return silbe_fail(err, SILBE_ERR_DATA, "path: starts at (%zu, %zu), should be (0, 0)",
                          path[0].n, path[0].m);
    }
    silbe_path_point last = path[length - 1];
    if (rules->ends_at_corner && (last.n != n_rows - 1 || last.m != n_cols - 1)) {
        return silbe_fail(err, SILBE_ERR_DATA, "path: ends at (%zu, %zu), should be (%zu, %zu)",
                          last.n, last.m, n_rows - 1, n_cols - 1);
    }
    return rules->steps != NULL ? silbe_path_to_arrows(path, length, rules->steps, NULL, err)
                                : SILBE_OK;
}

void silbe_path_invert(silbe_path_point *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        path[i] = (silbe_path_point){path[i].m, path[i].n};
    }
}

/* Lowest index of the step from a to b, n_steps if there is none. */
static size_t step_between(silbe_path_point a, silbe_path_point b, const silbe_path_steps *steps)
{
    size_t k = 0;
    while (k < steps->n_steps &&
           (b.n < a.n || b.m < a.m || b.n - a.n != (size_t)steps->steps[k].dn ||
            b.m - a.m != (size_t)steps->steps[k].dm)) {
        k++;
    }
    return k;
}

silbe_status silbe_path_to_arrows(const silbe_path_point *path, size_t length,
                                  const silbe_path_steps *steps, uint8_t *arrows, silbe_err *err)
{
    silbe_status status = silbe_path_steps_check(steps, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (path == NULL || length == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "path: empty");
    }
    for (size_t i = 0; i + 1 < length; i++) {
        size_t k = step_between(path[i], path[i + 1], steps);
        if (k == steps->n_steps) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "path: no step leads from cell %zu (%zu, %zu) to (%zu, %zu)", i,
                              path[i].n, path[i].m, path[i + 1].n, path[i + 1].m);
        }
        if (arrows != NULL) {
            arrows[i] = (uint8_t)k;
        }
    }
    return SILBE_OK;
}

silbe_status silbe_path_from_arrows(silbe_path_point start, const uint8_t *arrows, size_t n_arrows,
                                    const silbe_path_steps *steps, silbe_path_point *path,
                                    silbe_err *err)
{
    silbe_status status = silbe_path_steps_check(steps, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (path == NULL || (arrows == NULL && n_arrows > 0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "path from arrows: missing argument (NULL)");
    }
    path[0] = start;
    for (size_t i = 0; i < n_arrows; i++) {
        if (arrows[i] >= steps->n_steps) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "path from arrows: arrow %zu should be below %zu, got %u", i,
                              steps->n_steps, (unsigned)arrows[i]);
        }
        size_t dn = (size_t)steps->steps[arrows[i]].dn;
        size_t dm = (size_t)steps->steps[arrows[i]].dm;
        if (path[i].n > SIZE_MAX - dn || path[i].m > SIZE_MAX - dm) {
            return silbe_fail(err, SILBE_ERR_DATA, "path from arrows: arrow %zu leads too far", i);
        }
        path[i + 1] = (silbe_path_point){path[i].n + dn, path[i].m + dm};
    }
    return SILBE_OK;
}

size_t silbe_path_strictly_monotonic(const silbe_path_point *path, size_t length,
                                     silbe_path_point *out)
{
    if (length == 0) {
        return 0;
    }
    silbe_path_point last = path[length - 1];
    silbe_path_point before = path[0];
    size_t n_out = 0;
    for (size_t i = 0; i < length; i++) {
        silbe_path_point p = path[i]; /* read before out, which may be path, is written */
        bool corner = i == 0 || (p.n > before.n && p.m > before.m);
        bool inside = p.n != last.n && p.m != last.m;
        if ((corner && inside) || i + 1 == length) {
            out[n_out++] = p;
        }
        before = p;
    }
    return n_out;
}

/* A path that grows by straight lines. */
typedef struct {
    silbe_path_point *cells;
    size_t length;
    size_t capacity;
} line;

static silbe_status go_to(line *l, silbe_path_point to, silbe_err *err)
{
    silbe_path_point from = l->length > 0 ? l->cells[l->length - 1] : to;
    if (to.n < from.n || to.m < from.m) {
        return silbe_fail(err, SILBE_ERR_DATA, "path: goes back from (%zu, %zu) to (%zu, %zu)",
                          from.n, from.m, to.n, to.m);
    }
    size_t dn = to.n - from.n;
    size_t dm = to.m - from.m;
    size_t k = dn > dm ? dn : dm;
    size_t n_new = l->length == 0 ? 1 : k;
    if (n_new > l->capacity - l->length) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "path: %zu cells do not suffice", l->capacity);
    }
    if (k > 0 && (dn < dm ? dn : dm) > SIZE_MAX / k) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "path: a gap of %zu x %zu overflows size_t", dn,
                          dm);
    }
    if (l->length == 0) {
        l->cells[l->length++] = to;
    }
    for (size_t i = 1; i <= k; i++) { /* i d / k for d = k would overflow needlessly */
        size_t n = dn == k ? i : i * dn / k;
        size_t m = dm == k ? i : i * dm / k;
        l->cells[l->length++] = (silbe_path_point){from.n + n, from.m + m};
    }
    return SILBE_OK;
}

silbe_status silbe_path_fill(const silbe_path_point *path, size_t length, silbe_path_point *out,
                             size_t capacity, size_t *out_length, silbe_err *err)
{
    if (path == NULL || length == 0 || out == NULL || out_length == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "path fill: empty path or missing argument");
    }
    line l = {out, 0, capacity};
    for (size_t i = 0; i < length; i++) {
        silbe_status status = go_to(&l, path[i], err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    *out_length = l.length;
    return SILBE_OK;
}

static size_t scale(size_t frame, double factor, size_t new_size)
{
    double scaled = floor((double)frame * factor + 0.5);
    return scaled < (double)(new_size - 1) ? (size_t)scaled : new_size - 1;
}

silbe_status silbe_path_resample(const silbe_path_point *path, size_t length, double factor_n,
                                 double factor_m, size_t new_n_rows, size_t new_n_cols,
                                 silbe_path_point *out, size_t capacity, size_t *out_length,
                                 silbe_err *err)
{
    if (path == NULL || length == 0 || out == NULL || out_length == NULL || new_n_rows == 0 ||
        new_n_cols == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "path resample: empty path, empty new size or missing argument");
    }
    if (!(factor_n > 0.0 && isfinite(factor_n)) || !(factor_m > 0.0 && isfinite(factor_m))) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "path resample: factors should be finite and > 0, got %g and %g",
                          factor_n, factor_m);
    }
    line l = {out, 0, capacity};
    for (size_t i = 0; i < length; i++) {
        silbe_path_point p = {scale(path[i].n, factor_n, new_n_rows),
                              scale(path[i].m, factor_m, new_n_cols)};
        silbe_status status = go_to(&l, p, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    *out_length = l.length;
    return SILBE_OK;
}
