/* Fast kernels against the reference, and properties: ties, levels, beams, gradients, length. */
#include "trellis_test.h"

#include <math.h>

#include "align/ctc/reference.h"

/* What a frame function collects. */
typedef struct {
    double *posterior; /* T x n_states */
    size_t n_states;
    double worst_sum; /* largest distance of a frame's sum from 1 */
} collected;

static silbe_status collect(void *context, size_t t, const double *posterior, silbe_err *err)
{
    (void)err;
    collected *c = context;
    double sum = 0.0;
    for (size_t s = 0; s < c->n_states; s++) {
        sum += posterior[s];
        if (c->posterior != NULL) {
            c->posterior[t * c->n_states + s] = posterior[s];
        }
    }
    c->worst_sum = fabs(sum - 1.0) > c->worst_sum ? fabs(sum - 1.0) : c->worst_sum;
    return SILBE_OK;
}

static void compare_paths(const silbe_trellis *g, const trellis_case *c, bool *feasible)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    uint32_t want[64];
    uint32_t got[64];
    double logp = 0.0;
    check_ok(silbe_trellis_reference_size(g, &bytes, &err), err);
    void *scratch = trellis_alloc(bytes);
    silbe_status status =
        silbe_trellis_viterbi_reference(g, &c->emissions, scratch, bytes, want, &logp, &err);
    *feasible = status == SILBE_OK;
    silbe_trellis_options forms[] = {
        {0, 0.0, false}, {0, 0.0, true}, {1, 0.0, false}, {600, 0.0, false}, {0, 1e6, false}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        silbe_trellis_viterbi_result result = {0};
        assert_int_equal(trellis_viterbi(g, &c->emissions, &forms[i], got, &result, &err), status);
        if (status == SILBE_OK) {
            assert_true(result.logp == logp);
            assert_memory_equal(got, want, c->n_frames * sizeof *got);
            assert_false(result.maybe_cut && forms[i].beam_logp == 0.0);
            silbe_trellis_viterbi_result alone = {0};
            check_ok(trellis_viterbi(g, &c->emissions, &forms[i], NULL, &alone, &err), err);
            assert_true(alone.logp == logp);
        }
    }
    free(scratch);
}

/* Ties and all else: the same bits of the score, the same path, on 10,000 inputs of whole numbers
 * and 2,000 others. */
static void path_is_the_references(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20302);
    size_t n_feasible = 0;
    for (size_t i = 0; i < 12000; i++) {
        trellis_case c;
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        bool feasible = false;
        trellis_random_case(&rng, 1 + trellis_below(&rng, 24), 1 + trellis_below(&rng, MOST_WORDS),
                            i % 6 != 0, &c);
        if (trellis_build(&c.text, c.n_frames, &memory, &g, &err) == SILBE_OK) {
            compare_paths(g, &c, &feasible);
        }
        n_feasible += feasible;
        free(memory);
        free(c.values);
    }
    print_message("%zu of 12000 have a path\n", n_feasible);
    assert_true(n_feasible > 6000);
}

