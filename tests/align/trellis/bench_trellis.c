/*
 * Speed and memory of the trellis for lyrics: words of four symbols (two of at least two frames,
 * two of at least four), optional silence between words, every tenth word optional. The reference
 * is measured on a smaller trellis and scaled by the number of cells.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/align/bench_common.h"
#include "tests/align/trellis/reference.h"

enum { N_SYMBOLS = 40, LENGTH = 4, REFERENCE_WORDS = 40, REFERENCE_FRAMES = 1500 };

typedef struct {
    double best_s;
    double sum_s;
    size_t best_bytes;
    size_t sum_bytes;
    double cells; /* visited by one sweep */
    size_t n_states;
    double best_sweeps;
    double sum_sweeps;
} figures;

/* Runs the kernels, or the reference, once. */
static figures measure(size_t n_frames, size_t n_words, bool reference, bool portable)
{
    unsigned long long random = 88172645463325252ULL;
    int32_t *symbols = bench_get(n_words * LENGTH * sizeof *symbols);
    silbe_trellis_pronunciation *prons = bench_get(n_words * sizeof *prons);
    silbe_trellis_word *words = bench_get(n_words * sizeof *words);
    float *values = bench_get(n_frames * N_SYMBOLS * sizeof *values);
    float *gradient = bench_get(n_frames * N_SYMBOLS * sizeof *gradient);
    uint32_t *path = bench_get(n_frames * sizeof *path);
    silbe_trellis_duration durations[N_SYMBOLS];
    for (size_t k = 0; k < N_SYMBOLS; k++) {
        durations[k] = (silbe_trellis_duration){k % 2 == 0 ? 2 : 4, 6.0, 0.0};
    }
    for (size_t w = 0; w < n_words; w++) {
        prons[w] = (silbe_trellis_pronunciation){symbols + w * LENGTH, LENGTH, 0.0};
        words[w] = (silbe_trellis_word){&prons[w], 1, w % 10 == 5 ? -9.0 : -(double)INFINITY};
        for (size_t i = 0; i < LENGTH; i++) {
            symbols[w * LENGTH + i] =
                (int32_t)(1 + 2 * ((size_t)(bench_random(&random) * (N_SYMBOLS / 2 - 1))) + i % 2);
        }
    }
    for (size_t i = 0; i < n_frames * N_SYMBOLS; i++) {
        values[i] = (float)(-8.0 * bench_random(&random));
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
    bench_check(silbe_trellis_size(&text, n_frames, &bytes, &err), &err);
    void *memory = bench_get(bytes);
    bench_check(silbe_trellis_init(&text, n_frames, memory, bytes, &g, &err), &err);
    f.n_states = silbe_trellis_n_states(g);
    f.cells = (double)silbe_trellis_n_cells(g);
    silbe_trellis_options options = {0, 0.0, portable};
    silbe_trellis_wanted wanted = {.gradient = gradient, .gradient_stride = N_SYMBOLS};
    if (reference) {
        bench_check(silbe_trellis_reference_size(g, &f.best_bytes, &err), &err);
        f.sum_bytes = f.best_bytes;
    } else {
        bench_check(silbe_trellis_viterbi_size(g, &options, &f.best_bytes, &err), &err);
        bench_check(silbe_trellis_posterior_size(g, &wanted, &options, &f.sum_bytes, &err), &err);
    }
    size_t most = f.best_bytes > f.sum_bytes ? f.best_bytes : f.sum_bytes;
    void *scratch = bench_get(most);
    double logp = 0.0;
    silbe_trellis_viterbi_result best;
    silbe_trellis_posterior_result sum;
    silbe_trellis_reference_wanted by_hand = {0};
    if (reference) {
        by_hand.posterior = bench_get(n_frames * f.n_states * sizeof(double));
        by_hand.gradient = bench_get(n_frames * N_SYMBOLS * sizeof(double));
    }
    double begin = bench_now_s();
    bench_check(
        reference
            ? silbe_trellis_viterbi_reference(g, &emissions, scratch, most, path, &logp, &err)
            : silbe_trellis_viterbi(g, &emissions, &options, scratch, most, path, &best, &err),
        &err);
    f.best_s = bench_now_s() - begin;
    begin = bench_now_s();
    bench_check(
        reference
            ? silbe_trellis_posterior_reference(g, &emissions, scratch, most, &by_hand, &logp, &err)
            : silbe_trellis_posterior(g, &emissions, &wanted, &options, scratch, most, &sum, &err),
        &err);
    f.sum_s = bench_now_s() - begin;
    if (!reference) {
        f.best_sweeps = 1.0 + (double)best.n_levels;
        f.sum_sweeps = 2.0 + (double)sum.n_levels; /* the last one backwards */
    }
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

static void show(const char *name, const figures *f, double hz)
{
    char text[64];
    (void)snprintf(text, sizeof text, "path, %s", name);
    bench_print(text, f->best_s, f->best_bytes, f->cells, hz);
    (void)snprintf(text, sizeof text, "loss and gradient, %s", name);
    bench_print(text, f->sum_s, f->sum_bytes, f->cells, hz);
}

/* Operations of 32 bytes (four states), two of which can start in a cycle. Path: 4 additions and 3
 * maxima a sweep. Sums: 49 a sweep (three products and four scalings by powers of two, sums of
 * both, a normal form), 25 more where forward and backward meet. Bytes: the row, arcs by lists,
 * weights and classes are read and the row is written, 52 and 116 a cell and sweep. */
static void report(const figures *f, const figures *slow, double hz, bench_figures out[2])
{
    out[0] = (bench_figures){.name = "trellis-viterbi",
                             .wall_s = f->best_s,
                             .cells = f->cells,
                             .peak_extra_bytes = f->best_bytes,
                             .reference_s = slow->best_s,
                             .reference_cells = slow->cells,
                             .moved_bytes = 52.0 * f->best_sweeps * f->cells,
                             .limit_s = 7.0 / 8.0 * f->best_sweeps * f->cells / hz,
                             .limit = "additions and maxima alone, two 32-byte ones a cycle; held "
                                      "back by reading weights and emissions of every state"};
    out[1] = (bench_figures){
        .name = "trellis-grad",
        .wall_s = f->sum_s,
        .cells = f->cells,
        .peak_extra_bytes = f->sum_bytes,
        .reference_s = slow->sum_s,
        .reference_cells = slow->cells,
        .moved_bytes = 116.0 * f->sum_sweeps * f->cells,
        .limit_s = (49.0 * f->sum_sweeps + 25.0) / 8.0 * f->cells / hz,
        .limit = "the arithmetic alone, two 32-byte operations a cycle; held back by arcs in "
                 "lists, which go one at a time, and by weights of 48 bytes a state"};
    bench_report(&out[0]);
    bench_report(&out[1]);
}

int main(int argc, char **argv)
{
    size_t frames = 15000;
    size_t words = 600;
    const bench_option options[] = {{"--frames", &frames, 1, 1000000},
                                    {"--words", &words, 1, 1000000}};
    const bench_command command = {"bench_trellis", "[--frames N] [--words N]", options, 2};
    const char *json = NULL;
    bench_figures out[2];
    bench_arguments(&command, argc, argv, &json);
    double hz = bench_clock_hz();
    figures best = measure(frames, words, false, false);
    figures portable = measure(frames, words, false, true);
    figures slow = measure(REFERENCE_FRAMES, REFERENCE_WORDS, true, false);
    (void)printf("trellis, %zu frames, %zu words, %zu states, %.3g cells, one thread, %.2f GHz\n",
                 frames, words, best.n_states, best.cells, hz / 1e9);
    show("best", &best, hz);
    show("plain C", &portable, hz);
    report(&best, &slow, hz, out);
    return bench_write_json(&command, json, out, 2);
}
