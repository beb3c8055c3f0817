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
    SILBE_DEMO_VOICE = 1,
    SILBE_DEMO_PIANO = 2,
    SILBE_DEMO_ROOM = 4, /* reverberation, noise, disc */
    SILBE_DEMO_EVERYTHING = 7,
} silbe_demo_parts;

/* Makes *samples (the caller frees them), *n of them at SILBE_DEMO_RATE_HZ, mono, peak at
 * version->peak. On a disc every time in *performance is moved by what its wow does to it. */
SILBE_MUST_CHECK silbe_status silbe_demo_record(silbe_demo_performance *performance,
                                                const silbe_demo_sung *sung, int parts,
                                                float **samples, size_t *n, silbe_err *err);

#endif
