/* A text for the trellis out of bytes, all of it questionable unless `tame`. */
#ifndef SILBE_TESTS_FUZZ_TRELLIS_INPUT_H
#define SILBE_TESTS_FUZZ_TRELLIS_INPUT_H

#include <math.h>

#include "align/trellis/align.h"
#include "tests/fuzz/bytes.h"

enum {
    FUZZ_WORDS = 5,
    FUZZ_PRONS = 3,
    FUZZ_LENGTH = 4,
    FUZZ_SYMBOLS = 6,
    FUZZ_TIMES = 6,
    FUZZ_FRAMES = 48,
    FUZZ_MOST_MEMORY = 8 << 20,
};

typedef struct {
    int32_t symbols[FUZZ_WORDS][FUZZ_PRONS][FUZZ_LENGTH];
    silbe_trellis_pronunciation prons[FUZZ_WORDS][FUZZ_PRONS];
    silbe_trellis_word words[FUZZ_WORDS];
    silbe_trellis_line lines[FUZZ_WORDS];
    silbe_trellis_duration durations[FUZZ_SYMBOLS];
    silbe_trellis_anchor anchors[FUZZ_TIMES];
    silbe_trellis_region regions[FUZZ_TIMES];
    silbe_trellis_gap gaps[FUZZ_WORDS + 1];
    silbe_trellis_text text;
    size_t n_frames;
    float values[FUZZ_FRAMES * FUZZ_SYMBOLS];
    silbe_trellis_emissions emissions;
} fuzz_input;

static inline double fuzz_logp(fuzz_bytes *b, int tame)
{
    static const double odd[] = {-INFINITY, NAN, INFINITY, 1.0, -1e300, -1e-300, -0.0, 0.0};
    unsigned byte = fuzz_byte(b);
    return byte < 248 || tame ? (byte % 3 == 0 ? -INFINITY : -0.05 * byte) : odd[byte - 248];
}

static inline silbe_trellis_duration fuzz_duration(fuzz_bytes *b, int tame)
{
    silbe_trellis_duration d = {tame ? fuzz_below(b, 4) : fuzz_size(b, 4), 0.0};
    unsigned byte = fuzz_byte(b);
    if (byte % 2 == 1) {
        d.expected_frames =
            tame || byte < 240 ? (double)(d.min_frames + 1) + 0.1 * byte : fuzz_logp(b, 0);
    }
    return d;
}

static inline silbe_trellis_gap fuzz_gap(fuzz_bytes *b, int tame)
{
    unsigned byte = fuzz_byte(b);
    return (silbe_trellis_gap){
        (silbe_trellis_presence)(byte % (tame ? 2U : 4U)), fuzz_logp(b, tame),
        (silbe_trellis_presence)(byte / 16 % (tame ? 2U : 3U)), fuzz_logp(b, tame)};
}

