#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/log.h"

#include <stdarg.h>
#include <unistd.h>

enum { BAR_WIDTH = 24 };

silbe_log silbe_log_new(const char *program, silbe_log_level level)
{
    return (silbe_log){
        .stream = stderr,
        .program = program,
        .level = level,
        .is_terminal = isatty(fileno(stderr)) == 1,
        .bar_shown = false,
    };
}

void silbe_log_clear_bar(silbe_log *log)
{
    if (log->bar_shown) {
        (void)fputs("\r\033[K", log->stream);
        log->bar_shown = false;
    }
}

/* A name may hold line breaks, and codes that a terminal would obey. */
static void mask_controls(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        *c = *c < 0x20 || *c == 0x7f ? '?' : *c;
    }
}

/* One write for one line, so that lines of two processes do not mix. */
static void write_line(silbe_log *log, const char *severity, const char *format, va_list args)
{
    char text[SILBE_ERR_MESSAGE_SIZE + 512];
    (void)vsnprintf(text, sizeof text, format, args);
    mask_controls(text);
    silbe_log_clear_bar(log);
    (void)fflush(stdout);
    if (severity != NULL) {
        (void)fprintf(log->stream, "%s: %s: %s\n", log->program, severity, text);
    } else {
        (void)fprintf(log->stream, "%s\n", text);
    }
    (void)fflush(log->stream);
}

void silbe_log_error(silbe_log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(log, "error", format, args);
    va_end(args);
}

void silbe_log_warning(silbe_log *log, const char *format, ...)
{
    if (log->level >= SILBE_LOG_NORMAL) {
        va_list args;
        va_start(args, format);
        write_line(log, "warning", format, args);
        va_end(args);
    }
}

void silbe_log_info(silbe_log *log, const char *format, ...)
{
    if (log->level >= SILBE_LOG_NORMAL) {
        va_list args;
        va_start(args, format);
        write_line(log, NULL, format, args);
        va_end(args);
    }
}

void silbe_log_detail(silbe_log *log, const char *format, ...)
{
    if (log->level >= SILBE_LOG_VERBOSE) {
        va_list args;
        va_start(args, format);
        write_line(log, NULL, format, args);
        va_end(args);
    }
}

void silbe_log_always(silbe_log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(log, NULL, format, args);
    va_end(args);
}

void silbe_log_progress_line(silbe_log *log, size_t n_done, size_t n_total, const char *line)
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

void silbe_log_progress(silbe_log *log, size_t n_done, size_t n_total, double wall_s)
{
    char line[128];
    char left[64] = "";
    if (n_done > 0) {
        (void)snprintf(left, sizeof left, "  ~%.0f s left",
                       wall_s / (double)n_done * (double)(n_total - n_done));
    }
    (void)snprintf(line, sizeof line, "%zu/%zu%s", n_done, n_total, left);
    silbe_log_progress_line(log, n_done, n_total, line);
}
