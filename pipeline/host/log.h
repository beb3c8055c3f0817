/*
 * What programs say while they work: lines on stderr, never mixed with results on stdout, and on a
 * terminal a progress bar below them.
 * A program owns one silbe_log and passes it down; libraries outside pipeline/ never see it.
 */
#ifndef SILBE_LOG_H
#define SILBE_LOG_H

#include <stdbool.h>
#include <stddef.h>
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

/* Removes the progress bar, if there is one; every line does so first. */
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

/* Draws "[######----------]  5/12  ~40 s left"; wall_s is the time since the start. Does nothing
 * unless log is a terminal and not quiet. The next log line takes the bar's place. */
void silbe_log_progress(silbe_log *log, size_t n_done, size_t n_total, double wall_s);

/* The same with a text of the caller's behind the bar instead of "5/12  ~40 s left". */
void silbe_log_progress_line(silbe_log *log, size_t n_done, size_t n_total, const char *line);

#endif