static inline void fuzz_fill(fuzz_bytes *b, int tame, fuzz_input *in)
{
    memset(in, 0, sizeof *in);
    silbe_trellis_text *text = &in->text;
    text->topology = (silbe_trellis_topology)fuzz_below(b, tame ? 2 : 3);
    text->n_symbols = tame ? FUZZ_SYMBOLS : fuzz_below(b, FUZZ_SYMBOLS + 1);
    text->silence = tame ? FUZZ_SYMBOLS - 1 : (int32_t)fuzz_below(b, FUZZ_SYMBOLS + 1) - 1;
    text->blank = tame ? 0 : (int32_t)fuzz_below(b, FUZZ_SYMBOLS + 2) - 1;
    text->words = in->words;
    text->n_words = tame ? 1 + fuzz_below(b, FUZZ_WORDS) : fuzz_below(b, FUZZ_WORDS + 1);
    for (size_t w = 0; w < text->n_words; w++) {
        size_t n = fuzz_byte(b);
        in->words[w] = (silbe_trellis_word){
            in->prons[w], n % 50 == 49 && !tame ? 0 : 1 + n % FUZZ_PRONS, fuzz_logp(b, tame)};
        for (size_t p = 0; p < in->words[w].n_pronunciations; p++) {
            n = fuzz_byte(b);
            in->prons[w][p] = (silbe_trellis_pronunciation){
                in->symbols[w][p], n % 50 == 49 && !tame ? 0 : 1 + n % FUZZ_LENGTH,
                fuzz_logp(b, tame)};
            for (size_t i = 0; i < FUZZ_LENGTH; i++) {
                int32_t k = (int32_t)fuzz_byte(b);
                in->symbols[w][p][i] = tame || k < 240 ? 1 + k % (FUZZ_SYMBOLS - 1) : 245 - k;
            }
        }
    }
    text->lines = in->lines;
    text->n_lines = fuzz_below(b, FUZZ_WORDS);
    size_t at = 0;
    for (size_t i = 0; i < text->n_lines; i++) {
        size_t begin = tame ? at : fuzz_below(b, FUZZ_WORDS);
        at = begin + fuzz_below(b, 3) + (tame != 0);
        in->lines[i] = (silbe_trellis_line){begin, at, fuzz_logp(b, tame)};
        if (tame && at >= text->n_words) {
            in->lines[i].end_word = text->n_words;
            text->n_lines = i + (begin < text->n_words);
        }
    }
    for (size_t k = 0; k < FUZZ_SYMBOLS; k++) {
        in->durations[k] = fuzz_duration(b, tame);
    }
    text->durations = fuzz_below(b, 2) == 0 ? in->durations : NULL;
    text->silence_duration = fuzz_duration(b, tame);
    text->wildcard_duration = fuzz_duration(b, tame);
    for (size_t i = 0; i <= FUZZ_WORDS; i++) {
        in->gaps[i] = fuzz_gap(b, tame);
    }
    text->gaps = fuzz_below(b, 2) == 0 ? in->gaps : NULL;
    text->gap_first = text->gap_last = in->gaps[0];
    text->gap_words = in->gaps[1];
    text->gap_lines = in->gaps[2];
    text->anchors = in->anchors;
    text->n_anchors = fuzz_below(b, FUZZ_TIMES);
    for (size_t i = 0; i < text->n_anchors; i++) {
        int is_line = fuzz_below(b, 2) == 1 && text->n_lines > 0;
        size_t index = fuzz_byte(b);
        size_t most = is_line ? text->n_lines : text->n_words;
        size_t begin = fuzz_size(b, FUZZ_FRAMES);
        size_t length = fuzz_size(b, FUZZ_FRAMES);
        in->anchors[i] = (silbe_trellis_anchor){
            is_line, most == 0 ? 0 : index % (most + !tame), begin,
            begin > SIZE_MAX - length - 1 ? SIZE_MAX : begin + length + (tame != 0)};
    }
    text->regions = in->regions;
    text->n_regions = fuzz_below(b, 4) == 0 ? fuzz_below(b, FUZZ_TIMES) : 0;
    at = 0;
    for (size_t i = 0; i < text->n_regions; i++) {
        size_t begin = tame ? at + fuzz_below(b, 12) : fuzz_size(b, FUZZ_FRAMES);
        at = begin + 1 + fuzz_below(b, 4);
        in->regions[i] = (silbe_trellis_region){begin, at};
    }
    in->n_frames = tame ? 1 + fuzz_below(b, FUZZ_FRAMES) : fuzz_below(b, FUZZ_FRAMES + 1);
    for (size_t i = 0; i < FUZZ_FRAMES * FUZZ_SYMBOLS; i++) {
        unsigned byte = fuzz_byte(b);
        in->values[i] = byte == 255 ? -INFINITY : byte == 254 && !tame ? NAN : -0.03F * (float)byte;
    }
    in->emissions =
        (silbe_trellis_emissions){.values = in->values,
                                  .n_frames = in->n_frames,
                                  .n_symbols = text->n_symbols,
                                  .row_stride = text->n_symbols,
                                  .wildcard_rule = (silbe_wildcard_rule)fuzz_below(b, 3),
                                  .wildcard_percentile = 0.1 * (double)fuzz_below(b, 11),
                                  .wildcard_penalty = 0.1 * (double)fuzz_byte(b)};
}

/* Builds in memory of exactly the size asked for; NULL unless that is good and small. */
static inline silbe_trellis *fuzz_build(const fuzz_input *in, void **memory, silbe_status *status)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_trellis *g = NULL;
    *memory = NULL;
    *status = silbe_trellis_size(&in->text, in->n_frames, &bytes, &err);
    if (*status == SILBE_OK && bytes <= FUZZ_MOST_MEMORY) {
        *memory = fuzz_alloc(bytes);
        *status = silbe_trellis_init(&in->text, in->n_frames, *memory, bytes, &g, &err);
    }
    fuzz_require(*status == SILBE_OK || err.message[0] != '\0');
    return *status == SILBE_OK ? g : NULL;
}

#endif
