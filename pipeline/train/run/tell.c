#include "pipeline/train/run/tell.h"

#include <stdio.h>

#include "pipeline/host/progress.h"

silbe_tell silbe_tell_new(silbe_log *log, const char *name)
{
    return (silbe_tell){log, name};
}

size_t silbe_tell_every(const silbe_tell *tell)
{
    return tell->log->is_terminal ? 1 : 20;
}

void silbe_tell_progress(void *context, const silbe_train_progress *progress)
{
    const silbe_tell *tell = context;
    char line[512];
    (void)silbe_train_progress_line(progress, line, sizeof line);
    bool is_last = progress->report.step + 1 == progress->n_steps;
    if (!tell->log->is_terminal || is_last) {
        silbe_log_info(tell->log, "%s: %s", tell->name, line);
    } else {
        silbe_progress_draw_line(tell->log, progress->report.step + 1, progress->n_steps, line);
    }
}
