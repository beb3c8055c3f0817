#include "pipeline/train/run/progress_log.h"

#include <stdio.h>

size_t silbe_progress_log_every(const silbe_progress_log *progress_log)
{
    return progress_log->log->is_terminal ? 1 : 20;
}

void silbe_progress_log_step(void *context, const silbe_train_progress *progress)
{
    const silbe_progress_log *progress_log = context;
    char line[512];
    silbe_train_progress all = *progress;
    all.left_s += progress->step_s * (double)progress->n_steps * (double)progress_log->n_more;
    (void)silbe_train_progress_line(&all, line, sizeof line);
    bool is_last = progress->report.step + 1 == progress->n_steps;
    if (!progress_log->log->is_terminal || is_last) {
        silbe_log_info(progress_log->log, "%s: %s", progress_log->name, line);
    } else {
        silbe_log_progress_line(progress_log->log, progress->report.step + 1, progress->n_steps,
                                line);
    }
}
