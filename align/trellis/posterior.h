/*
 * Forward-backward on a trellis (Rabiner 1989, section III.A; Graves et al. 2006, equations 5 to
 * 16): the likelihood of the text, its gradient, and when each word begins.
 *
 * A probability is a double in [1, 2) times a power of two with an exponent of its own (64 bits):
 * the range of a logarithm without a logarithm or exponential per cell, and nothing underflows
 * however long the input. Relative error some 1e-16 per frame passed.
 *
 * Memory as in viterbi.h, 16 bytes a cell. No allocation, no threads, no state outside scratch.
 */
#ifndef SILBE_ALIGN_TRELLIS_POSTERIOR_H
#define SILBE_ALIGN_TRELLIS_POSTERIOR_H

#include "align/trellis/viterbi.h"

/* When a word begins: p(t) = P(the word is sung and its first frame is t). */
typedef struct {
    /* Input: frames [begin_frame, end_frame) of which p is kept. */
    size_t begin_frame;
    size_t end_frame;
    double *p; /* p[t - begin_frame], caller's; NULL for an empty window */
    /* Output. */
    double total;         /* P(the word is sung) = sum of p over all frames */
    double before;        /* sum of p over frames < begin_frame */
    double after;         /* sum of p over frames >= end_frame */
    double mean_frame;    /* expected onset, given that the word is sung; 0 if total is 0 */
    double spread_frames; /* its standard deviation */
} silbe_trellis_onset;

/* P(state s in frame t), n_states values, valid during the call only; frames from last to first. */
typedef silbe_status silbe_trellis_frame_fn(void *context, size_t t, const double *posterior,
                                            silbe_err *err);

/* All parts are optional (zero-initialise). */
typedef struct {
    /* T x S: d loss / d x(t, k), written to gradient[t * gradient_stride + k]; for logits through
     * n(t), else by log-probability. */
    float *gradient;
    size_t gradient_stride;      /* floats, >= S */
    silbe_trellis_onset *onsets; /* n_words */
    silbe_trellis_frame_fn *on_frame;
    void *context;
} silbe_trellis_wanted;

typedef struct {
    double loss; /* -ln sum over all paths, nats */
    size_t n_levels;
} silbe_trellis_posterior_result;

/* wanted and options may be NULL. options->beam_logp is not used. */
SILBE_MUST_CHECK silbe_status silbe_trellis_posterior_size(const silbe_trellis *trellis,
                                                           const silbe_trellis_wanted *wanted,
                                                           const silbe_trellis_options *options,
                                                           size_t *bytes, silbe_err *err);

/* Errors as silbe_trellis_viterbi; SILBE_ERR_ARGUMENT for a bad window or stride, too. */
SILBE_MUST_CHECK silbe_status silbe_trellis_posterior(
    const silbe_trellis *trellis, const silbe_trellis_emissions *emissions,
    const silbe_trellis_wanted *wanted, const silbe_trellis_options *options, void *scratch,
    size_t scratch_bytes, silbe_trellis_posterior_result *result, silbe_err *err);

#endif
