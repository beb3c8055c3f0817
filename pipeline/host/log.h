/*
 * What programs say while they work: lines on stderr, never mixed with results on stdout.
 * A program owns one silbe_log and passes it down; libraries outside pipeline/ never see it.
 */
#ifndef SILBE_LOG_H
#define SILBE_LOG_H

#include <stdbool.h>
#include <stdio.h>

#include "features/base/status.h"

typedef enum {
    SILBE_LOG_QUIET = 0, /* errors and failed items only */
    SILBE_LOG_NORMAL,    /* one line for each item, and the end */
    SILBE_LOG_VERBOSE,   /* also notes of items and settings */
} silbe_log_level;

typedef struct {
    FILE *stream;
    const char *program; /* "silbe-features", static */
    silbe_log_level level;
    bool is_terminal; /* stream is a terminal: a progress bar is drawn */
    bool bar_shown;   /* the current line is the progress bar */
} silbe_log;

/* Log on stderr. */
silbe_log silbe_log_new(const char *program, silbe_log_level level);

/* Removes the bar of progress.h, if there is one; every line does so first. */
void silbe_log_clear_bar(silbe_log *log);

/* "program: error: ...": always shown. */
void silbe_log_error(silbe_log *log, const char *format, ...) SILBE_PRINTF(2, 3);

/* "program: warning: ...": shown unless quiet. */
void silbe_log_warning(silbe_log *log, const char *format, ...) SILBE_PRINTF(2, 3);

/* A plain line: shown unless quiet. */
void silbe_log_info(silbe_log *log, const char *format, ...) SILBE_PRINTF(2, 3);

/* A plain line: shown when verbose. */
void silbe_log_detail(silbe_log *log, const char *format, ...) SILBE_PRINTF(2, 3);

/* A plain line: always shown (failed items). */
void silbe_log_always(silbe_log *log, const char *format, ...) SILBE_PRINTF(2, 3);

#endif
