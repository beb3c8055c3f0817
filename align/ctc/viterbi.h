/*
 * The most probable path through the trellis of problem.h (Viterbi; Graves et al. 2006, section
 * 3.2, "best path" for given labels):
 *
 *     v(t, s) = e(t, symbol of s) + max of v(t - 1, s), v(t - 1, s - 1) and, where allowed,
 *               v(t - 1, s - 2).
 *
 * Exact, and in linear memory: rows of v are kept at checkpoints, and back-pointers (1 bit per
 * state) are made again, block by block on the way back, for the states that still can reach the
 * known end.
 *
 * Precision: e(t, k) is formed in double and rounded to float, sums are in double in the order of
 * the frames. Path and score are the same bits as those of the definition in tests/align/ctc on
 * every processor.
 *
 * Ties: among equal predecessors, and among equal end states, the highest state. A path stays where
 * it is rather than coming from elsewhere, so that onsets are as early as ties allow.
 *
 * No allocation, no threads, no state outside scratch. Different scratch = different threads.
 */
#ifndef SILBE_ALIGN_CTC_VITERBI_H
#define SILBE_ALIGN_CTC_VITERBI_H

#include "align/base/cpu.h"
#include "align/ctc/problem.h"

typedef struct {
    silbe_kernel kernel; /* not ROWS; SILBE_ERR_ARGUMENT where it cannot run */
    /* Wish for checkpoints plus back-pointers. More memory saves recomputation (little). 0: 64 MiB.
     * If nothing fits, the least memory is taken. */
    size_t max_bytes;
    /* 0: exact. > 0: at each checkpoint, runs of 32 labels whose best score lies more than this
     * many nats below the best of all are dropped. See result.n_dropped and maybe_cut. */
    double beam_logp;
} silbe_ctc_viterbi_options;

#define SILBE_CTC_VITERBI_OPTIONS_INIT                                                             \
    {                                                                                              \
        SILBE_KERNEL_AUTO, 0, 0.0                                                                  \
    }

/* Frames [begin_frame, end_frame) of one label; at least one. */
typedef struct {
    size_t begin_frame;
    size_t end_frame;
} silbe_ctc_segment;

typedef struct {
    double logp;      /* sum of e along the path, nats */
    size_t n_dropped; /* runs of 32 labels that the beam dropped, over all checkpoints */
    /* False: this is the best path, proven. True: the best continuation that can be imagined for
     * something dropped (in each later frame the best symbol of all) would beat it. */
    bool maybe_cut;
} silbe_ctc_viterbi_result;

/* Bytes of scratch: all that silbe_ctc_viterbi needs beside input and output. options may be NULL.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi_scratch_size(
    const silbe_ctc_problem *problem, const silbe_ctc_viterbi_options *options, size_t *bytes,
    silbe_err *err);

/*
 * segments: L, or NULL. states: T state numbers, or NULL. Both owned by the caller. scratch: any
 * alignment, at least silbe_ctc_viterbi_scratch_size bytes for the same arguments.
 *
 * Errors as silbe_ctc_run in ctc.h; with a beam that lost every path: SILBE_ERR_INFEASIBLE that
 * says so.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_viterbi(const silbe_ctc_problem *problem,
                                                const silbe_ctc_viterbi_options *options,
                                                void *scratch, size_t scratch_bytes,
                                                silbe_ctc_segment *segments, uint32_t *states,
                                                silbe_ctc_viterbi_result *result, silbe_err *err);

/* Segments of a path of states (any that obeys problem.h), L of them. SILBE_ERR_DATA, naming the
 * frame, if a label is missing or the states do not rise in order. */
SILBE_MUST_CHECK silbe_status silbe_ctc_segments_of_states(const uint32_t *states, size_t n_frames,
                                                           size_t n_labels,
                                                           silbe_ctc_segment *segments,
                                                           silbe_err *err);

#endif
