/* Viterbi with a full matrix of back-pointers. */
#include <math.h>

#include "align/base/logmath.h"
#include "tests/align/ctc/reference.h"

silbe_status silbe_ctc_viterbi_reference_size(const silbe_ctc_problem *p, size_t *bytes,
                                              silbe_err *err)
{
    silbe_status status = silbe_ctc_problem_check(p, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t w = silbe_ctc_n_states(p);
    if (w > SIZE_MAX / 64 / p->n_frames || p->n_symbols > SIZE_MAX / 64) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "Viterbi reference: %zu frames x %zu states overflow", p->n_frames, w);
    }
    *bytes = (2 * w + p->n_symbols + 1) * sizeof(double) + p->n_frames * sizeof(uint32_t) +
             p->n_frames * w;
    return SILBE_OK;
}

/* One frame of the recursion; back[s] is how many states the best predecessor lies below s. */
static void advance(const silbe_ctc_problem *p, const double *row, const double *before,
                    double *after, uint8_t *back)
{
    bool blanks = p->topology == SILBE_CTC_BLANKS;
    for (size_t s = 0; s < silbe_ctc_n_states(p); s++) {
        size_t j = s / 2;
        double best = before[s];
        back[s] = 0;
        if (s >= 1 && before[s - 1] > best) {
            best = before[s - 1];
            back[s] = 1;
        }
        if (s % 2 == 1 && j >= 1 && (!blanks || p->labels[j] != p->labels[j - 1]) &&
            before[s - 2] > best) {
            best = before[s - 2];
            back[s] = 2;
        }
        double e = s % 2 == 1 ? row[p->labels[j]] : blanks ? row[p->blank] : SILBE_NEG_INF;
        after[s] = best + (double)(float)e;
    }
}

silbe_status silbe_ctc_viterbi_reference(const silbe_ctc_problem *p, void *scratch,
                                         size_t scratch_bytes, silbe_ctc_segment *segments,
                                         uint32_t *states, double *logp, silbe_err *err)
{
    size_t bytes = 0;
    silbe_status status = silbe_ctc_viterbi_reference_size(p, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || logp == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "Viterbi reference: scratch should be %zu bytes, got %zu", bytes,
                          scratch_bytes);
    }
    size_t w = silbe_ctc_n_states(p);
    size_t n_frames = p->n_frames;
    double *before = (double *)(((uintptr_t)scratch + 7) / 8 * 8);
    double *after = before + w;
    double *row = after + w;
    uint32_t *path = (uint32_t *)(void *)(row + p->n_symbols);
    uint8_t *back = (uint8_t *)(path + n_frames);
    /* A frame before the first that is in state 0: from there states 0 and 1 can be reached. */
    for (size_t s = 0; s < w; s++) {
        before[s] = s == 0 ? 0.0 : SILBE_NEG_INF;
    }
    for (size_t t = 0; t < n_frames; t++) {
        status = silbe_ctc_emission_row(p, t, row, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        advance(p, row, before, after, back + t * w);
        double *swap = before;
        before = after;
        after = swap;
    }
    size_t s = before[w - 1] >= before[w - 2] ? w - 1 : w - 2;
    *logp = before[s];
    if (*logp == SILBE_NEG_INF) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "Viterbi reference: every path of %zu labels over %zu frames has "
                          "probability 0",
                          p->n_labels, n_frames);
    }
    for (size_t t = n_frames; t-- > 0;) {
        path[t] = (uint32_t)s;
        s -= t > 0 ? back[t * w + s] : 0;
    }
    for (size_t t = 0; states != NULL && t < n_frames; t++) {
        states[t] = path[t];
    }
    return segments == NULL
               ? SILBE_OK
               : silbe_ctc_segments_of_states(path, n_frames, p->n_labels, segments, err);
}
