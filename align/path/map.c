#include "align/path/map.h"

#include <math.h>

silbe_status silbe_map_check(const silbe_map *map, silbe_err *err)
{
    if (map == NULL || map->x_s == NULL || map->y_s == NULL || map->n_points == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "time map: empty or missing (NULL)");
    }
    for (size_t i = 0; i < map->n_points; i++) {
        if (!isfinite(map->x_s[i]) || !isfinite(map->y_s[i])) {
            return silbe_fail(err, SILBE_ERR_DATA, "time map: point %zu (%g, %g) is not finite", i,
                              map->x_s[i], map->y_s[i]);
        }
        if (i > 0 && !(map->x_s[i] > map->x_s[i - 1] && map->y_s[i] > map->y_s[i - 1])) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "time map: point %zu (%.9g, %.9g) is not beyond (%.9g, %.9g)", i,
                              map->x_s[i], map->y_s[i], map->x_s[i - 1], map->y_s[i - 1]);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_map_from_path(const silbe_path_point *path, size_t length, double hop_x_s,
                                 double hop_y_s, silbe_path_point *scratch, silbe_map *map,
                                 silbe_err *err)
{
    if (path == NULL || length == 0 || scratch == NULL || map == NULL || map->x_s == NULL ||
        map->y_s == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "time map: empty path or missing argument");
    }
    if (!(hop_x_s > 0.0 && isfinite(hop_x_s)) || !(hop_y_s > 0.0 && isfinite(hop_y_s))) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "time map: hops should be finite and > 0 seconds, got %g and %g", hop_x_s,
                          hop_y_s);
    }
    map->n_points = silbe_path_strictly_monotonic(path, length, scratch);
    for (size_t i = 0; i < map->n_points; i++) {
        map->x_s[i] = (double)scratch[i].n * hop_x_s;
        map->y_s[i] = (double)scratch[i].m * hop_y_s;
    }
    return silbe_map_check(map, err);
}

/* Value at x of the polyline (xs, ys) with i the last point at or before x, if any. */
static double value_at(const double *xs, const double *ys, size_t n, silbe_map_outside outside,
                       size_t i, double x)
{
    bool before = x < xs[0];
    if (before || i + 1 == n) {
        size_t end = before ? 0 : n - 1;
        if (outside == SILBE_MAP_CLAMP || x == xs[end]) {
            return ys[end];
        }
        double slope = n > 1 ? (ys[n - 1] - ys[0]) / (xs[n - 1] - xs[0]) : 1.0;
        return ys[end] + (x - xs[end]) * slope;
    }
    double y = ys[i] + (x - xs[i]) * ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]));
    return y < ys[i + 1] ? y : ys[i + 1]; /* rounding must not pass the next point */
}

/* Last index whose value is at or before x; 0 if there is none. */
static size_t last_before(const double *xs, size_t n, double x)
{
    size_t low = 0;
    size_t high = n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (xs[middle] <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static double interpolate(const double *xs, const double *ys, size_t n, silbe_map_outside outside,
                          double x)
{
    return isnan(x) ? x : value_at(xs, ys, n, outside, last_before(xs, n, x), x);
}

double silbe_map_y(const silbe_map *map, double x_s)
{
    return interpolate(map->x_s, map->y_s, map->n_points, map->outside, x_s);
}

double silbe_map_x(const silbe_map *map, double y_s)
{
    return interpolate(map->y_s, map->x_s, map->n_points, map->outside, y_s);
}

void silbe_map_apply(const silbe_map *map, const double *x_s, size_t n, double *y_s)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        double x = x_s[i];
        if (isnan(x)) {
            y_s[i] = x;
            continue;
        }
        if (x < map->x_s[at]) {
            at = last_before(map->x_s, map->n_points, x);
        }
        while (at + 1 < map->n_points && map->x_s[at + 1] <= x) {
            at++;
        }
        y_s[i] = value_at(map->x_s, map->y_s, map->n_points, map->outside, at, x);
    }
}

silbe_status silbe_map_compose(const silbe_map *xy, const silbe_map *yz, silbe_map *out,
                               silbe_err *err)
{
    silbe_status status = silbe_map_check(xy, err);
    if (status == SILBE_OK) {
        status = silbe_map_check(yz, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (out == NULL || out->x_s == NULL || out->y_s == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "time map: nowhere to put the composition");
    }
    double first = fmax(xy->y_s[0], yz->x_s[0]);
    double last = fmin(xy->y_s[xy->n_points - 1], yz->x_s[yz->n_points - 1]);
    if (!(first <= last)) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "time map: the first gives %.9g to %.9g, the second takes %.9g to %.9g; "
                          "they share nothing",
                          xy->y_s[0], xy->y_s[xy->n_points - 1], yz->x_s[0],
                          yz->x_s[yz->n_points - 1]);
    }
    /* Merge of the two lists of y; both ends are members of one of them. */
    size_t n = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < xy->n_points || j < yz->n_points) {
        bool take_xy = j == yz->n_points || (i < xy->n_points && xy->y_s[i] <= yz->x_s[j]);
        double y = take_xy ? xy->y_s[i] : yz->x_s[j];
        i += take_xy ? 1 : 0;
        j += take_xy ? 0 : 1;
        if (y < first || y > last) {
            continue;
        }
        double x = silbe_map_x(xy, y);
        double z = silbe_map_y(yz, y);
        if (n == 0 || (x > out->x_s[n - 1] && z > out->y_s[n - 1])) {
            out->x_s[n] = x;
            out->y_s[n] = z;
            n++;
        }
    }
    out->n_points = n;
    out->outside = xy->outside;
    return SILBE_OK;
}

void silbe_map_invert(silbe_map *map)
{
    double *x_s = map->x_s;
    map->x_s = map->y_s;
    map->y_s = x_s;
}
