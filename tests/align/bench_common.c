#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/align/bench_common.h"

double bench_now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A chain of dependent multiplications of three cycles each. */
double bench_clock_hz(void)
{
    const size_t n = 30000000;
    unsigned long x = 3;
    double begin = bench_now_s();
    for (size_t i = 0; i < n; i++) {
        x *= x;
#if defined(__GNUC__)
        __asm__ volatile("" : "+r"(x));
#endif
    }
    double seconds = bench_now_s() - begin;
    return x == 0 ? 1.0 : 3.0 * (double)n / seconds;
}

void *bench_get(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    if (data == NULL) {
        (void)fprintf(stderr, "benchmark: no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(data, 1, bytes);
    return data;
}

void bench_check(silbe_status status, const silbe_err *err)
{
    if (status != SILBE_OK) {
        (void)fprintf(stderr, "benchmark: %s\n", err->message);
        exit(1);
    }
}

double bench_random(unsigned long long *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 40) / 16777216.0;
}

double bench_reference_wall_s(const bench_figures *f)
{
    return f->reference_s * f->cells / f->reference_cells;
}

void bench_print(const char *name, double seconds, size_t bytes, double cells, double hz)
{
    (void)printf("%-34s %8.4f s %9.2f MB %8.0f Mcells/s %7.2f cycles/cell\n", name, seconds,
                 (double)bytes / 1e6, cells / seconds / 1e6, seconds * hz / cells);
}

void bench_report(const bench_figures *f)
{
    (void)printf("%s: %.4g s", f->name, f->wall_s);
    if (f->reference_cells == f->cells) {
        (void)printf(", readable reference %.4g s", f->reference_s);
    } else {
        (void)printf(", readable reference %.4g s (%.4g s for %.3g cells, scaled by their number)",
                     bench_reference_wall_s(f), f->reference_s, f->reference_cells);
    }
    (void)printf(", %.0f times as fast; %.1f MB extra; %.0f Mcells/s; %.3g GB moved, %.3g GB/s\n",
                 bench_reference_wall_s(f) / f->wall_s, (double)f->peak_extra_bytes / 1e6,
                 f->cells / f->wall_s / 1e6, f->moved_bytes / 1e9,
                 f->moved_bytes / f->wall_s / 1e9);
    (void)printf("    %.0f %% of what the processor could do (%.4g s): %s\n\n",
                 100.0 * f->limit_s / f->wall_s, f->limit_s, f->limit);
}

static void misuse(const bench_command *command, const char *word)
{
    (void)fprintf(stderr, "%s: %s: usage: %s %s [--json FILE]\n", command->program, word,
                  command->program, command->usage);
    exit(2);
}

static const bench_option *find_option(const bench_command *command, const char *word)
{
    for (size_t i = 0; i < command->n_options; i++) {
        if (strcmp(command->options[i].name, word) == 0) {
            return &command->options[i];
        }
    }
    misuse(command, word);
    return NULL;
}

void bench_arguments(const bench_command *command, int argc, char **argv, const char **json)
{
    *json = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
            *json = argv[++i];
            continue;
        }
        const bench_option *option = find_option(command, argv[i]);
        for (size_t k = 0; k < option->n_values; k++) {
            char *end = NULL;
            const char *word = i + 1 < argc ? argv[++i] : "";
            unsigned long long value = strtoull(word, &end, 10);
            if (end == word || *end != '\0' || value < 1 || value > option->most) {
                misuse(command, argv[i]);
            }
            option->values[k] = (size_t)value;
        }
    }
}

int bench_write_json(const bench_command *command, const char *path, const bench_figures *figures,
                     size_t n_figures)
{
    if (path == NULL) {
        return 0;
    }
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        (void)fprintf(stderr, "%s: %s: %s\n", command->program, path, strerror(errno));
        return 1;
    }
    int bad = 0;
    for (size_t i = 0; i < n_figures; i++) {
        const bench_figures *f = &figures[i];
        bad |= fprintf(stream,
                       "%s{\"name\": \"%s\", \"wall_s\": %.6f, \"reference_wall_s\": %.6f, "
                       "\"peak_extra_bytes\": %zu, \"cells_per_s\": %.0f, \"cells\": %.0f, "
                       "\"reference_measured_cells\": %.0f, \"reference_scaled\": %s, "
                       "\"moved_bytes\": %.0f, \"limit_wall_s\": %.6f, \"limit\": \"%s\"}",
                       i == 0 ? "[" : ",\n ", f->name, f->wall_s, bench_reference_wall_s(f),
                       f->peak_extra_bytes, f->cells / f->wall_s, f->cells, f->reference_cells,
                       f->reference_cells == f->cells ? "false" : "true", f->moved_bytes,
                       f->limit_s, f->limit) < 0;
    }
    bad |= fputs("]\n", stream) < 0;
    if (fclose(stream) != 0 || bad != 0) {
        (void)fprintf(stderr, "%s: %s: cannot be written\n", command->program, path);
        return 1;
    }
    return 0;
}
