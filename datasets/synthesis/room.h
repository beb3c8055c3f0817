/* What happens to the sound after it was made: the room, the background noise, the disc. */
#ifndef SILBE_SYNTHESIS_ROOM_H
#define SILBE_SYNTHESIS_ROOM_H

#include <stddef.h>

#include "datasets/synthesis/performance.h"
#include "features/base/status.h"

/* Adds the reverberation of a small hall (feedback delay network of eight lines, Jot and Chaigne
 * 1991; 1.3 s to -60 dB) to samples[0 .. n). */
SILBE_MUST_CHECK silbe_status silbe_synth_reverberate(float *samples, size_t n, silbe_err *err);

/* Background noise of the version, slightly falling towards high frequencies. */
void silbe_synth_add_noise(const silbe_synth_performance *performance, float *samples, size_t n);

/* A step (features/base/status.h). A disc of the 1930s: band-pass 100 to 4500 Hz, wow of one turn
 * at 78 a minute, soft clipping, surface noise that swells with each turn, crackle. */
void silbe_synth_press_disc(const silbe_synth_performance *performance, float *samples, size_t n,
                            silbe_err *err);

/* When the disc plays what was sung at time_s: the wow moves it by less than 0.3 ms, and the
 * annotations say so. */
double silbe_synth_disc_time(double time_s);

#endif