static void posteriors_are_the_references(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20303);
    for (size_t i = 0; i < 600; i++) {
        trellis_case c;
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        trellis_random_case(&rng, 1 + trellis_below(&rng, 40), 1 + trellis_below(&rng, MOST_WORDS),
                            false, &c);
        c.emissions.logits = i % 3 == 0;
        if (trellis_build(&c.text, c.n_frames, &memory, &g, &err) == SILBE_OK) {
            size_t n = silbe_trellis_n_states(g);
            size_t size = c.text.n_symbols;
            size_t bytes = 0;
            check_ok(silbe_trellis_reference_size(g, &bytes, &err), err);
            void *scratch = trellis_alloc(bytes);
            double *want = trellis_alloc(c.n_frames * n * sizeof(double));
            double *got = trellis_alloc(c.n_frames * n * sizeof(double));
            double *want_grad = trellis_alloc(c.n_frames * size * sizeof(double));
            float *grad = trellis_alloc(c.n_frames * size * sizeof(float));
            double loss = 0.0;
            silbe_trellis_reference_wanted by_hand = {.posterior = want, .gradient = want_grad};
            silbe_status status = silbe_trellis_posterior_reference(g, &c.emissions, scratch, bytes,
                                                                    &by_hand, &loss, &err);
            collected all = {got, n, 0.0};
            silbe_trellis_wanted wanted = {
                .gradient = grad, .gradient_stride = size, .on_frame = collect, .context = &all};
            silbe_trellis_options forms[] = {{0, 0.0, false}, {1, 0.0, true}, {4000, 0.0, false}};
            double first_loss = 0.0;
            for (size_t k = 0; k < 3; k++) {
                double fast_loss = 0.0;
                assert_int_equal(
                    trellis_posterior(g, &c.emissions, &wanted, &forms[k], &fast_loss, &err),
                    status);
                if (status != SILBE_OK) {
                    continue;
                }
                check_close(fast_loss, loss, 1e-9);
                first_loss = k == 0 ? fast_loss : first_loss;
                assert_true(fast_loss == first_loss);
                assert_true(all.worst_sum < 1e-12);
                for (size_t j = 0; j < c.n_frames * n; j++) {
                    check_close(got[j], want[j], 1e-10);
                }
                for (size_t j = 0; j < c.n_frames * size; j++) {
                    check_close(grad[j], want_grad[j], 1e-6);
                }
            }
            free(scratch);
            free(want);
            free(got);
            free(want_grad);
            free(grad);
        }
        free(memory);
        free(c.values);
    }
}

static void gradient_is_the_difference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20304);
    size_t n_checked = 0;
    for (size_t i = 0; i < 60; i++) {
        trellis_case c;
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        double loss = 0.0;
        trellis_random_case(&rng, 8, 2, false, &c);
        c.emissions.logits = i % 2 == 0;
        size_t size = c.text.n_symbols;
        float *grad = trellis_alloc(c.n_frames * size * sizeof(float));
        silbe_trellis_wanted wanted = {.gradient = grad, .gradient_stride = size};
        if (trellis_build(&c.text, c.n_frames, &memory, &g, &err) == SILBE_OK &&
            trellis_posterior(g, &c.emissions, &wanted, NULL, &loss, &err) == SILBE_OK) {
            for (size_t k = 0; k < c.n_frames * size; k++) {
                float kept = c.values[k];
                if (kept == -INFINITY) {
                    continue;
                }
                double up = 0.0;
                double down = 0.0;
                float high = kept + 0x1p-10F;
                float low = kept - 0x1p-10F;
                c.values[k] = high;
                check_ok(trellis_posterior(g, &c.emissions, NULL, NULL, &up, &err), err);
                c.values[k] = low;
                check_ok(trellis_posterior(g, &c.emissions, NULL, NULL, &down, &err), err);
                c.values[k] = kept;
                check_close(grad[k], (up - down) / ((double)high - (double)low), 2e-4);
                n_checked++;
            }
        }
        free(grad);
        free(memory);
        free(c.values);
    }
    assert_true(n_checked > 300);
}

