/*
 * What sounds beside the voice. Mel powers of independent sounds add, so mixing is addition.
 */
#ifndef SILBE_AUGMENT_MIX_H
#define SILBE_AUGMENT_MIX_H

#include <stddef.h>

#include "pipeline/train/data/augment/bands.h"
#include "pipeline/train/random.h"

/* Mean power of the frames whose strength is above 0.5, of all frames if there are none: the mean
 * over bands of power times the band's width in Hz. */
double silbe_mix_level(const silbe_bands *bands, const float *power, const float *strength,
                       size_t n_frames);

/* power += gain * other, n values each. */
void silbe_mix_add(const float *other, double gain, size_t n, float *power);

/*
 * Adds noise of `level` in silbe_mix_level's measure, tilted by tilt_db over an octave (0: white,
 * as much power per Hz in each band; -3: pink) around 1 kHz. Each value is its mean times a factor
 * of mean 1, exp(s n - s^2 / 2), n standard normal by a fast approximation (sum of uniforms), s the
 * spread in nats: 0 is steady.
 */
void silbe_mix_noise(const silbe_bands *bands, double level, double tilt_db, double spread,
                     size_t n_frames, silbe_random *random, float *power);

/* A room: P(t) += wet * tail(t), tail(t + 1) = d tail(t) + (1 - d) P(t) with the dry P; the tail
 * decays by 60 dB in decay_s and has in all the energy of P. wet 0 changes nothing. scratch:
 * n_bands floats. */
void silbe_mix_room(double wet, double decay_s, double hop_s, size_t n_frames, size_t n_bands,
                    float *power, float *scratch);

/* Crackle: `rate` clicks per second on average; a click adds `level` (as above) evenly over the
 * bands of one frame, times exp of a uniform number in -2..2. */
void silbe_mix_crackle(const silbe_bands *bands, double level, double rate, double hop_s,
                       size_t n_frames, silbe_random *random, float *power);

#endif
