/*
 * Inside of solve.h, not for callers: a text that is a plain chain of labels, by the kernels of
 * align/ctc. The states are those of the trellis, by the same numbers, without arcs.
 */
#ifndef SILBE_ALIGN_TRELLIS_CHAIN_H
#define SILBE_ALIGN_TRELLIS_CHAIN_H

#include "align/ctc/ctc.h"
#include "align/ctc/viterbi.h"
#include "align/trellis/results.h"

/*
 * Whether the text is a plain chain and nothing is asked that the kernels of align/ctc lack:
 *
 *     text       topology CTC; no anchors, no regions; no line or word may be skipped
 *     words      one pronunciation each, of probability 1 (logp 0), without wildcards
 *     gaps       no wildcard; silence never, or required at no cost: then it is one more label
 *     durations  none, of the symbols that occur and of the silence
 *     emissions  scale 1; options: no beam, posterior_scale 1
 *
 * text: one that silbe_trellis_size accepts.
 */
bool silbe_trellis_is_chain(const silbe_trellis_text *text,
                            const silbe_trellis_emissions *emissions,
                            const silbe_trellis_align_options *options);

typedef struct {
    silbe_ctc_problem ctc;
    int32_t *labels;         /* words, and the silences between them */
    size_t *first;           /* n_words: label of a word's first symbol */
    size_t *near;            /* per label: first frame on the path */
    silbe_ctc_onset *onsets; /* per label */
    silbe_trellis states;    /* what each state stands for; nothing else of a trellis */
    silbe_trellis_results results;
} silbe_trellis_chain;

/* Bytes of memory for silbe_trellis_chain_init; SIZE_MAX if that overflows. For this and the next:
 * silbe_trellis_is_chain, for emissions as many symbols as the text's. */
size_t silbe_trellis_chain_size(const silbe_trellis_text *text,
                                const silbe_trellis_emissions *emissions);

/* memory belongs to the caller and must live as long as *chain, which must stay where it is; all
 * else is borrowed. */
void silbe_trellis_chain_init(const silbe_trellis_text *text,
                              const silbe_trellis_emissions *emissions,
                              const silbe_trellis_align_options *options, void *memory,
                              silbe_trellis_chain *chain);

/* Bytes of scratch for silbe_trellis_chain_align; errors as silbe_ctc_problem_check. */
SILBE_MUST_CHECK silbe_status silbe_trellis_chain_align_size(const silbe_trellis_chain *chain,
                                                             size_t *bytes, silbe_err *err);

/* As silbe_trellis_align; errors as silbe_ctc_run. */
SILBE_MUST_CHECK silbe_status silbe_trellis_chain_align(const silbe_trellis_chain *chain,
                                                        void *scratch, size_t scratch_bytes,
                                                        silbe_trellis_alignment *alignment,
                                                        silbe_err *err);

#endif
