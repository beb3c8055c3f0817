#include "pipeline/host/nearest.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t silbe_edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    /* Rows i - 2, i - 1 and i, in turn. */
    size_t rows[3][SILBE_NEAREST_MAX_LENGTH + 1];
    for (size_t j = 0; j <= n_b; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *above_that = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + same);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], above_that[j - 2] + 1);
            }
        }
    }
    return rows[n_a % 3][n_b];
}

void silbe_nearest_offer(silbe_nearest *nearest, const char *typed, size_t length,
                         const char *candidate)
{
    size_t n = strlen(candidate), most = length / 3 > 0 ? length / 3 : 1;
    if (length > SILBE_NEAREST_MAX_LENGTH || n > SILBE_NEAREST_MAX_LENGTH) {
        return;
    }
    size_t distance = silbe_edit_distance(typed, length, candidate, n);
    if (distance <= most && (nearest->word == NULL || distance < nearest->distance)) {
        *nearest = (silbe_nearest){candidate, distance};
    }
}
