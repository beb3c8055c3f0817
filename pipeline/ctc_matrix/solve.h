/*
 * Words to frames: the settings and the spelling as a text of align/trellis, which does the rest.
 */
#ifndef SILBE_CTC_MATRIX_SOLVE_H
#define SILBE_CTC_MATRIX_SOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "align/trellis/trellis.h"
#include "features/base/matrix.h"
#include "pipeline/ctc_matrix/anchors.h"
#include "pipeline/ctc_matrix/spell.h"

/* All pointers are borrowed. */
typedef struct {
    const silbe_matrix *logp;
    const silbe_vocabulary *vocabulary;
    const silbe_lyrics_text *text;
    const silbe_spelt *spelt; /* of all words of text */
    const silbe_frame_clock *clock;
    const silbe_trellis_anchor *anchors;
    size_t n_anchors;
    const silbe_config *config;
} silbe_ctc_matrix_problem;

typedef struct {
    bool matched;
    bool skipped;       /* a line that was left out; no frames then */
    size_t begin_frame; /* of its first symbol */
    size_t end_frame;   /* after the last frame of its last symbol */
    double mean_logp;   /* of its symbols in their frames */
    double confidence;  /* 0 .. 1 */
} silbe_aligned_word;

typedef struct {
    silbe_aligned_word *words; /* n_words, owned */
    size_t n_words;
    double logp; /* of the path, nats */
    size_t n_states;
} silbe_ctc_matrix_result;

#define SILBE_CTC_MATRIX_RESULT_INIT                                                               \
    {                                                                                              \
        0                                                                                          \
    }

/* *result must be SILBE_CTC_MATRIX_RESULT_INIT; freed by the caller. SILBE_ERR_INFEASIBLE: fewer
 * frames than the text needs (both lengths), anchors that contradict each other or the text, no
 * path with a probability above 0; SILBE_ERR_MEMORY: also if posteriors.max_memory_mb is too
 * little, with both sizes. */
SILBE_MUST_CHECK silbe_status silbe_ctc_matrix_solve(const silbe_ctc_matrix_problem *problem,
                                                     silbe_ctc_matrix_result *result,
                                                     silbe_err *err);

void silbe_ctc_matrix_result_free(silbe_ctc_matrix_result *result);

#endif
