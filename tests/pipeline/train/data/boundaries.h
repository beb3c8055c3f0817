/*
 * How far phone times are from a reference whose phones need not be quite the same: both sequences
 * are paired by edit distance (substitution 0 for the same phone, 0.5 within a class, 1.2
 * otherwise; insertion and deletion 1), and onsets of pairs with the same phone or class are
 * compared.
 */
#ifndef SILBE_TRAIN_BOUNDARIES_H
#define SILBE_TRAIN_BOUNDARIES_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

typedef struct {
    double begin_s;
    double end_s;
    uint8_t phone;
} silbe_timed_phone;

typedef struct {
    double *deviations_s; /* ours - reference, of the onsets that were compared; owned */
    size_t n;
    size_t capacity;
    size_t n_reference; /* phones of the reference, silence left out */
} silbe_boundaries;

#define SILBE_BOUNDARIES_INIT                                                                      \
    {                                                                                              \
        NULL, 0, 0, 0                                                                              \
    }

void silbe_boundaries_free(silbe_boundaries *boundaries);

/* Adds the pairs of one utterance; silence is left out of both. */
SILBE_MUST_CHECK silbe_status silbe_boundaries_add(silbe_boundaries *boundaries,
                                                   const silbe_timed_phone *ours, size_t n_ours,
                                                   const silbe_timed_phone *reference,
                                                   size_t n_reference, silbe_err *err);

typedef struct {
    size_t n;      /* onsets compared */
    double paired; /* share of the reference's phones, 0..1 */
    double median_abs_s;
    double mean_abs_s;
    double median_s; /* signed: > 0 if ours come late */
    double within_20ms;
    double within_50ms;
} silbe_boundary_figures;

/* All 0 if nothing was compared. Sorts the deviations. */
silbe_boundary_figures silbe_boundaries_figures(silbe_boundaries *boundaries);

#endif
