/* Clock, memory, arguments, table and figures of the benchmarks of align/. */
#ifndef SILBE_TESTS_ALIGN_BENCH_COMMON_H
#define SILBE_TESTS_ALIGN_BENCH_COMMON_H

#include <stddef.h>

#include "features/base/status.h"

double bench_now_s(void);
/* Rough clock of the processor, measured. */
double bench_clock_hz(void);
/* Memory that was written to: page faults are not the kernel's. Exits with 1 if there is none. */
void *bench_get(size_t bytes);
/* Exits with 1 and the message unless status is SILBE_OK. */
void bench_check(silbe_status status, const silbe_err *err);
/* 0 .. 1, the same in every run; *state is not 0. */
double bench_random(unsigned long long *state);

/* What is known of one benchmark. */
typedef struct {
    const char *name;
    double wall_s;           /* best of some rounds, one thread */
    double cells;            /* of the matrix or trellis */
    size_t peak_extra_bytes; /* scratch; input and output not counted */
    double reference_s;      /* the readable reference, measured on reference_cells ... */
    double reference_cells;  /* ... and scaled to cells by their number where these are fewer */
    double moved_bytes;      /* read and written beyond the first-level cache, an estimate */
    double limit_s;          /* what the processor could do, if only ... */
    const char *limit;       /* ... this: "two additions of 32 bytes a cycle; held back by ..." */
} bench_figures;

/* reference_s scaled to cells. */
double bench_reference_wall_s(const bench_figures *f);
/* A row of the table. */
void bench_print(const char *name, double seconds, size_t bytes, double cells, double hz);
/* Two lines: the figures, and how far they are from the limit. */
void bench_report(const bench_figures *f);

/* --name VALUE [VALUE ...], each in 1 .. most. */
typedef struct {
    const char *name; /* with its dashes */
    size_t *values;   /* holds the defaults */
    size_t n_values;
    size_t most;
} bench_option;

typedef struct {
    const char *program;
    const char *usage;
    const bench_option *options;
    size_t n_options;
} bench_command;

/* Fills the options' values and *json, the FILE of --json or NULL; exits with 2 on misuse. */
void bench_arguments(const bench_command *command, int argc, char **argv, const char **json);
/* Writes an array of objects to the file, nothing if path is NULL. Returns the exit code. */
int bench_write_json(const bench_command *command, const char *path, const bench_figures *figures,
                     size_t n_figures);

#endif
