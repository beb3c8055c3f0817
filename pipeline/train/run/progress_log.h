/*
 * How training tells its progress: a bar on a terminal, a line now and then anywhere else.
 */
#ifndef SILBE_TRAIN_PROGRESS_LOG_H
#define SILBE_TRAIN_PROGRESS_LOG_H

#include "pipeline/host/log.h"
#include "pipeline/train/learn/loop.h"

typedef struct {
    silbe_log *log;   /* borrowed */
    const char *name; /* of what is trained; borrowed */
    size_t n_more;    /* trainings like it that follow: they count as time left */
} silbe_progress_log;

/* Steps between two reports: for progress_every. */
size_t silbe_progress_log_every(const silbe_progress_log *progress_log);

/* A silbe_train_progress_fn; context: silbe_progress_log. */
void silbe_progress_log_step(void *context, const silbe_train_progress *progress);

#endif
