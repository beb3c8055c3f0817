/* Two warping paths one after the other: x to y, y to z. */
#include "align/path/path.h"

/* y of a cell: the column of xy, the row of yz. */
static size_t y_of(silbe_path_point p, bool is_xy)
{
    return is_xy ? p.m : p.n;
}

static silbe_status check_steps_in_y(const silbe_path_point *path, size_t length, bool is_xy,
                                     silbe_err *err)
{
    for (size_t i = 1; i < length; i++) {
        size_t before = y_of(path[i - 1], is_xy);
        size_t y = y_of(path[i], is_xy);
        bool forward = path[i].n >= path[i - 1].n && path[i].m >= path[i - 1].m;
        if (!forward || y - before > 1) {
            return silbe_fail(
                err, SILBE_ERR_MISMATCH,
                "compose: path %s goes from (%zu, %zu) to (%zu, %zu), cell %zu; it must "
                "visit every y in order (silbe_path_fill)",
                is_xy ? "xy" : "yz", path[i - 1].n, path[i - 1].m, path[i].n, path[i].m, i);
        }
    }
    return SILBE_OK;
}

/* First cell from i on whose y is not less than this. */
static size_t seek(const silbe_path_point *path, size_t length, size_t i, bool is_xy, size_t y)
{
    while (i < length && y_of(path[i], is_xy) < y) {
        i++;
    }
    return i;
}

/* Joins `to` to the path in out. */
static silbe_status join(silbe_path_point to, silbe_path_point *out, size_t capacity,
                         size_t *length, silbe_err *err)
{
    silbe_path_point ends[2] = {*length > 0 ? out[*length - 1] : to, to};
    size_t from = *length > 0 ? *length - 1 : 0;
    size_t n_new = 0;
    silbe_status status = silbe_path_fill(ends, 2, out + from, capacity - from, &n_new, err);
    if (status == SILBE_OK) {
        *length = from + n_new;
    }
    return status;
}

silbe_status silbe_path_compose(const silbe_path_point *xy, size_t xy_length,
                                const silbe_path_point *yz, size_t yz_length, silbe_path_point *xz,
                                size_t capacity, size_t *xz_length, silbe_err *err)
{
    if (xy == NULL || yz == NULL || xz == NULL || xz_length == NULL || xy_length == 0 ||
        yz_length == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "compose: empty path or missing argument");
    }
    silbe_status status = check_steps_in_y(xy, xy_length, true, err);
    if (status == SILBE_OK) {
        status = check_steps_in_y(yz, yz_length, false, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    size_t first = xy[0].m > yz[0].n ? xy[0].m : yz[0].n;
    size_t last =
        xy[xy_length - 1].m < yz[yz_length - 1].n ? xy[xy_length - 1].m : yz[yz_length - 1].n;
    if (first > last) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "compose: the paths share no y (xy has %zu to %zu, yz %zu to %zu)",
                          xy[0].m, xy[xy_length - 1].m, yz[0].n, yz[yz_length - 1].n);
    }
    size_t length = 0;
    size_t i = seek(xy, xy_length, 0, true, first);
    size_t j = seek(yz, yz_length, 0, false, first);
    for (size_t y = first; y <= last; y++) {
        size_t next_i = seek(xy, xy_length, i, true, y + 1);
        size_t next_j = seek(yz, yz_length, j, false, y + 1);
        silbe_path_point begin = {xy[i].n, yz[j].m};
        silbe_path_point end = {xy[next_i - 1].n, yz[next_j - 1].m};
        status = join(begin, xz, capacity, &length, err);
        if (status == SILBE_OK) {
            status = join(end, xz, capacity, &length, err);
        }
        if (status != SILBE_OK) {
            return status;
        }
        i = next_i;
        j = next_j;
    }
    *xz_length = length;
    return SILBE_OK;
}
