/*
 * CTC by forward-backward (Graves et al. 2006, section 4.1): loss -ln P(labels | emissions)
 * (equations 5 to 8), its gradient (equations 15 and 16), the posterior probability of every state
 * in every frame (equation 14), and when each label begins.
 *
 * Memory grows with the square root of T times L (or less: checkpoints in levels), not with the
 * product. No logarithm or exponential is taken per cell: a probability is a double times a power
 * of two whose exponent is an integer of its own, so that nothing underflows, however long the
 * input and however unlikely the state; sums of very different numbers lose what a double would
 * lose and no more. Relative error of any posterior: about 1e-16 per frame that it passed.
 *
 * Posteriors below some 1e-250 may come out as 0. Time: states times frames at about 0.6 ns a sweep
 * (AVX-512, 3 GHz), plus posteriors where there are any.
 *
 * No allocation, no threads, no state outside scratch. Different scratch = different threads.
 */
#ifndef SILBE_ALIGN_CTC_CTC_H
#define SILBE_ALIGN_CTC_CTC_H

#include "align/base/cpu.h"
#include "align/ctc/problem.h"

typedef struct {
    silbe_kernel kernel; /* not ROWS; SILBE_ERR_ARGUMENT where it cannot run */
    /* Wish for rows in memory. One level of checkpoints costs three sweeps over the trellis, each
     * further level one more; the least number of levels that fits is taken, or the least memory if
     * none does. 0: 256 MiB, of which a song needs a few. */
    size_t max_bytes;
} silbe_ctc_options;

#define SILBE_CTC_OPTIONS_INIT                                                                     \
    {                                                                                              \
        SILBE_KERNEL_AUTO, 0                                                                       \
    }

typedef enum {
    SILBE_CTC_BY_LOGP = 0, /* dLoss/d logp(t, k) = -posterior(t, k), with e linear in logp */
    SILBE_CTC_BY_LOGITS,   /* dLoss/d logit(t, k) = softmax(x(t))_k - posterior(t, k), eq. 16;
                              needs problem->logits */
    SILBE_CTC_N_GRADIENTS
} silbe_ctc_gradient;

/* Posteriors of the frames [begin_frame, end_frame). Pointers are valid during the call only. */
typedef struct {
    size_t begin_frame;
    size_t end_frame;
    size_t stride;       /* values from one frame to the next */
    const double *label; /* P(path is in label j in frame t) = label[(t - begin_frame) * stride +
                            j], 0 <= j < L */
    const double *blank; /* the same for the blank before label j, 0 <= j <= L; zeros without */
    const double *onset; /* P(label j begins in frame t), 0 <= j < L; NULL unless asked for */
} silbe_ctc_block;

/* Called with consecutive blocks from the last frames to the first. Anything but SILBE_OK stops the
 * run, which returns it with *err as the function left it. */
typedef silbe_status silbe_ctc_block_fn(void *context, const silbe_ctc_block *block,
                                        silbe_err *err);

/* When label j begins, from P(onset of j = t), which sums to 1 over t. */
typedef struct {
    double mean_frame;    /* expected onset, frames */
    double spread_frames; /* standard deviation of the onset */
    double mass_near;     /* P(|onset - near_frame[j]| <= near_radius); 0 without near_frame */
    /* Credible interval [lo_frame, hi_frame): the shortest-tailed one in the sense that at most
     * (1 - interval_mass) / 2 of the probability lies below and as much above. */
    size_t lo_frame;
    size_t hi_frame;
} silbe_ctc_onset;

/* What is wanted; all parts are optional (NULL, zero-initialise). */
typedef struct {
    /* T x S floats, written: gradient[t * gradient_stride + k]. */
    float *gradient;
    size_t gradient_stride; /* floats, >= S */
    silbe_ctc_gradient gradient_by;

    silbe_ctc_block_fn *on_block;
    void *context;
    bool block_onsets; /* fill silbe_ctc_block.onset */

    silbe_ctc_onset *onsets;  /* L, written */
    const size_t *near_frame; /* L frames, such as the onsets of the Viterbi path, or NULL */
    size_t near_radius;       /* frames */
    double interval_mass;     /* inside (0, 1); with onsets only */
} silbe_ctc_wanted;

typedef struct {
    double loss;         /* -ln P(labels | emissions), nats */
    size_t n_sweeps;     /* over the trellis: 1 for the loss alone, 3 or more otherwise */
    size_t block_frames; /* largest block that on_block sees; 0 if nothing but the loss is wanted */
} silbe_ctc_result;

/* Bytes of scratch for this problem: all that silbe_ctc_run needs beside input and output. wanted
 * and options may be NULL. Errors as silbe_ctc_run, but the values are not looked at. */
SILBE_MUST_CHECK silbe_status silbe_ctc_scratch_size(const silbe_ctc_problem *problem,
                                                     const silbe_ctc_wanted *wanted,
                                                     const silbe_ctc_options *options,
                                                     size_t *bytes, silbe_err *err);

/*
 * Loss, and what else is wanted (NULL: nothing). scratch: any alignment, at least
 * silbe_ctc_scratch_size bytes for the same arguments. On failure outputs may be half written.
 *
 * SILBE_ERR_ARGUMENT, SILBE_ERR_MEMORY: as silbe_ctc_problem_check, and scratch too small, bad
 * wanted or options.
 * SILBE_ERR_DATA: NaN or +INFINITY among the emissions, naming frame and symbol; labels as
 * silbe_ctc_problem_check.
 * SILBE_ERR_INFEASIBLE: T < silbe_ctc_min_frames, or every path has probability 0.
 */
SILBE_MUST_CHECK silbe_status silbe_ctc_run(const silbe_ctc_problem *problem,
                                            const silbe_ctc_wanted *wanted,
                                            const silbe_ctc_options *options, void *scratch,
                                            size_t scratch_bytes, silbe_ctc_result *result,
                                            silbe_err *err);

/* A block function that copies posteriors of states into a matrix of the caller's: state s of frame
 * t goes to values[t * stride + s], 0 <= s < 2 L + 1. context: a silbe_ctc_state_matrix. */
typedef struct {
    double *values;
    size_t stride; /* >= 2 L + 1 */
    size_t n_labels;
} silbe_ctc_state_matrix;

SILBE_MUST_CHECK silbe_status silbe_ctc_copy_states(void *context, const silbe_ctc_block *block,
                                                    silbe_err *err);

#endif
