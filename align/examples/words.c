/* Words with pronunciations, silence between them, times and confidences. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <silbe/trellis/solve.h>

enum { N_FRAMES = 6, N_SYMBOLS = 3, SILENCE = 0 };

int main(void)
{
    float x[N_FRAMES][N_SYMBOLS];
    const int heard[N_FRAMES] = {0, 1, 1, 0, 2, 2};
    for (size_t t = 0; t < N_FRAMES; t++) {
        for (int k = 0; k < N_SYMBOLS; k++) {
            x[t][k] = k == heard[t] ? -0.1F : -3.0F;
        }
    }
    const int32_t one[] = {1}, two[] = {2};
    const silbe_trellis_pronunciation first = {one, 1, 0}, second = {two, 1, 0};
    const silbe_trellis_word words[] = {{&first, 1, -(double)INFINITY},
                                        {&second, 1, -(double)INFINITY}};
    const silbe_trellis_gap gap = {.silence = SILBE_TRELLIS_OPTIONAL};
    silbe_trellis_text text = {.words = words, .n_words = 2};
    text.topology = SILBE_TRELLIS_HMM;
    text.n_symbols = N_SYMBOLS;
    text.silence = SILENCE;
    text.gap_first = text.gap_last = text.gap_lines = text.gap_words = gap;
    const silbe_trellis_emissions emissions = {
        .values = x[0], .n_frames = N_FRAMES, .n_symbols = N_SYMBOLS, .row_stride = N_SYMBOLS};
    const silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    silbe_trellis_word_result results[2];
    uint32_t path[N_FRAMES];
    silbe_trellis_alignment alignment = {.words = results, .path = path};
    silbe_trellis_solution solution;
    silbe_err err = SILBE_ERR_INIT;
    silbe_status status =
        silbe_trellis_solve(&text, &emissions, &options, SIZE_MAX, &alignment, &solution, &err);
    if (status != SILBE_OK) {
        fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    printf("words in frames %zu to %zu and %zu to %zu\n", results[0].begin_frame,
           results[0].end_frame, results[1].begin_frame, results[1].end_frame);
    return results[0].begin_frame == 1 && results[1].begin_frame == 4 ? EXIT_SUCCESS : EXIT_FAILURE;
}
