/* silbe-demo: makes the demo dataset. */
#include "datasets/demo/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "datasets/demo/generate.h"

#define EXIT_MISUSE 2

static const char help[] =
    "usage: silbe-demo --out FOLDER [--threads N]\n"
    "\n"
    "Makes the demo dataset: four short German songs, three performances each, sung and played "
    "by\n"
    "synthesisers of its own, with scores, lyrics and the exact time of every note and word, laid\n"
    "out like the Schubert Winterreise Dataset. Nothing is downloaded. A folder that already "
    "holds\n"
    "the dataset is left as it is.\n"
    "\n"
    "  --out FOLDER   where to put it (made anew; what else it holds is never touched)\n"
    "  --threads N    threads, 1 to 256 (default: all cores); the result is the same\n"
    "  --help         this text\n";

typedef struct {
    const char *out;
    int threads;
} options;

/* 0: go on; otherwise the exit status + 1 (so that --help can end with 0). */
static int read_options(int argc, char **argv, options *chosen)
{
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            (void)fputs(help, stdout);
            return 1 + (fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        }
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        bool known = strcmp(argv[i], "--out") == 0 || strcmp(argv[i], "--threads") == 0;
        if (!known || value == NULL) {
            (void)fprintf(stderr, "silbe-demo: %s: %s; see silbe-demo --help\n", argv[i],
                          known ? "a value is missing" : "unknown option");
            return 1 + EXIT_MISUSE;
        }
        if (strcmp(argv[i], "--out") == 0) {
            chosen->out = value;
        } else {
            char *end = NULL;
            errno = 0;
            long threads = strtol(value, &end, 10);
            if (errno != 0 || *end != '\0' || end == value || threads < 1 || threads > 256) {
                (void)fprintf(stderr,
                              "silbe-demo: --threads: expected a number from 1 to 256, got %s\n",
                              value);
                return 1 + EXIT_MISUSE;
            }
            chosen->threads = (int)threads;
        }
    }
    if (chosen->out == NULL || chosen->out[0] == '\0') {
        (void)fprintf(stderr, "silbe-demo: --out FOLDER is missing; see silbe-demo --help\n");
        return 1 + EXIT_MISUSE;
    }
    return 0;
}

int silbe_demo_main(int argc, char **argv)
{
    options chosen = {NULL, 0};
    int over = read_options(argc, argv, &chosen);
    if (over != 0) {
        return over - 1;
    }
    struct timespec begin;
    struct timespec end;
    (void)timespec_get(&begin, TIME_UTC);
    silbe_err err = SILBE_ERR_INIT;
    bool made = false;
    if (silbe_demo_generate(chosen.out, chosen.threads, &made, &err) != SILBE_OK) {
        (void)fprintf(stderr, "silbe-demo: %s\n", err.message);
        return EXIT_FAILURE;
    }
    (void)timespec_get(&end, TIME_UTC);
    double wall_s =
        (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    if (made) {
        (void)fprintf(stderr, "silbe-demo: %s: made in %.1f s\n", chosen.out, wall_s);
    } else {
        (void)fprintf(stderr, "silbe-demo: %s: up to date\n", chosen.out);
    }
    return EXIT_SUCCESS;
}
