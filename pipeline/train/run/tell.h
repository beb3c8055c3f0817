/*
 * How training tells its progress: a bar on a terminal, a line now and then anywhere else.
 */
#ifndef SILBE_TRAIN_TELL_H
#define SILBE_TRAIN_TELL_H

#include "pipeline/host/log.h"
#include "pipeline/train/loop.h"

typedef struct {
    silbe_log *log;   /* borrowed */
    const char *name; /* of what is trained; borrowed */
} silbe_tell;

silbe_tell silbe_tell_new(silbe_log *log, const char *name);

/* Steps between two reports: for progress_every. */
size_t silbe_tell_every(const silbe_tell *tell);

/* A silbe_train_progress_fn; context: silbe_tell. */
void silbe_tell_progress(void *context, const silbe_train_progress *progress);

#endif
