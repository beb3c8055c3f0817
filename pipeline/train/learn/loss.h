/*
 * Losses: logits of one utterance to a number and its gradient.
 *
 * A loss is a struct of functions and settings, shared by all threads and only read. What an
 * utterance should become is behind silbe_train_utterance.target, whose type is the loss's own. The
 * loss of a batch is sum_i value_i / sum_i weight_i over its utterances; gradients are those of the
 * sum of values and are divided by the sum of weights later.
 */
#ifndef SILBE_TRAIN_LOSS_H
#define SILBE_TRAIN_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

typedef struct {
    const char *name;    /* for messages */
    const float *logmel; /* n_frames x n_bands, row-major, mean of each band removed */
    size_t n_frames;     /* >= 1 */
    const void *target;  /* see the loss */
} silbe_train_utterance;

typedef struct {
    double value;    /* sum over the utterance, nats */
    double weight;   /* >= 0; number of frames (with weights: their sum) */
    size_t n_right;  /* frames whose best class is the target's; 0 if the loss has no such thing */
    size_t n_frames; /* that count for n_right */
    bool is_skipped; /* the loss left the utterance out: value and weight 0, gradient zeros */
} silbe_loss_value;

typedef struct silbe_loss silbe_loss;

/*
 * logits[t * n_classes + k] and d_logits alike, n_frames rows (output frames of the network).
 * d_logits is written whole; NULL: the value alone. scratch: what scratch_size said, 64-byte
 * aligned, one per thread. Messages need not name the utterance: the trainer does.
 */
typedef silbe_status silbe_loss_fn(const silbe_loss *loss, const silbe_train_utterance *utterance,
                                   const float *logits, size_t n_frames, size_t n_classes,
                                   float *d_logits, void *scratch, size_t scratch_bytes,
                                   silbe_loss_value *value, silbe_err *err);

/* Bytes of scratch for this utterance with n_frames output frames; may be 0. */
typedef silbe_status silbe_loss_scratch_fn(const silbe_loss *loss,
                                           const silbe_train_utterance *utterance, size_t n_frames,
                                           size_t n_classes, size_t *bytes, silbe_err *err);

struct silbe_loss {
    const char *name; /* "frames", "ctc", ...: in learning curves */
    silbe_loss_fn *run;
    silbe_loss_scratch_fn *scratch_size; /* NULL: none needed */
    const void *settings;                /* the loss's own, borrowed */
};

/* --- frame-wise cross-entropy --- */

typedef struct {
    const int32_t *labels; /* n_frames output frames: class, or -1: the frame does not count */
    const float *weights;  /* n_frames, >= 0 and finite, or NULL: all 1 */
    size_t n_frames;       /* must be the network's */
} silbe_frames_target;

/* Label smoothing (Szegedy et al. 2016, section 7): the target is 1 - smoothing for the class plus
 * smoothing / n_classes for every class. value = sum_t weight_t * cross-entropy_t. */
typedef struct {
    double smoothing; /* 0 .. < 1 */
} silbe_frames_settings;

/* settings is borrowed. target: silbe_frames_target. SILBE_ERR_MISMATCH for another number of
 * frames, SILBE_ERR_DATA for a label or weight out of range. */
silbe_loss silbe_loss_frames(const silbe_frames_settings *settings);

/* --- a sequence of labels, for both losses below --- */

/* For ctc none of the labels is the blank. For soft-DTW silence is among them where it is wanted,
 * and a class written r times takes r frames at least (unfolded targets, align/path/unfold.h). */
typedef struct {
    const int32_t *labels; /* n_labels classes in order */
    size_t n_labels;       /* >= 1 */
} silbe_sequence_target;

/* --- connectionist temporal classification, by align/ctc --- */

typedef struct {
    size_t blank;            /* class */
    const double *log_prior; /* n_classes, or NULL (align/ctc/problem.h) */
    double prior_scale;
    double blank_penalty;
    bool skip_infeasible; /* leave out utterances that are too short for their labels; otherwise
                             they are SILBE_ERR_INFEASIBLE */
} silbe_ctc_settings;

/* value = -ln P(labels), weight = number of output frames. */
silbe_loss silbe_loss_ctc(const silbe_ctc_settings *settings);

/* --- soft-DTW of frames and labels, by align/softdtw --- */

/*
 * C(t, m) = -ln p(t, label m) + prior_weight |t / (T - 1) - m / (L - 1)|^prior_power; every frame
 * has one label: steps (1,0) and (1,1). What keeps it stable (align/softdtw/training.h): a high or
 * falling gamma, a prior for the diagonal that fades, unfolded targets. A source may change these
 * settings between steps (by silbe_schedule_value of the step, so that training can be resumed).
 */
typedef struct {
    double gamma;        /* temperature, nats, > 0 */
    bool is_sparse;      /* the minimum is sparsemin, otherwise softmin (align/softdtw/softdtw.h) */
    double prior_weight; /* nats; 0: no prior */
    double prior_power;  /* > 0; not used where the weight is 0 */
    bool skip_infeasible; /* as in silbe_ctc_settings: fewer frames than labels */
} silbe_softdtw_settings;

/* value = soft-DTW (may be negative), weight = number of output frames. */
silbe_loss silbe_loss_softdtw(const silbe_softdtw_settings *settings);

#endif
