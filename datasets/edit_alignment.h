/*
 * Pairing of two sequences in order with least cost (Wagner and Fischer 1974, "The string-to-string
 * correction problem", with costs for each pair): what references are built with.
 */
#ifndef SILBE_EDIT_ALIGNMENT_H
#define SILBE_EDIT_ALIGNMENT_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

/* Marks an element without partner. */
#define SILBE_UNPAIRED SIZE_MAX

/* Costs are integers, so that ties are exact. */
typedef struct {
    int64_t skip_left;  /* of leaving out an element of the left sequence, >= 0 */
    int64_t skip_right; /* of the right one, >= 0 */
    /* Cost >= 0 of pairing left element i with right element j. */
    int64_t (*pair)(size_t i, size_t j, const void *context);
    const void *context;
} silbe_edit_costs;

/*
 * Fills partner[0..n_left) with strictly increasing indices of right elements or SILBE_UNPAIRED,
 * and *cost (may be NULL) with the least total cost. Ties, decided backwards from the end: pairing
 * before leaving out the left element before leaving out the right one.
 *
 * Memory: n_left * n_right bytes, at most 1 GiB, beyond which it is SILBE_ERR_DATA.
 */
SILBE_MUST_CHECK silbe_status silbe_edit_align(size_t n_left, size_t n_right,
                                               const silbe_edit_costs *costs, size_t *partner,
                                               int64_t *cost, silbe_err *err);

#endif
