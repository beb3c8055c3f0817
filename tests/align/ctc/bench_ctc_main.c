/* bench_ctc [--viterbi FRAMES LABELS] [--gradient FRAMES LABELS] [--json FILE] */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/align/ctc/bench_ctc.h"

static int misuse(const char *word)
{
    (void)fprintf(stderr,
                  "bench_ctc: %s: usage: bench_ctc [--viterbi FRAMES LABELS] [--gradient FRAMES "
                  "LABELS] [--json FILE]\n",
                  word);
    return 2;
}

static int write_json(const char *path, const silbe_bench_ctc_figures figures[2])
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        (void)fprintf(stderr, "bench_ctc: %s: %s\n", path, strerror(errno));
        return 1;
    }
    int bad = fputs("[", stream) < 0 || silbe_bench_ctc_json(stream, &figures[0]) < 0 ||
              fputs(",\n ", stream) < 0 || silbe_bench_ctc_json(stream, &figures[1]) < 0 ||
              fputs("]\n", stream) < 0;
    if (fclose(stream) != 0 || bad) {
        (void)fprintf(stderr, "bench_ctc: %s: cannot be written\n", path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t size[2][2] = {{240000, 15000}, {15000, 1500}};
    const char *json = NULL;
    for (int i = 1; i < argc;) {
        int is_gradient = strcmp(argv[i], "--gradient") == 0;
        if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
            json = argv[i + 1];
            i += 2;
        } else if ((is_gradient || strcmp(argv[i], "--viterbi") == 0) && i + 2 < argc) {
            for (int k = 0; k < 2; k++) {
                char *end = NULL;
                size[is_gradient][k] = (size_t)strtoull(argv[i + 1 + k], &end, 10);
                if (size[is_gradient][k] < 1 || size[is_gradient][k] > 10000000 || *end != '\0') {
                    return misuse(argv[i + 1 + k]);
                }
            }
            i += 3;
        } else {
            return misuse(argv[i]);
        }
    }
    silbe_bench_ctc_figures figures[2];
    figures[0] = silbe_bench_viterbi(size[0][0], size[0][1]);
    figures[1] = silbe_bench_ctc(size[1][0], size[1][1]);
    return json != NULL ? write_json(json, figures) : 0;
}
