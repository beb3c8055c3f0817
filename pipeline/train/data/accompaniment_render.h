/*
 * Notes of a piece to samples: by FluidSynth and a sound font, or by the piano of the demo dataset.
 */
#ifndef SILBE_TRAIN_ACCOMPANIMENT_RENDER_H
#define SILBE_TRAIN_ACCOMPANIMENT_RENDER_H

#include "pipeline/train/data/accompaniment_variant.h"

/* Of all that is rendered, which is that of datasets/demo. */
#define SILBE_ACCOMPANIMENT_RATE_HZ 22050

/* *samples: mono, at most duration_s of them; the caller frees. */
SILBE_MUST_CHECK silbe_status silbe_render_own_piano(const silbe_piano_notes *notes,
                                                     float **samples, size_t *n_samples,
                                                     silbe_err *err);

/* base: path that the files made on the way begin with; they are removed. Errors of
 * silbe_fluidsynth_render. */
SILBE_MUST_CHECK silbe_status silbe_render_by_font(const silbe_piano_notes *notes,
                                                   const silbe_variant *variant, const char *font,
                                                   const char *base, float **samples,
                                                   size_t *n_samples, silbe_err *err);

#endif
