#include "pipeline/train/run/progress_log.h"

#include <stdio.h>

#include "pipeline/host/progress.h"

silbe_progress_log silbe_progress_log_new(silbe_log *log, const char *name)
{
    return (silbe_progress_log){log, name};
}

size_t silbe_progress_log_every(const silbe_progress_log *tell)
{
    return tell->log->is_terminal ? 1 : 20;
}

void silbe_progress_log_step(void *context, const silbe_train_progress *progress)
{
    const silbe_progress_log *tell = context;
    char line[512];
    (void)silbe_train_progress_line(progress, line, sizeof line);
    bool is_last = progress->report.step + 1 == progress->n_steps;
    if (!tell->log->is_terminal || is_last) {
        silbe_log_info(tell->log, "%s: %s", tell->name, line);
    } else {
        silbe_progress_draw_line(tell->log, progress->report.step + 1, progress->n_steps, line);
    }
}
