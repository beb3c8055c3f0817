/* Fuzz target: path conversions of any cells and arrows fail cleanly or give legal paths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "align/path/map.h"
#include "align/path/path.h"

enum { MOST = 64, ROOM = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want(int condition)
{
    if (!condition) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    silbe_path_point a[MOST];
    silbe_path_point b[MOST];
    silbe_path_point out[ROOM];
    uint8_t arrows[ROOM];
    double x[MOST];
    double y[MOST];
    silbe_map map = {.x_s = x, .y_s = y};
    silbe_dtw_steps steps = silbe_dtw_steps_monotonic(false);
    silbe_path_rules rules = {0};
    size_t length = size / 4 < MOST ? size / 4 : MOST;
    size_t n_out = 0;

    for (size_t i = 0; i < length; i++) {
        a[i] = (silbe_path_point){data[4 * i], data[4 * i + 1]};
        b[i] = (silbe_path_point){data[4 * i + 2], data[4 * i + 3]};
    }
    int legal = silbe_path_check(a, length, 256, 256, &rules, NULL) == SILBE_OK;
    if (silbe_path_fill(a, length, out, ROOM, &n_out, NULL) == SILBE_OK) {
        silbe_dtw_steps classical = silbe_dtw_steps_classical(1.0, 1.0, 1.0);
        want(silbe_path_to_arrows(out, n_out, &classical, arrows, NULL) == SILBE_OK);
    } else {
        want(!legal);
    }
    if (silbe_path_compose(a, length, b, length, out, ROOM, &n_out, NULL) == SILBE_OK) {
        want(silbe_path_check(out, n_out, 256, 256, NULL, NULL) == SILBE_OK);
    }
    if (length > 0 && silbe_path_resample(a, length, 0.1 + data[0] / 50.0, 0.1 + data[1] / 50.0,
                                          300, 300, out, ROOM, &n_out, NULL) == SILBE_OK) {
        want(silbe_path_check(out, n_out, 300, 300, NULL, NULL) == SILBE_OK);
    }
    if (size > 0 &&
        silbe_path_from_arrows((silbe_path_point){0, 0}, data, size < ROOM - 1 ? size : ROOM - 1,
                               &steps, out, NULL) == SILBE_OK) {
        want(silbe_path_to_arrows(out, 1 + (size < ROOM - 1 ? size : ROOM - 1), &steps, arrows,
                                  NULL) == SILBE_OK);
        want(memcmp(arrows, data, size < ROOM - 1 ? size : ROOM - 1) == 0);
    }
    if (legal) {
        want(silbe_map_from_path(a, length, 0.5, 0.02, b, &map, NULL) == SILBE_OK);
        want(silbe_map_y(&map, 3.3) <= silbe_map_y(&map, 3.4));
    }
    return 0;
}
