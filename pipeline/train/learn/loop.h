/*
 * The training loop: batches from a source, steps, held-out loss, checkpoints, learning curve,
 * progress.
 *
 * The learning curve is CSV: "step,loss,right,held_out_loss,held_out_right,rate,gradient_norm,
 * frames,skipped", one row per step, empty fields where nothing was measured. It holds no clock, so
 * that a run gives the same bytes twice, and one that was resumed the same as one that was not:
 * rows from the checkpoint's step on are dropped first.
 */
#ifndef SILBE_TRAIN_LOOP_H
#define SILBE_TRAIN_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/train/learn/trainer.h"

/* The source's own until its next call. */
typedef struct {
    const silbe_train_utterance *utterances;
    size_t n; /* >= 1 */
} silbe_train_batch;

/* Batch for a step. Must depend on step, *random and the source's settings alone: then training can
 * be resumed. The source may use OpenMP itself (silbe_random_fork gives each item its numbers). */
typedef silbe_status silbe_train_source_fn(void *context, size_t step, silbe_random *random,
                                           silbe_train_batch *batch, silbe_err *err);

/* After each step that is due. */
typedef struct {
    silbe_train_report report; /* of the step */
    double mean_loss;          /* of the steps since the last progress */
    double frames_per_s;       /* input frames per second of wall-clock since then */
    double audio_s_per_s;      /* the same times hop_s */
    double step_s;             /* wall-clock of a step, so far */
    double left_s;             /* estimate */
    size_t n_steps;            /* in all */
    bool has_held_out;         /* the next two are valid */
    double held_out_loss;
    double held_out_right;
} silbe_train_progress;

typedef void silbe_train_progress_fn(void *context, const silbe_train_progress *progress);

typedef struct {
    size_t n_steps;              /* stop when so many are done; <= the optimiser's n_steps */
    const char *checkpoint_path; /* NULL: none. If it exists, training goes on from it */
    size_t checkpoint_every;     /* steps; also after the last step and on stop. 0: only then */
    const char *curve_path;      /* NULL: none */
    const silbe_train_utterance *held_out; /* or NULL */
    size_t n_held_out;
    size_t held_out_every; /* steps; also after the last. 0: only then */
    size_t progress_every; /* steps; 0: never */
    silbe_train_progress_fn *on_progress;
    void *progress_context;
    double hop_s;                       /* of the log-mel, for audio_s_per_s */
    bool (*should_stop)(void *context); /* asked after each step; NULL: never */
    void *stop_context;
} silbe_train_loop_options;

/* One line, without newline, for a terminal or log: step, loss, held-out loss, speed, time left.
 * Returns what snprintf returns. */
int silbe_train_progress_line(const silbe_train_progress *progress, char *line, size_t size);

/*
 * Runs. *is_complete: all n_steps are done (false: should_stop). On an error (NaN among them: the
 * message has step and utterance) the last checkpoint stays as it is.
 */
SILBE_MUST_CHECK silbe_status silbe_train_loop_run(silbe_trainer *trainer, const silbe_loss *loss,
                                                   silbe_train_source_fn *source,
                                                   void *source_context,
                                                   const silbe_train_loop_options *options,
                                                   bool *is_complete, silbe_err *err);

#endif
