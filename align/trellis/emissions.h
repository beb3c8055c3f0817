/*
 * What the frames say: scores of S symbols in T frames, and what a state of the trellis makes of
 * them. The effective emission of symbol k in frame t, a natural logarithm, is
 *
 *     e(t, k) = scale * (x(t, k) - n(t) - prior_scale * log_prior[k]) - (blank_penalty if k is the
 *               trellis's blank),
 *
 * n(t) = ln sum_k exp(x(t, k)) for logits and 0 for log-probabilities; with scale 1 this is
 * align/ctc/problem.h. Values below SILBE_TRELLIS_LOWEST_LOGP count as -INFINITY.
 *
 * The wildcard stands for any sound. With A the symbols it may be (wildcard_symbols),
 *
 *     e(t, *) = agg over k in A of e(t, k), minus wildcard_penalty
 *
 *     agg  _MAX         the largest
 *          _LOGSUM      ln sum exp: 0 for normalised frames, so that the penalty alone decides
 *          _PERCENTILE  the r-th smallest, r = floor(q (|A| - 1)), q = wildcard_percentile in
 *                       [0, 1]; among equal values the one of the lowest symbol. q = 1 is _MAX; q
 *                       somewhat below 1 is a constant competitor as in keyword spotting.
 */
#ifndef SILBE_ALIGN_TRELLIS_EMISSIONS_H
#define SILBE_ALIGN_TRELLIS_EMISSIONS_H

#include "align/trellis/trellis.h"

#define SILBE_TRELLIS_LOWEST_LOGP (-1e8)

typedef enum {
    SILBE_WILDCARD_MAX = 0,
    SILBE_WILDCARD_LOGSUM,
    SILBE_WILDCARD_PERCENTILE,
    SILBE_WILDCARD_N_RULES
} silbe_wildcard_rule;

/* All pointers are borrowed and never written. */
typedef struct {
    /* T x S, row-major: x(t, k) = values[t * row_stride + k]; natural logarithms of probabilities,
     * or logits. -INFINITY is allowed; NaN and +INFINITY are SILBE_ERR_DATA. */
    const float *values;
    size_t n_frames;   /* T, that of the trellis */
    size_t n_symbols;  /* S, that of the trellis */
    size_t row_stride; /* floats, >= S */
    bool logits;

    double scale;            /* > 0; 0 counts as 1. Below 1 it makes posteriors wider. */
    const double *log_prior; /* S, finite, or NULL */
    double prior_scale;
    double blank_penalty; /* nats per frame of blank; may be negative */

    silbe_wildcard_rule wildcard_rule;
    double wildcard_penalty;      /* nats per frame; finite */
    double wildcard_percentile;   /* q; _PERCENTILE only */
    const bool *wildcard_symbols; /* S, at least one true; NULL: all */
} silbe_trellis_emissions;

/* SILBE_ERR_ARGUMENT for NULL, bad settings; SILBE_ERR_MISMATCH if T or S is not the trellis's;
 * SILBE_ERR_MEMORY if T * row_stride overflows. Values are not looked at. */
SILBE_MUST_CHECK silbe_status silbe_trellis_emissions_check(
    const silbe_trellis *trellis, const silbe_trellis_emissions *emissions, silbe_err *err);

/* e(t, k) for all symbols, then e(t, *): row holds S + 1 doubles. SILBE_ERR_DATA naming frame and
 * symbol. t < T is the caller's part. order: S values of scratch, used by _PERCENTILE. *chosen,
 * unless NULL: the symbol whose value e(t, *) is (not _LOGSUM). */
SILBE_MUST_CHECK silbe_status silbe_trellis_emission_row(const silbe_trellis *trellis,
                                                         const silbe_trellis_emissions *emissions,
                                                         size_t t, double *row, double *order,
                                                         size_t *chosen, silbe_err *err);

#endif
