/*
 * One training from a source of frame-wise batches to a weights file:
 *
 *   NAME.weights       float16, with the phones' log prior of what was trained on
 *   NAME.checkpoint    everything, to go on from; stays when done, so that a rerun ends at once
 *   NAME.csv           learning curve (pipeline/train/learn/loop.h)
 *   NAME.settings.txt  what it was begun with: another training under this name is an error
 *
 * A training that was stopped or killed goes on where it was, with the same bytes.
 */
#ifndef SILBE_TRAIN_SESSION_H
#define SILBE_TRAIN_SESSION_H

#include "features/model/weights.h"
#include "pipeline/settings/cli.h"
#include "pipeline/train/learn/loop.h"

typedef struct {
    const silbe_config *config; /* loss, optimiser, seed, intervals, force */
    silbe_log *log;
    const char *name;        /* of what is trained, for progress lines */
    const char *out;         /* NAME.weights; the ending may be missing */
    const char *description; /* lines: everything that the result depends on beside the settings */
    const char *comment;     /* of the weights file */
    silbe_net_shape shape;   /* SILBE_N_PHONES classes */
    silbe_logmel_options logmel;
    double rate_hz;             /* of the sound behind it */
    const silbe_model *initial; /* or NULL */
    silbe_train_source_fn *source;
    void *source_context;
    const silbe_train_batch *held_out; /* as the source gives them, or NULL */
    size_t n_steps;
    size_t n_more; /* trainings like it that follow, for the time left */
    size_t n_batch;
    double peak_rate;
} silbe_session;

/* Network of the settings channels, hidden, dilations, block_width. SILBE_ERR_ARGUMENT. */
SILBE_MUST_CHECK silbe_status silbe_session_shape(const silbe_config *config,
                                                  silbe_net_shape *shape, silbe_err *err);

/* SILBE_ERR_MISMATCH unless the model has this shape, Silbe's phones and these features; names what
 * differs and the setting. */
SILBE_MUST_CHECK silbe_status silbe_session_check_initial(const char *path,
                                                          const silbe_model *model,
                                                          const silbe_net_shape *shape,
                                                          const silbe_logmel_options *logmel,
                                                          silbe_err *err);

/* *is_complete: false if a signal stopped it (the checkpoint is written then). *model: NULL, or
 * _INIT: gets what the weights file holds; the caller frees it. run.force begins anew. */
SILBE_MUST_CHECK silbe_status silbe_session_run(const silbe_session *session, silbe_model *model,
                                                bool *is_complete, silbe_err *err);

#endif
