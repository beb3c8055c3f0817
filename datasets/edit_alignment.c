#include "datasets/edit_alignment.h"

#include <stdlib.h>

#include "features/base/memory.h"

enum { STEP_PAIR, STEP_LEFT, STEP_RIGHT };

#define MAX_CELLS ((size_t)1 << 30)

silbe_status silbe_edit_align(size_t n_left, size_t n_right, const silbe_edit_costs *costs,
                              size_t *partner, int64_t *cost, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t width = n_right + 1; /* cell (i, j), i and j elements done: steps[i * width + j] */
    if (n_right >= MAX_CELLS || n_left >= MAX_CELLS / width) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "sequences of %zu and %zu elements are too long to "
                          "be paired",
                          n_left, n_right);
    }
    uint8_t *steps = silbe_need(malloc((n_left + 1) * width), "the pairs", err);
    int64_t *row = silbe_alloc(width, sizeof *row, "costs", err); /* of row i, left to right */
    if (silbe_failed(err)) {
        free(steps);
        return err->status;
    }
    for (size_t j = 0; j <= n_right; j++) {
        row[j] = (int64_t)j * costs->skip_right;
        steps[j] = STEP_RIGHT;
    }
    for (size_t i = 1; i <= n_left; i++) {
        int64_t diagonal = row[0]; /* of (i - 1, j - 1) */
        row[0] += costs->skip_left;
        steps[i * width] = STEP_LEFT;
        for (size_t j = 1; j <= n_right; j++) {
            int64_t best = diagonal + costs->pair(i - 1, j - 1, costs->context);
            uint8_t step = STEP_PAIR;
            if (row[j] + costs->skip_left < best) {
                best = row[j] + costs->skip_left;
                step = STEP_LEFT;
            }
            if (row[j - 1] + costs->skip_right < best) {
                best = row[j - 1] + costs->skip_right;
                step = STEP_RIGHT;
            }
            diagonal = row[j];
            row[j] = best;
            steps[i * width + j] = step;
        }
    }
    if (cost != NULL) {
        *cost = row[n_right];
    }
    for (size_t i = n_left, j = n_right; i > 0;) {
        uint8_t step = steps[i * width + j];
        i -= step != STEP_RIGHT;
        j -= step != STEP_LEFT;
        if (step != STEP_RIGHT) {
            partner[i] = step == STEP_PAIR ? j : SILBE_UNPAIRED;
        }
    }
    free(steps);
    free(row);
    return SILBE_OK;
}
