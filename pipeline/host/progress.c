#include "pipeline/host/progress.h"

#include <stdio.h>

enum { BAR_WIDTH = 24 };

void silbe_progress_draw_line(silbe_log *log, size_t n_done, size_t n_total, const char *line)
{
    char bar[BAR_WIDTH + 1];
    if (!log->is_terminal || log->level < SILBE_LOG_NORMAL || n_total == 0) {
        return;
    }
    size_t filled = n_done * BAR_WIDTH / n_total;
    for (size_t i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < filled ? '#' : '-';
    }
    bar[BAR_WIDTH] = '\0';
    (void)fprintf(log->stream, "\r[%s] %s\033[K", bar, line);
    (void)fflush(log->stream);
    log->bar_shown = true;
}

void silbe_progress_draw(silbe_log *log, size_t n_done, size_t n_total, double wall_s)
{
    char line[128];
    char left[64] = "";
    if (n_done > 0) {
        (void)snprintf(left, sizeof left, "  ~%.0f s left",
                       wall_s / (double)n_done * (double)(n_total - n_done));
    }
    (void)snprintf(line, sizeof line, "%zu/%zu%s", n_done, n_total, left);
    silbe_progress_draw_line(log, n_done, n_total, line);
}
