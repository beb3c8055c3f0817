/* Long audio: beams, memory, cells that anchors save. */
#include "trellis_test.h"

#include <math.h>

/* Words of random symbols in a row, as many as wanted. */
typedef struct {
    int32_t *symbols;
    silbe_trellis_pronunciation *prons;
    silbe_trellis_word *words;
    float *values;
    silbe_trellis_text text;
    silbe_trellis_emissions emissions;
} long_case;

static long_case long_case_new(check_rng *rng, size_t n_words, size_t length, size_t n_frames,
                               size_t n_symbols)
{
    static const silbe_trellis_duration vowel = {3, 6.0};
    long_case c = {trellis_alloc(n_words * length * sizeof(int32_t)),
                   trellis_alloc(n_words * sizeof(silbe_trellis_pronunciation)),
                   trellis_alloc(n_words * sizeof(silbe_trellis_word)),
                   trellis_alloc(n_frames * n_symbols * sizeof(float)),
                   {0},
                   {0}};
    for (size_t w = 0; w < n_words; w++) {
        c.prons[w] = (silbe_trellis_pronunciation){c.symbols + w * length, length, 0.0};
        c.words[w] = (silbe_trellis_word){&c.prons[w], 1, w % 7 == 3 ? -5.0 : -(double)INFINITY};
        for (size_t i = 0; i < length; i++) {
            c.symbols[w * length + i] = (int32_t)(1 + trellis_below(rng, n_symbols - 1));
        }
    }
    for (size_t i = 0; i < n_frames * n_symbols; i++) {
        c.values[i] = (float)(-2.0 - 3.0 * check_uniform(rng));
    }
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, -0.5, SILBE_TRELLIS_NEVER, 0.0};
    c.text = (silbe_trellis_text){.words = c.words,
                                  .n_words = n_words,
                                  .n_symbols = n_symbols,
                                  .gap_first = gap,
                                  .gap_last = gap,
                                  .gap_lines = gap,
                                  .gap_words = gap,
                                  .silence_duration = vowel,
                                  .wildcard_duration = {1, 0.0}};
    c.emissions = (silbe_trellis_emissions){
        .values = c.values, .n_frames = n_frames, .n_symbols = n_symbols, .row_stride = n_symbols};
    return c;
}

static void long_case_free(long_case *c)
{
    free(c->symbols);
    free(c->prons);
    free(c->words);
    free(c->values);
}

/* A beam that is wide enough is proven to be; whatever a narrow one says, it is honest. */
static void beam_is_honest(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20306);
    size_t n_proven = 0;
    size_t n_cut = 0;
    for (size_t i = 0; i < 60; i++) {
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        long_case c = long_case_new(&rng, 12, 3, 120, 8);
        for (size_t k = 0; i % 2 == 0 && k < 120; k++) { /* a clear path: word after word */
            c.values[k * 8 + (size_t)c.symbols[k * 36 / 120]] = -0.01F;
        }
        check_ok(trellis_build(&c.text, 120, &memory, &g, &err), err);
        silbe_trellis_viterbi_result exact = {0};
        check_ok(trellis_viterbi(g, &c.emissions, NULL, NULL, &exact, &err), err);
        for (double beam = 1.0; beam < 300.0; beam *= 2.0) {
            silbe_trellis_options options = {0, beam, false};
            silbe_trellis_viterbi_result result = {0};
            silbe_status status = trellis_viterbi(g, &c.emissions, &options, NULL, &result, &err);
            assert_true(status == SILBE_OK || status == SILBE_ERR_INFEASIBLE);
            if (status == SILBE_OK) {
                assert_true(result.logp <= exact.logp);
                assert_true(result.maybe_cut || result.logp == exact.logp);
                n_proven += !result.maybe_cut && result.n_cells < exact.n_cells;
                n_cut += result.logp < exact.logp;
            }
        }
        free(memory);
        long_case_free(&c);
    }
    print_message("%zu beams saved cells and were proven, %zu lost the path and said so\n",
                  n_proven, n_cut);
    assert_true(n_proven > 0 && n_cut > 0);
}

/* Two words; for a while it is dear to be in the first, and the beam drops it there, which is the
 * best path in the end. */
