/* Any text, good or not: built, or refused with a message; aligned without a crash, with a score
 * that the sum over all paths is not below. */
#include "tests/fuzz/trellis_input.h"

static void use(const fuzz_input *in, const silbe_trellis *g)
{
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    silbe_trellis_word_result words[FUZZ_WORDS];
    silbe_trellis_line_result lines[FUZZ_WORDS];
    silbe_trellis_label_result labels[FUZZ_WORDS * FUZZ_LENGTH];
    uint32_t path[FUZZ_FRAMES];
    silbe_trellis_alignment a = {.words = words,
                                 .lines = lines,
                                 .labels = labels,
                                 .label_capacity = FUZZ_WORDS * FUZZ_LENGTH,
                                 .path = path};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    options.window_frames = 5;
    options.kernel.max_bytes = 1 + 64 * in->n_frames;
    fuzz_require(silbe_trellis_align_size(g, &options, &bytes, &err) == SILBE_OK);
    void *scratch = fuzz_alloc(bytes);
    silbe_status status =
        silbe_trellis_align(&in->text, g, &in->emissions, &options, scratch, bytes, &a, &err);
    fuzz_require(status == SILBE_OK || err.message[0] != '\0');
    if (status == SILBE_OK) {
        fuzz_require(isfinite(a.viterbi_logp) && a.viterbi_logp <= -a.loss + 1e-4);
        for (size_t t = 0; t < in->n_frames; t++) {
            fuzz_require(path[t] < silbe_trellis_n_states(g));
            fuzz_require(t == 0 || path[t] >= path[t - 1]);
        }
        for (size_t w = 0; w < in->text.n_words; w++) {
            fuzz_require(words[w].confidence >= 0.0 && words[w].confidence <= 1.0);
            fuzz_require(words[w].skipped || words[w].begin_frame < words[w].end_frame);
            fuzz_require(words[w].lo_frame < words[w].hi_frame);
        }
    }
    free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes b = {data, size};
    fuzz_input in;
    void *memory = NULL;
    silbe_status status;
    fuzz_fill(&b, fuzz_below(&b, 2) == 0, &in);
    const silbe_trellis *g = fuzz_build(&in, &memory, &status);
    if (g != NULL && silbe_trellis_n_states(g) < 2000) {
        use(&in, g);
    }
    free(memory);
    return 0;
}
