/*
 * The mel bands as the augmentations see them: where each lies, and how a harmonic at any frequency
 * shows in them. Made once, read-only, shared by all threads.
 */
#ifndef SILBE_AUGMENT_BANDS_H
#define SILBE_AUGMENT_BANDS_H

#include <stddef.h>

#include "features/logmel.h"

enum {
    SILBE_BANDS_MAX = 256,
    SILBE_BANDS_GRID_HZ = 1, /* step of `response` */
};

typedef struct {
    size_t n_bands;
    double centre_hz[SILBE_BANDS_MAX]; /* rising */
    double edge_hz[SILBE_BANDS_MAX +
                   2]; /* corners of the triangles: band b is [b], [b + 1], [b + 2] */

    /* Response of band b to a partial of power 1 at g * SILBE_BANDS_GRID_HZ Hz, over the response
     * to a partial per Hz everywhere (so that sum over a grid times the grid's step is 1):
     * response[g * n_bands + b], first_band[g] <= b < end_band[g] where it is not 0. Owned. */
    float *response;
    unsigned short *first_band;
    unsigned short *end_band;
    size_t n_grid;

    /* Smoothing over bands: row b of n_bands weights, sum 1, a Gaussian of smooth_hz; weights
     * outside [smooth_begin[b], smooth_end[b]) are 0. Owned. */
    float *smooth;
    unsigned short smooth_begin[SILBE_BANDS_MAX];
    unsigned short smooth_end[SILBE_BANDS_MAX];
} silbe_bands;

/* smooth_hz: standard deviation; 110 smooths the harmonics of voices up to 300 Hz away. */
SILBE_MUST_CHECK silbe_status silbe_bands_new(const silbe_logmel_options *options, double smooth_hz,
                                              silbe_bands *bands, silbe_err *err);
void silbe_bands_free(silbe_bands *bands);

#endif
