/*
 * Progress bar on the last line of a terminal; nothing anywhere else.
 */
#ifndef SILBE_PROGRESS_H
#define SILBE_PROGRESS_H

#include <stddef.h>

#include "pipeline/host/log.h"

/* Draws "[######----------]  5/12  ~40 s left"; wall_s is the time since the start. Does nothing
 * unless log is a terminal and not quiet. The next log line takes the bar's place. */
void silbe_progress_draw(silbe_log *log, size_t n_done, size_t n_total, double wall_s);

/* The same with a text of the caller's behind the bar instead of "5/12  ~40 s left". */
void silbe_progress_draw_line(silbe_log *log, size_t n_done, size_t n_total, const char *line);

#endif
