/*
 * One run at a time in a work folder. The kernel releases the lock when its process ends, however
 * it ends.
 */
#ifndef SILBE_LOCK_H
#define SILBE_LOCK_H

#include "features/base/status.h"

typedef struct {
    int fd; /* -1 when not held */
} silbe_lock;

#define SILBE_LOCK_INIT                                                                            \
    {                                                                                              \
        -1                                                                                         \
    }

/* Takes FOLDER/.lock without waiting; the folder must exist. SILBE_ERR_BUSY, with the process that
 * holds it and what to do, if another run does. holder is a word for that message, for example
 * "silbe-features". */
SILBE_MUST_CHECK silbe_status silbe_lock_take(silbe_lock *lock, const char *folder,
                                              const char *holder, silbe_err *err);

/* Legal on a lock that is not held. The file stays: removing it would let two runs in. */
void silbe_lock_release(silbe_lock *lock);

#endif
