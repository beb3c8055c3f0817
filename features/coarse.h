/*
 * The same band energies at a lower frame rate: what the first, coarse levels of a synchronisation
 * compare. Every factor-th frame is taken before anything else, so that level, lag and local
 * normalisation are those of the coarse frames.
 */
#ifndef SILBE_COARSE_H
#define SILBE_COARSE_H

#include <stddef.h>

#include "features/base/matrix.h"
#include "features/base/status.h"
#include "features/chroma.h"
#include "features/onset.h"

/* Rows 0, factor, 2 factor, ... of in; *out (ceil(n_rows / factor) rows) is the caller's.
 * SILBE_ERR_ARGUMENT if factor is 0. */
SILBE_MUST_CHECK silbe_status silbe_coarse_rows(const silbe_matrix *in, size_t factor,
                                                silbe_matrix *out, silbe_err *err);

/* Chroma (chroma.h) of every factor-th frame of band energies E. */
SILBE_MUST_CHECK silbe_status silbe_coarse_chroma(const silbe_chroma_options *options,
                                                  const silbe_matrix *energy, size_t factor,
                                                  silbe_matrix *chroma, silbe_err *err);

/* Normalised pitch onsets N (onset.h) of every factor-th frame of band energies E; hop_s is that of
 * energy. */
SILBE_MUST_CHECK silbe_status silbe_coarse_onset(const silbe_onset_options *options, double hop_s,
                                                 const silbe_matrix *energy, size_t factor,
                                                 silbe_matrix *onset, silbe_err *err);

#endif
