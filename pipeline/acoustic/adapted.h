/*
 * adapted.json: which recordings of a dataset are aligned by weights that were adapted to them, and
 * which are left to the weights before, with the evidence. `acoustic.weights` may name such a file
 * instead of a weights file, as it may a folds.json.
 *
 *   { "format": "silbe-adapted", "version": 1, "weights": "adapted.weights", "unadapted": [],
 *     "items": [ {"item": "Schubert_D911-22_SC06", "adapted": true, "reason": "...",
 *                 "confidence_before": 0.86, "confidence_after": 0.99, "agreement": 0.98}, ... ] }
 *
 * "weights" lies beside the file; null: nothing could be learnt. "unadapted" are the weights before
 * as in acoustic.weights; none: those that ship. Numbers that are not known are null.
 */
#ifndef SILBE_ACOUSTIC_ADAPTED_H
#define SILBE_ACOUSTIC_ADAPTED_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/settings/config.h"

typedef struct {
    char *name;               /* of the item; owned, as is reason */
    bool is_adapted;          /* whether the adapted weights align it */
    char *reason;             /* why not; "" if it is adapted */
    double confidence_before; /* mean of its words, by the weights before; NAN: not known */
    double confidence_after;  /* by the adapted ones */
    double agreement;         /* pipeline/adapt/evidence.h */
} silbe_adapted_item;

typedef struct {
    char *weights;                          /* path; owned. NULL: nothing could be learnt */
    char unadapted[SILBE_CONFIG_PATH_SIZE]; /* as in acoustic.weights */
    silbe_adapted_item *items;              /* n_items, owned */
    size_t n_items;
} silbe_adapted;

#define SILBE_ADAPTED_INIT                                                                         \
    {                                                                                              \
        .weights = NULL                                                                            \
    }

void silbe_adapted_free(silbe_adapted *adapted);

/* Whether `paths`, as in acoustic.weights, is one file of this format: copied to path. */
bool silbe_adapted_is_named(const char *paths, char path[SILBE_CONFIG_PATH_SIZE]);

/* weights: its last part is written. SILBE_ERR_IO, SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_adapted_write(const char *path, const silbe_adapted *adapted,
                                                  silbe_err *err);

/* *adapted must be _INIT; the caller frees it, also after a failure. SILBE_ERR_IO;
 * SILBE_ERR_FORMAT naming file and field. */
SILBE_MUST_CHECK silbe_status silbe_adapted_read(const char *path, silbe_adapted *adapted,
                                                 silbe_err *err);

/* The item of that name; NULL if it was not there then. */
const silbe_adapted_item *silbe_adapted_find(const silbe_adapted *adapted, const char *name);

/* How many are aligned by the adapted weights. */
size_t silbe_adapted_count(const silbe_adapted *adapted);

#endif
