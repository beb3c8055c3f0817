#define _DEFAULT_SOURCE
#include "pipeline/host/run_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "pipeline/host/digest.h"

const char *silbe_version(void)
{
    return SILBE_VERSION;
}

double silbe_clock_s(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* In single quotes where a shell would change it; ' itself as '\''. */
static void print_quoted(FILE *stream, const char *text)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=./:,@%";
    if (text[0] != '\0' && text[strspn(text, PLAIN)] == '\0') {
        (void)fputs(text, stream);
        return;
    }
    (void)fputc('\'', stream);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'') {
            (void)fputs("'\\''", stream);
        } else {
            (void)fputc(*c, stream);
        }
    }
    (void)fputc('\'', stream);
}

silbe_status silbe_run_info_begin(silbe_run_info *info, const char *program, int argc,
                                  char *const *argv, silbe_err *err)
{
    size_t size = 0;
    *info = (silbe_run_info){.program = program, .start_s = silbe_clock_s()};
    FILE *stream = open_memstream(&info->command, &size);
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    for (int i = 0; i < argc; i++) {
        (void)fputs(i > 0 ? " " : "", stream);
        print_quoted(stream, argv[i]);
    }
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        silbe_run_info_free(info);
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    /* Linux only; elsewhere the version alone decides. */
    if (silbe_digest_file("/proc/self/exe", info->program_sha256, NULL) != SILBE_OK) {
        info->program_sha256[0] = '\0';
    }
    return SILBE_OK;
}

static double cpu_s(const struct rusage *usage)
{
    return (double)usage->ru_utime.tv_sec + 1e-6 * (double)usage->ru_utime.tv_usec +
           (double)usage->ru_stime.tv_sec + 1e-6 * (double)usage->ru_stime.tv_usec;
}

void silbe_run_info_restart(silbe_run_info *info, const char *program)
{
    struct rusage usage;
    info->program = program;
    info->start_s = silbe_clock_s();
    info->start_cpu_s = getrusage(RUSAGE_SELF, &usage) == 0 ? cpu_s(&usage) : 0;
}

silbe_run_cost silbe_run_info_cost(const silbe_run_info *info)
{
    silbe_run_cost cost = {.wall_s = silbe_clock_s() - info->start_s};
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        cost.cpu_s = cpu_s(&usage) - info->start_cpu_s;
        cost.peak_bytes = (size_t)usage.ru_maxrss * 1024; /* Linux counts KiB */
    }
    return cost;
}

void silbe_run_info_free(silbe_run_info *info)
{
    free(info->command);
    *info = (silbe_run_info)SILBE_RUN_INFO_INIT;
}
