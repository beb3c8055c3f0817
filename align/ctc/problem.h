/*
 * What CTC aligns: T frames of scores for S symbols (the emissions) with a sequence of L labels.
 *
 * The trellis (Graves, Fernández, Gomez, Schmidhuber: Connectionist Temporal Classification, ICML
 * 2006, section 4.1) has 2 L + 1 states; state 2 j is the blank before label j, state 2 j + 1 is
 * label j, state 2 L is the blank after the last label. A path has one state per frame. It starts
 * in state 0 or 1, ends in state 2 L or 2 L - 1, and from one frame to the next
 *
 *     stays in its state, or goes on to the next one, or goes from label j - 1 to label j, unless
 *     these are the same symbol (equation 6: a repeated label needs a blank between).
 *
 * SILBE_CTC_NO_BLANKS removes the even states: label j follows label j - 1, whatever their symbols,
 * and the first and last frame belong to the first and last label. State numbers stay the same.
 *
 * The effective emission of symbol k in frame t, a natural logarithm, is
 *
 *     e(t, k) = x(t, k) - n(t) - prior_scale * log_prior[k] - (blank_penalty if k is the blank),
 *
 * n(t) = ln sum_k exp(x(t, k)) for logits and 0 for log-probabilities. Division by the prior:
 * Huang et al., Less Peaky and More Accurate CTC Forced Alignment by Label Priors, ICASSP 2024,
 * equation 5. e(t, k) below SILBE_CTC_LOWEST_LOGP counts as -INFINITY, so that usual stand-ins for
 * it (-1e30) mean what they are meant to; above its negative is SILBE_ERR_DATA.
 */
#ifndef SILBE_ALIGN_CTC_PROBLEM_H
#define SILBE_ALIGN_CTC_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

#define SILBE_CTC_LOWEST_LOGP (-1e8)

enum {
    SILBE_CTC_MAX_FRAMES = 1 << 25, /* 8 days at 50 frames a second */
    SILBE_CTC_MAX_LABELS = 1 << 29,
};

typedef enum {
    SILBE_CTC_BLANKS = 0, /* a blank may stand before, between and after labels: CTC */
    SILBE_CTC_NO_BLANKS,
    SILBE_CTC_N_TOPOLOGIES
} silbe_ctc_topology;

/* All pointers are borrowed and never written. */
typedef struct {
    /* T x S, row-major: x(t, k) = values[t * row_stride + k]. Natural logarithms of probabilities,
     * or logits. -INFINITY is allowed; NaN and +INFINITY are SILBE_ERR_DATA. */
    const float *values;
    size_t n_frames;   /* T, 1 .. SILBE_CTC_MAX_FRAMES */
    size_t n_symbols;  /* S, >= 1 */
    size_t row_stride; /* floats, >= S */
    bool logits;       /* values are logits: subtract n(t), formed in double */

    const int32_t *labels; /* L symbols, each in [0, S) and, with blanks, not the blank */
    size_t n_labels;       /* 1 .. SILBE_CTC_MAX_LABELS */

    silbe_ctc_topology topology;
    size_t blank;            /* symbol of the blank, < S; unused without blanks */
    double blank_penalty;    /* in nats per frame of blank; finite, may be negative */
    const double *log_prior; /* S natural logarithms, finite, or NULL for none */
    double prior_scale;      /* 0 .. 1 as a rule; finite */
} silbe_ctc_problem;

/*
 * Everything but the values of the emissions: NULL, empty sides, unknown topology, settings that
 * are not finite are SILBE_ERR_ARGUMENT; a label that is no symbol, or is the blank, is
 * SILBE_ERR_DATA with its place; sizes that overflow are SILBE_ERR_MEMORY; fewer frames than labels
 * and blanks between repeated ones need is SILBE_ERR_INFEASIBLE with both lengths. Every function
 * that takes a problem begins with this.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_problem_check(const silbe_ctc_problem *problem,
                                                      silbe_err *err);

/* Least number of frames: labels, plus with blanks one per label that repeats its predecessor. */
size_t silbe_ctc_min_frames(const silbe_ctc_problem *problem);

/* 2 L + 1. */
size_t silbe_ctc_n_states(const silbe_ctc_problem *problem);

/* e(t, k) for all k, in double; row: S values. SILBE_ERR_DATA naming frame and symbol. t < T is the
 * caller's part. *normaliser, unless NULL: n(t), 0 for log-probabilities. */
SILBE_MUST_CHECK silbe_status silbe_ctc_emission_row(const silbe_ctc_problem *problem, size_t t,
                                                     double *row, double *normaliser,
                                                     silbe_err *err);

#endif
