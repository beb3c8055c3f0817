/*
 * What a run was: program, version, exact command line, and what it took.
 */
#ifndef SILBE_RUN_INFO_H
#define SILBE_RUN_INFO_H

#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/host/digest.h"

/* "0.1.0": the project's version. */
const char *silbe_version(void);

typedef struct {
    const char *program;                        /* "silbe-features", static */
    char *command;                              /* quoted for a shell, owned */
    char program_sha256[SILBE_DIGEST_HEX_SIZE]; /* of the running executable; "" if unreadable */
    double start_s;                             /* monotonic clock */
    double start_cpu_s;                         /* CPU time used before */
} silbe_run_info;

#define SILBE_RUN_INFO_INIT                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

typedef struct {
    double wall_s;
    double cpu_s;      /* user and system, all threads */
    size_t peak_bytes; /* largest resident set so far */
} silbe_run_cost;

/* Begins the clock and keeps the command line. The executable's digest makes results of another
 * build count as outdated even where the version is the same. */
SILBE_MUST_CHECK silbe_status silbe_run_info_begin(silbe_run_info *info, const char *program,
                                                   int argc, char *const *argv, silbe_err *err);

/* Begins the clock of wall and CPU time again, for another part of the work. */
void silbe_run_info_restart(silbe_run_info *info, const char *program);

/* Cost since the clock began; the peak is that of the process. */
silbe_run_cost silbe_run_info_cost(const silbe_run_info *info);

/* Seconds of the monotonic clock. */
double silbe_clock_s(void);

void silbe_run_info_free(silbe_run_info *info);

#endif
