/* Good texts with any anchors and regions: the path keeps them all, and taking them away never
 * makes it worse. */
#include "tests/fuzz/trellis_input.h"

/* The same path is added up in another order where an anchor forbids its alternatives. */
static const double ROUNDING = 1e-12;

static silbe_status best_path(const fuzz_input *in, const silbe_trellis *g, uint32_t *path,
                              double *logp)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_trellis_viterbi_result result = {0};
    size_t bytes = 0;
    fuzz_require(silbe_trellis_viterbi_size(g, NULL, &bytes, &err) == SILBE_OK);
    void *scratch = fuzz_alloc(bytes);
    silbe_status status =
        silbe_trellis_viterbi(g, &in->emissions, NULL, scratch, bytes, path, &result, &err);
    free(scratch);
    *logp = result.logp;
    return status;
}

static void check_path(const fuzz_input *in, const silbe_trellis *g, const uint32_t *path)
{
    size_t onset[FUZZ_WORDS];
    for (size_t w = 0; w < FUZZ_WORDS; w++) {
        onset[w] = SIZE_MAX;
    }
    for (size_t t = 0; t < in->n_frames; t++) {
        silbe_trellis_state s = silbe_trellis_state_at(g, path[t]);
        int sung = s.kind == SILBE_TRELLIS_SYMBOL || s.kind == SILBE_TRELLIS_WORD_BLANK;
        if (sung && onset[s.word] == SIZE_MAX) {
            onset[s.word] = t;
        }
        for (size_t i = 0; i < in->text.n_regions; i++) {
            fuzz_require(!sung || t < in->regions[i].begin_frame || t >= in->regions[i].end_frame);
        }
    }
    for (size_t i = 0; i < in->text.n_anchors; i++) {
        const silbe_trellis_anchor *a = &in->anchors[i];
        size_t w = a->is_line ? in->lines[a->index].begin_word : a->index;
        fuzz_require(onset[w] == SIZE_MAX ||
                     (onset[w] >= a->begin_frame && onset[w] < a->end_frame));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes b = {data, size};
    fuzz_input in;
    void *memory = NULL;
    uint32_t path[FUZZ_FRAMES];
    double logp = 0.0;
    double free_logp = 0.0;
    silbe_status status;
    fuzz_fill(&b, 1, &in);
    const silbe_trellis *g = fuzz_build(&in, &memory, &status);
    fuzz_require(status == SILBE_OK || status == SILBE_ERR_INFEASIBLE ||
                 status == SILBE_ERR_ARGUMENT);
    if (g != NULL && best_path(&in, g, path, &logp) == SILBE_OK) {
        check_path(&in, g, path);
        free(memory);
        in.text.n_anchors = 0;
        in.text.n_regions = 0;
        g = fuzz_build(&in, &memory, &status);
        fuzz_require(g != NULL && best_path(&in, g, path, &free_logp) == SILBE_OK);
        fuzz_require(free_logp >= logp - ROUNDING * (1.0 + fabs(logp)));
    }
    free(memory);
    return 0;
}
