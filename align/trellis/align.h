/*
 * The alignment of a text by sweeps over its compiled trellis, whatever the text is, in the
 * caller's memory. solve.h does it all at once, and faster where the text is a plain chain.
 */
#ifndef SILBE_ALIGN_TRELLIS_ALIGN_H
#define SILBE_ALIGN_TRELLIS_ALIGN_H

#include "align/trellis/alignment.h"

SILBE_MUST_CHECK silbe_status silbe_trellis_align_size(const silbe_trellis *trellis,
                                                       const silbe_trellis_align_options *options,
                                                       size_t *bytes, silbe_err *err);

/* Viterbi, posteriors, results. text: the one the trellis was built from. Errors as
 * silbe_trellis_viterbi; SILBE_ERR_ARGUMENT for bad options or missing arrays. */
SILBE_MUST_CHECK silbe_status silbe_trellis_align(
    const silbe_trellis_text *text, const silbe_trellis *trellis,
    const silbe_trellis_emissions *emissions, const silbe_trellis_align_options *options,
    void *scratch, size_t scratch_bytes, silbe_trellis_alignment *alignment, silbe_err *err);

#endif