/* Plain CTC is this trellis with mandatory words and nothing between them. */
static void plain_ctc(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20305);
    for (size_t i = 0; i < 300; i++) {
        trellis_case c;
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        int32_t labels[MOST_WORDS * MOST_LENGTH];
        size_t n_labels = 0;
        size_t n_words = 1 + trellis_below(&rng, MOST_WORDS);
        trellis_random_case(&rng, 1 + trellis_below(&rng, 40), n_words, i % 2 == 0, &c);
        silbe_trellis_text *text = &c.text;
        size_t size = text->n_symbols;
        silbe_trellis_gap nothing = {SILBE_TRELLIS_NEVER, 0.0, SILBE_TRELLIS_NEVER, 0.0};
        text->topology = SILBE_TRELLIS_CTC;
        text->gap_first = text->gap_last = text->gap_lines = text->gap_words = nothing;
        text->n_lines = text->n_anchors = text->n_regions = 0;
        text->durations = NULL;
        for (size_t w = 0; w < n_words; w++) {
            c.words[w].n_pronunciations = 1;
            c.words[w].skip_logp = -(double)INFINITY;
            c.prons[w][0].logp = 0.0;
            for (size_t k = 0; k < c.prons[w][0].n_symbols; k++) {
                int32_t *symbol = &c.symbols[w][0][k];
                *symbol = *symbol <= 0 ? 1 : *symbol;
                labels[n_labels++] = *symbol;
            }
        }
        c.emissions.scale = 0.0;
        c.emissions.logits = i % 3 == 0;
        silbe_ctc_problem ctc = {.values = c.values,
                                 .n_frames = c.n_frames,
                                 .n_symbols = size,
                                 .row_stride = size,
                                 .logits = c.emissions.logits,
                                 .labels = labels,
                                 .n_labels = n_labels,
                                 .blank_penalty = c.emissions.blank_penalty,
                                 .log_prior = c.emissions.log_prior,
                                 .prior_scale = c.emissions.prior_scale};
        silbe_status status = trellis_build(text, c.n_frames, &memory, &g, &err);
        assert_int_equal(status, silbe_ctc_problem_check(&ctc, &err));
        if (status == SILBE_OK) {
            assert_int_equal(silbe_trellis_n_states(g), silbe_ctc_n_states(&ctc));
            assert_int_equal(silbe_trellis_min_frames(g), silbe_ctc_min_frames(&ctc));
            size_t bytes = 0;
            size_t more = 0;
            double loss = 0.0;
            double want_loss = 0.0;
            double logp = 0.0;
            uint32_t want[64];
            uint32_t got[64];
            double want_grad[64 * MOST_SYMBOLS];
            float grad[64 * MOST_SYMBOLS];
            silbe_trellis_viterbi_result best = {0};
            silbe_trellis_wanted wanted = {.gradient = grad, .gradient_stride = size};
            silbe_ctc_reference_wanted by_ctc = {
                .gradient = want_grad,
                .gradient_by = c.emissions.logits ? SILBE_CTC_BY_LOGITS : SILBE_CTC_BY_LOGP};
            check_ok(silbe_ctc_reference_size(&ctc, &bytes, &err), err);
            check_ok(silbe_ctc_viterbi_reference_size(&ctc, &more, &err), err);
            bytes = bytes > more ? bytes : more;
            void *scratch = trellis_alloc(bytes);
            status = silbe_ctc_viterbi_reference(&ctc, scratch, bytes, NULL, want, &logp, &err);
            assert_int_equal(status, trellis_viterbi(g, &c.emissions, NULL, got, &best, &err));
            if (status == SILBE_OK) {
                assert_true(best.logp == logp);
                assert_memory_equal(got, want, c.n_frames * sizeof *got);
                check_ok(silbe_ctc_reference(&ctc, scratch, bytes, &by_ctc, &want_loss, &err), err);
                check_ok(trellis_posterior(g, &c.emissions, &wanted, NULL, &loss, &err), err);
                check_close(loss, want_loss, 1e-9);
                for (size_t k = 0; k < c.n_frames * size; k++) {
                    check_close(grad[k], want_grad[k], 1e-6);
                }
            }
            free(scratch);
        }
        free(memory);
        free(c.values);
    }
}

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
    collected all = {NULL, n_states, 0.0};
    silbe_trellis_wanted wanted = {.on_frame = collect, .context = &all};
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(path_is_the_references),
                                       cmocka_unit_test(posteriors_are_the_references),
                                       cmocka_unit_test(gradient_is_the_difference),
                                       cmocka_unit_test(plain_ctc),
                                       cmocka_unit_test(beam_is_honest),
                                       cmocka_unit_test(beam_knows_what_it_lost),
                                       cmocka_unit_test(long_audio),
                                       cmocka_unit_test(anchors_save_cells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
