/*
 * From a song to its performance: the tempo curve, the small deviations of singer and pianist and
 * the times of measures and words all come from here.
 */
#ifndef SILBE_DEMO_PERFORM_H
#define SILBE_DEMO_PERFORM_H

#include "datasets/synthesis/performance.h"
#include "features/base/status.h"

SILBE_MUST_CHECK silbe_status silbe_demo_perform(silbe_synth_performance *performance,
                                                 const silbe_synth_song *song,
                                                 const silbe_synth_version *version,
                                                 silbe_err *err);

void silbe_demo_performance_free(silbe_synth_performance *performance);

/* Fills tick_s[0 .. song->end] with the time of every tick: the tempo map by itself. */
void silbe_demo_tempo_map(const silbe_synth_song *song, const silbe_synth_version *version,
                          double *tick_s);

#endif
