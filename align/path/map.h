/*
 * Piecewise-linear time maps: strictly increasing pairs (x_s[i], y_s[i]) in seconds (or any unit),
 * made from warping paths. Arrays belong to the caller.
 */
#ifndef SILBE_ALIGN_PATH_MAP_H
#define SILBE_ALIGN_PATH_MAP_H

#include <stddef.h>

#include "align/path/path.h"
#include "features/base/status.h"

/* Beyond the first and last point. */
typedef enum {
    SILBE_MAP_CLAMP = 0, /* the value at the nearer end */
    SILBE_MAP_EXTEND,    /* goes on with the mean slope of the whole map, 1 for a single point */
} silbe_map_outside;

typedef struct {
    double *x_s;     /* n_points values, strictly increasing */
    double *y_s;     /* n_points values, strictly increasing */
    size_t n_points; /* >= 1 */
    silbe_map_outside outside;
} silbe_map;

/* SILBE_ERR_DATA, naming the point, unless finite, strictly increasing and not empty. */
SILBE_MUST_CHECK silbe_status silbe_map_check(const silbe_map *map, silbe_err *err);

/*
 * Map of a path: silbe_path_strictly_monotonic, then x = n * hop_x, y = m * hop_y (frame centres).
 * map->x_s and map->y_s must hold `length` values; scratch: `length`
 * cells (may be path itself if it is no longer needed). Leaves map->outside as it is.
 */
SILBE_MUST_CHECK silbe_status silbe_map_from_path(const silbe_path_point *path, size_t length,
                                                  double hop_x_s, double hop_y_s,
                                                  silbe_path_point *scratch, silbe_map *map,
                                                  silbe_err *err);

/* y at x: linear between points, map->outside beyond them. */
double silbe_map_y(const silbe_map *map, double x_s);

/* x at y: the inverse. */
double silbe_map_x(const silbe_map *map, double y_s);

/* y_s[i] = silbe_map_y(map, x_s[i]) for x_s in any order; one sweep if they are sorted. */
void silbe_map_apply(const silbe_map *map, const double *x_s, size_t n, double *y_s);

/*
 * The exact composition z(y(x)): points at those of xy and at the x's of yz's points, over the
 * stretch where both are defined without extrapolation. out->x_s and y_s hold xy->n_points +
 * yz->n_points values. SILBE_ERR_MISMATCH if the stretch is empty. out must not share arrays.
 */
SILBE_MUST_CHECK silbe_status silbe_map_compose(const silbe_map *xy, const silbe_map *yz,
                                                silbe_map *out, silbe_err *err);

/* Exchanges x and y (swaps the pointers). */
void silbe_map_invert(silbe_map *map);

#endif
