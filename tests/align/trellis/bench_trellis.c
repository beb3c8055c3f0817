/*
 * bench_trellis [--frames N] [--words N] [--json FILE]
 *
 * Speed and memory of the trellis for lyrics: words of four symbols (two of at least two frames,
 * two of at least four), optional silence between words, every tenth word optional. The reference
 * is measured on a smaller trellis and scaled by the number of cells.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "align/trellis/reference.h"

enum { N_SYMBOLS = 40, LENGTH = 4, REFERENCE_WORDS = 40, REFERENCE_FRAMES = 1500 };

typedef struct {
    double best_s;
    double sum_s;
    size_t best_bytes;
    size_t sum_bytes;
    double cells; /* visited */
    size_t n_states;
} figures;

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *get(size_t bytes)
{
    void *data = malloc(bytes);
    if (data == NULL) {
        (void)fprintf(stderr, "bench_trellis: no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(data, 0, bytes); /* page faults are not the trellis's */
    return data;
}

static void check(silbe_status status, const silbe_err *err)
{
    if (status != SILBE_OK) {
        (void)fprintf(stderr, "bench_trellis: %s\n", err->message);
        exit(1);
    }
}

static unsigned long long next_random(unsigned long long *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Runs the kernels, or the reference, once. */
static figures measure(size_t n_frames, size_t n_words, bool reference, bool portable)
{
    unsigned long long random = 88172645463325252ULL;
    int32_t *symbols = get(n_words * LENGTH * sizeof *symbols);
    silbe_trellis_pronunciation *prons = get(n_words * sizeof *prons);
    silbe_trellis_word *words = get(n_words * sizeof *words);
    float *values = get(n_frames * N_SYMBOLS * sizeof *values);
    float *gradient = get(n_frames * N_SYMBOLS * sizeof *gradient);
    uint32_t *path = get(n_frames * sizeof *path);
    silbe_trellis_duration durations[N_SYMBOLS];
    for (size_t k = 0; k < N_SYMBOLS; k++) {
        durations[k] = (silbe_trellis_duration){k % 2 == 0 ? 2 : 4, 6.0};
    }
    for (size_t w = 0; w < n_words; w++) {
        prons[w] = (silbe_trellis_pronunciation){symbols + w * LENGTH, LENGTH, 0.0};
        words[w] = (silbe_trellis_word){&prons[w], 1, w % 10 == 5 ? -9.0 : -(double)INFINITY};
        for (size_t i = 0; i < LENGTH; i++) {
            symbols[w * LENGTH + i] =
                (int32_t)(1 + 2 * (next_random(&random) % (N_SYMBOLS / 2 - 1)) + i % 2);
        }
    }
    for (size_t i = 0; i < n_frames * N_SYMBOLS; i++) {
        values[i] = -8.0F * (float)(next_random(&random) >> 40) * 0x1p-24F;
    }
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, -0.7, SILBE_TRELLIS_NEVER, 0.0};
    silbe_trellis_text text = {.words = words,
                               .n_words = n_words,
                               .n_symbols = N_SYMBOLS,
                               .durations = durations,
                               .silence_duration = {3, 20.0},
                               .gap_first = gap,
                               .gap_last = gap,
                               .gap_lines = gap,
                               .gap_words = gap};
    silbe_trellis_emissions emissions = {
        .values = values, .n_frames = n_frames, .n_symbols = N_SYMBOLS, .row_stride = N_SYMBOLS};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_trellis *g = NULL;
    figures f = {0};
    check(silbe_trellis_size(&text, n_frames, &bytes, &err), &err);
    void *memory = get(bytes);
    check(silbe_trellis_build(&text, n_frames, memory, bytes, &g, &err), &err);
    f.n_states = silbe_trellis_n_states(g);
    f.cells = (double)silbe_trellis_n_cells(g);
    silbe_trellis_options options = {0, 0.0, portable};
    silbe_trellis_wanted wanted = {.gradient = gradient, .gradient_stride = N_SYMBOLS};
    if (reference) {
        check(silbe_trellis_reference_size(g, &f.best_bytes, &err), &err);
        f.sum_bytes = f.best_bytes;
    } else {
        check(silbe_trellis_viterbi_size(g, &options, &f.best_bytes, &err), &err);
        check(silbe_trellis_posterior_size(g, &wanted, &options, &f.sum_bytes, &err), &err);
    }
    size_t most = f.best_bytes > f.sum_bytes ? f.best_bytes : f.sum_bytes;
    void *scratch = get(most);
    double logp = 0.0;
    silbe_trellis_viterbi_result best;
    silbe_trellis_posterior_result sum;
    silbe_trellis_reference_wanted by_hand = {0};
    if (reference) {
        by_hand.posterior = get(n_frames * f.n_states * sizeof(double));
        by_hand.gradient = get(n_frames * N_SYMBOLS * sizeof(double));
    }
    double begin = now_s();
    check(reference
              ? silbe_trellis_viterbi_reference(g, &emissions, scratch, most, path, &logp, &err)
              : silbe_trellis_viterbi(g, &emissions, &options, scratch, most, path, &best, &err),
          &err);
    f.best_s = now_s() - begin;
    begin = now_s();
    check(
        reference
            ? silbe_trellis_posterior_reference(g, &emissions, scratch, most, &by_hand, &logp, &err)
            : silbe_trellis_posterior(g, &emissions, &wanted, &options, scratch, most, &sum, &err),
        &err);
    f.sum_s = now_s() - begin;
    free(by_hand.posterior);
    free(by_hand.gradient);
    free(scratch);
    free(memory);
    free(path);
    free(gradient);
    free(values);
    free(words);
    free(prons);
    free(symbols);
    return f;
}

static void show(const char *name, const figures *f)
{
    (void)printf("%-10s Viterbi %7.3f s %6.2f ns/cell %5.1f MB   loss and gradient %7.3f s %6.2f "
                 "ns/cell %5.1f MB\n",
                 name, f->best_s, 1e9 * f->best_s / f->cells, 1e-6 * (double)f->best_bytes,
                 f->sum_s, 1e9 * f->sum_s / f->cells, 1e-6 * (double)f->sum_bytes);
}

static int write_json(const char *path, const figures *f, const figures *slow)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        (void)fprintf(stderr, "bench_trellis: %s: cannot be written\n", path);
        return 1;
    }
    const char *form = "{\"name\": \"%s\", \"wall_s\": %.6f, \"reference_wall_s\": %.6f, "
                       "\"peak_extra_bytes\": %zu, \"cells_per_s\": %.0f}";
    double more = f->cells / slow->cells;
    int bad = fputs("[", stream) < 0;
    bad |= fprintf(stream, form, "trellis-viterbi", f->best_s, slow->best_s * more, f->best_bytes,
                   f->cells / f->best_s) < 0;
    bad |= fputs(", ", stream) < 0;
    bad |= fprintf(stream, form, "trellis-grad", f->sum_s, slow->sum_s * more, f->sum_bytes,
                   f->cells / f->sum_s) < 0;
    bad |= fputs("]\n", stream) < 0;
    if (fclose(stream) != 0 || bad) {
        (void)fprintf(stderr, "bench_trellis: %s: cannot be written\n", path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t size[2] = {15000, 600};
    const char *json = NULL;
    for (int i = 1; i < argc; i += 2) {
        bool is_words = strcmp(argv[i], "--words") == 0;
        char *end = NULL;
        bool good = i + 1 < argc;
        if (good && strcmp(argv[i], "--json") == 0) {
            json = argv[i + 1];
        } else if (good && (is_words || strcmp(argv[i], "--frames") == 0)) {
            size[is_words] = (size_t)strtoull(argv[i + 1], &end, 10);
            good = *end == '\0' && size[is_words] >= 1 && size[is_words] <= 1000000;
        } else {
            good = false;
        }
        if (!good) {
            (void)fprintf(stderr,
                          "bench_trellis: %s: usage: bench_trellis [--frames N] [--words N] "
                          "[--json FILE]\n",
                          argv[i]);
            return 2;
        }
    }
    figures best = measure(size[0], size[1], false, false);
    figures portable = measure(size[0], size[1], false, true);
    figures slow = measure(REFERENCE_FRAMES, REFERENCE_WORDS, true, false);
    (void)printf("%zu frames, %zu words, %zu states, %.3g cells visited\n", size[0], size[1],
                 best.n_states, best.cells);
    show("fast", &best);
    show("portable", &portable);
    show("reference", &slow);
    return json == NULL ? 0 : write_json(json, &best, &slow);
}