static void beam_knows_what_it_lost(void **state)
{
    (void)state;
    static const int32_t symbols[] = {0, 1};
    const silbe_trellis_pronunciation prons[] = {{symbols, 1, 0.0}, {symbols + 1, 1, 0.0}};
    const silbe_trellis_word words[] = {{&prons[0], 1, -(double)INFINITY},
                                        {&prons[1], 1, -(double)INFINITY}};
    const silbe_trellis_text text = {.words = words, .n_words = 2, .n_symbols = 2};
    enum { N_FRAMES = 10 };
    float values[2 * N_FRAMES] = {0};
    for (size_t t = 1; t < 5; t++) {
        values[2 * t] = -10.0F;
    }
    values[2 * 5 + 1] = -100.0F;
    silbe_trellis_emissions emissions = {
        .values = values, .n_frames = N_FRAMES, .n_symbols = 2, .row_stride = 2};
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    silbe_trellis *g = NULL;
    silbe_trellis_options options = {0, 20.0, false};
    silbe_trellis_viterbi_result result = {0};
    check_ok(trellis_build(&text, N_FRAMES, &memory, &g, &err), err);
    check_ok(trellis_viterbi(g, &emissions, NULL, NULL, &result, &err), err);
    check_close(result.logp, -40.0, 1e-12);
    check_ok(trellis_viterbi(g, &emissions, &options, NULL, &result, &err), err);
    check_close(result.logp, -100.0, 1e-12);
    assert_true(result.maybe_cut);
    options.beam_logp = 41.0;
    check_ok(trellis_viterbi(g, &emissions, &options, NULL, &result, &err), err);
    check_close(result.logp, -40.0, 1e-12);
    assert_false(result.maybe_cut);
    free(memory);
}

/* 100,000 frames: finite, and in memory far below the product. */
static void long_audio(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20307);
    enum { N_FRAMES = 100000, N_WORDS = 60, N_SYMBOLS = 12 };
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    size_t sum_bytes = 0;
    long_case c = long_case_new(&rng, N_WORDS, 4, N_FRAMES, N_SYMBOLS);
    silbe_trellis_options options = {1 << 20, 0.0, false};
    check_ok(trellis_build(&c.text, N_FRAMES, &memory, &g, &err), err);
    size_t n_states = silbe_trellis_n_states(g);
    double cells = (double)n_states * N_FRAMES;
    trellis_collected all = {NULL, n_states, 0.0};
    silbe_trellis_wanted wanted = {.on_frame = trellis_collect, .context = &all};
    check_ok(silbe_trellis_viterbi_size(g, &options, &bytes, &err), err);
    check_ok(silbe_trellis_posterior_size(g, &wanted, &options, &sum_bytes, &err), err);
    print_message("%zu states: %zu and %zu bytes; all cells are %.0f\n", n_states, bytes, sum_bytes,
                  cells);
    assert_true(bytes < (2 << 20) && sum_bytes < (3 << 20));
    uint32_t *path = trellis_alloc(N_FRAMES * sizeof *path);
    silbe_trellis_viterbi_result best = {0};
    double loss = 0.0;
    check_ok(trellis_viterbi(g, &c.emissions, &options, path, &best, &err), err);
    check_ok(trellis_posterior(g, &c.emissions, &wanted, &options, &loss, &err), err);
    assert_true(isfinite(best.logp) && -loss > best.logp);
    assert_true(all.worst_sum < 1e-8);
    for (size_t t = 1; t < N_FRAMES; t++) {
        assert_true(path[t] >= path[t - 1]);
    }
    free(path);
    free(memory);
    long_case_free(&c);
}

/* Anchors cut the cells that are visited and change nothing else. */
static void anchors_save_cells(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20308);
    enum { N_FRAMES = 400, N_WORDS = 30 };
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    void *anchored_memory = NULL;
    silbe_trellis *g = NULL;
    silbe_trellis *anchored = NULL;
    long_case c = long_case_new(&rng, N_WORDS, 3, N_FRAMES, 8);
    check_ok(trellis_build(&c.text, N_FRAMES, &memory, &g, &err), err);
    uint32_t path[N_FRAMES];
    uint32_t again[N_FRAMES];
    silbe_trellis_anchor anchors[N_WORDS];
    silbe_trellis_viterbi_result best = {0};
    silbe_trellis_viterbi_result same = {0};
    check_ok(trellis_viterbi(g, &c.emissions, NULL, path, &best, &err), err);
    for (size_t t = N_FRAMES; t-- > 0;) {
        silbe_trellis_state s = silbe_trellis_state_at(g, path[t]);
        if (s.kind == SILBE_TRELLIS_SYMBOL && s.word % 5 == 0) {
            anchors[s.word / 5] = (silbe_trellis_anchor){false, s.word, t, t + 1};
        }
    }
    c.text.anchors = anchors;
    c.text.n_anchors = N_WORDS / 5;
    check_ok(trellis_build(&c.text, N_FRAMES, &anchored_memory, &anchored, &err), err);
    check_ok(trellis_viterbi(anchored, &c.emissions, NULL, again, &same, &err), err);
    assert_true(same.logp == best.logp);
    assert_memory_equal(again, path, sizeof path);
    assert_true(silbe_trellis_n_cells(anchored) * 2 < silbe_trellis_n_cells(g));
    free(memory);
    free(anchored_memory);
    long_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beam_is_honest),
        cmocka_unit_test(beam_knows_what_it_lost),
        cmocka_unit_test(long_audio),
        cmocka_unit_test(anchors_save_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
