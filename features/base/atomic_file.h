/*
 * Files that appear whole or not at all: written as PATH.tmp.PID in the same folder, flushed to
 * disk, closed with every error checked, then renamed over PATH.
 */
#ifndef SILBE_ATOMIC_FILE_H
#define SILBE_ATOMIC_FILE_H

#include <stdio.h>

#include "features/base/status.h"

typedef struct {
    FILE *stream;    /* write here; NULL when closed */
    char *path;      /* final name, owned */
    char *temp_path; /* owned */
} silbe_atomic_file;

#define SILBE_ATOMIC_FILE_INIT                                                                     \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }

/* Opens the temporary file for writing. Folders on the way must exist (silbe_make_folders). */
SILBE_MUST_CHECK silbe_status silbe_atomic_open(silbe_atomic_file *file, const char *path,
                                                silbe_err *err);

/* Flushes, syncs, closes and renames; a PATH that holds the same bytes already stays as it is, its
 * time of change included. On any failure the temporary file is removed, the old PATH
 * stays as it was, and the message names the file and the system's reason. */
SILBE_MUST_CHECK silbe_status silbe_atomic_commit(silbe_atomic_file *file, silbe_err *err);

/* Drops what was written; legal after commit and on a never opened file (then it does nothing). */
void silbe_atomic_abort(silbe_atomic_file *file);

/* mkdir -p. */
SILBE_MUST_CHECK silbe_status silbe_make_folders(const char *path, silbe_err *err);

#endif
