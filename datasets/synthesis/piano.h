/*
 * The piano: each string as a sum of decaying, slightly inharmonic partials (Fletcher 1964:
 * f_k = k f_1 sqrt(1 + B k^2)), struck at a seventh of its length, with the knock of the hammer and
 * dampers that take a moment.
 */
#ifndef SILBE_SYNTHESIS_PIANO_H
#define SILBE_SYNTHESIS_PIANO_H

#include <stddef.h>

#include "datasets/synthesis/performance.h"

/* Adds the piano's notes of the performance to samples[0 .. n) at SILBE_SYNTH_RATE_HZ. */
void silbe_synth_play_piano(const silbe_synth_performance *performance, float *samples, size_t n);

#endif
