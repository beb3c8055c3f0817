/* Fast kernels against the reference, plain CTC and finite differences. */
#include "trellis_test.h"

#include <math.h>

#include "tests/align/ctc/reference.h"

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
            trellis_collected all = {got, n, 0.0};
            silbe_trellis_wanted wanted = {.gradient = grad,
                                           .gradient_stride = size,
                                           .on_frame = trellis_collect,
                                           .context = &all};
            silbe_trellis_options forms[] = {{0, 0.0, false}, {1, 0.0, true}, {4000, 0.0, false}};
            double first_loss = 0.0;
            double *first = trellis_alloc(c.n_frames * n * sizeof(double));
            float *first_grad = trellis_alloc(c.n_frames * size * sizeof(float));
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
                if (k == 0) {
                    memcpy(first, got, c.n_frames * n * sizeof *got);
                    memcpy(first_grad, grad, c.n_frames * size * sizeof *grad);
                }
                assert_memory_equal(first, got, c.n_frames * n * sizeof *got);
                assert_memory_equal(first_grad, grad, c.n_frames * size * sizeof *grad);
                assert_true(all.worst_sum < 1e-12);
                for (size_t j = 0; j < c.n_frames * n; j++) {
                    check_close(got[j], want[j], 1e-10);
                }
                for (size_t j = 0; j < c.n_frames * size; j++) {
                    check_close(grad[j], want_grad[j], 1e-6);
                }
            }
            free(scratch);
            free(first);
            free(first_grad);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_is_the_references),
        cmocka_unit_test(posteriors_are_the_references),
        cmocka_unit_test(gradient_is_the_difference),
        cmocka_unit_test(plain_ctc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
