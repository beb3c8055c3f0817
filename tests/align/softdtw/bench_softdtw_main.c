/* bench_softdtw [--rows N] [--cols M] [--json FILE] */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/align/softdtw/bench_softdtw.h"

static int misuse(const char *word)
{
    (void)fprintf(stderr,
                  "bench_softdtw: %s: usage: bench_softdtw [--rows N] [--cols M] [--json FILE]\n",
                  word);
    return 2;
}

static int write_json(const char *path, const silbe_bench_softdtw_figures *figures)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        (void)fprintf(stderr, "bench_softdtw: %s: %s\n", path, strerror(errno));
        return 1;
    }
    int bad = fputs("[", stream) < 0 || silbe_bench_softdtw_json(stream, figures) < 0 ||
              fputs("]\n", stream) < 0;
    if (fclose(stream) != 0 || bad) {
        (void)fprintf(stderr, "bench_softdtw: %s: cannot be written\n", path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t size[2] = {2000, 2000};
    const char *json = NULL;
    for (int i = 1; i < argc; i += 2) {
        bool is_cols = strcmp(argv[i], "--cols") == 0;
        if (i + 1 == argc) {
            return misuse(argv[i]);
        }
        if (strcmp(argv[i], "--json") == 0) {
            json = argv[i + 1];
        } else if (is_cols || strcmp(argv[i], "--rows") == 0) {
            char *end = NULL;
            size[is_cols] = (size_t)strtoull(argv[i + 1], &end, 10);
            if (size[is_cols] < 1 || size[is_cols] > 100000 || *end != '\0') {
                return misuse(argv[i + 1]);
            }
        } else {
            return misuse(argv[i]);
        }
    }
    silbe_bench_softdtw_figures figures = silbe_bench_softdtw(size[0], size[1]);
    return json != NULL ? write_json(json, &figures) : 0;
}
