#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/log.h"

#include <stdarg.h>
#include <unistd.h>

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

/* One write for one line, so that lines of two processes do not mix. */
static void write_line(silbe_log *log, const char *severity, const char *format, va_list args)
{
    char text[SILBE_ERR_MESSAGE_SIZE + 512];
    (void)vsnprintf(text, sizeof text, format, args);
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
