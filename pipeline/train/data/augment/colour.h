/*
 * The colour of voice, room and recording: gains per band, in nats of power (10 dB = 2.3026), added
 * to logarithms or, by silbe_colour_apply, multiplied onto powers.
 */
#ifndef SILBE_AUGMENT_COLOUR_H
#define SILBE_AUGMENT_COLOUR_H

#include <stddef.h>

#include "pipeline/train/data/augment/bands.h"
#include "pipeline/train/random.h"

/* Smooth random equalisation: gain(b) = a sum of cosines of 0.5, 1, 1.5 and 2 periods over the
 * bands, amplitudes uniform within +-depth_db / 4 each, so that |gain| <= depth_db. Sets gain. */
void silbe_colour_equalise(const silbe_bands *bands, double depth_db, silbe_random *random,
                           float *gain);

/* Adds the singer's formant: a bump of peak_db at centre_hz, Gaussian in log frequency with a
 * standard deviation of 0.17 octaves. */
void silbe_colour_formant(const silbe_bands *bands, double centre_hz, double peak_db, float *gain);

/* Adds the band limits of an old disc: 12 dB an octave below low_hz, 24 dB above high_hz, -3 dB at
 * the corners, at most 50 dB. */
void silbe_colour_disc(const silbe_bands *bands, double low_hz, double high_hz, float *gain);

/* power(t, b) *= exp(gain(b) * strength(t)); strength NULL: 1. */
void silbe_colour_apply(const float *gain, const float *strength, size_t n_frames, size_t n_bands,
                        float *power);

#endif
