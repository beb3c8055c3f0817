/* The finished recording of a performance: voice, piano, room, noise or disc, mixed and levelled.
 */
#ifndef SILBE_SYNTHESIS_RECORDING_H
#define SILBE_SYNTHESIS_RECORDING_H

#include <stddef.h>

#include "datasets/synthesis/performance.h"
#include "datasets/synthesis/phones.h"
#include "features/base/status.h"

/* Which parts to hear; tests listen to one alone. */
typedef enum {
    SILBE_SYNTH_VOICE = 1,
    SILBE_SYNTH_PIANO = 2,
    SILBE_SYNTH_ROOM = 4, /* reverberation, noise, disc */
    SILBE_SYNTH_EVERYTHING = 7,
} silbe_synth_parts;

/* Makes *samples (the caller frees them), *n of them at SILBE_SYNTH_RATE_HZ, mono, peak at
 * version->peak. On a disc every time in *performance is moved by what its wow does to it. */
SILBE_MUST_CHECK silbe_status silbe_synth_record(silbe_synth_performance *performance,
                                                 const silbe_synth_sung *sung, int parts,
                                                 float **samples, size_t *n, silbe_err *err);

#endif
