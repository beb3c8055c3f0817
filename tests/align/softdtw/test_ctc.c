/* CTC as soft-DTW against enumeration of all labellings, and against align/ctc. */
#include "tests/align/softdtw/softdtw_test.h"

#include "align/ctc/ctc.h"
#include "align/path/unfold.h"
#include "tests/align/softdtw/ctc_steps.h"

enum { MAX_LABELS = 12, MAX_STATES = 2 * MAX_LABELS + 1, MAX_FRAMES = 60, MAX_SYMBOLS = 7 };

typedef struct {
    float logp[MAX_FRAMES * MAX_SYMBOLS];
    int32_t labels[MAX_LABELS];
    int32_t states[MAX_STATES];
    uint16_t column_steps[MAX_STATES];
    unsigned char starts[MAX_STATES];
    unsigned char ends[MAX_STATES];
    silbe_softdtw_ctc ctc;
    silbe_softdtw_problem problem;
} ctc_case;

static void make_arrays(ctc_case *c)
{
    c->ctc = (silbe_softdtw_ctc){
        .states = c->states, .column_steps = c->column_steps, .starts = c->starts, .ends = c->ends};
}

static silbe_status random_ctc(check_rng *rng, ctc_case *c, size_t n_frames, size_t n_symbols,
                               size_t n_labels, int32_t blank, silbe_err *err)
{
    for (size_t t = 0; t < n_frames; t++) {
        double sum = 0.0;
        double p[MAX_SYMBOLS];
        for (size_t s = 0; s < n_symbols; s++) {
            p[s] = exp(4.0 * check_uniform(rng));
            sum += p[s];
        }
        for (size_t s = 0; s < n_symbols; s++) {
            c->logp[t * n_symbols + s] = (float)log(p[s] / sum);
        }
    }
    for (size_t i = 0; i < n_labels; i++) { /* repetitions happen */
        do {
            c->labels[i] = (int32_t)soft_below(rng, n_symbols);
        } while (c->labels[i] == blank);
    }
    make_arrays(c);
    return silbe_softdtw_ctc_setup(&c->ctc, c->logp, n_frames, n_symbols, c->labels, n_labels,
                                   blank, &c->problem, err);
}

/* Graves' definition: the sum over all symbol sequences that collapse to the labels. */
static void enumerate(const ctc_case *c, size_t n_frames, size_t n_symbols, size_t n_labels,
                      int32_t blank, double *loss, double *d_logp)
{
    double total = 0.0;
    int32_t symbols[8];
    int32_t collapsed[8];
    size_t n_sequences = 1;
    for (size_t t = 0; t < n_frames; t++) {
        n_sequences *= n_symbols;
    }
    memset(d_logp, 0, n_frames * n_symbols * sizeof *d_logp);
    for (size_t i = 0; i < n_sequences; i++) {
        double logp = 0.0;
        size_t rest = i;
        for (size_t t = 0; t < n_frames; t++, rest /= n_symbols) {
            symbols[t] = (int32_t)(rest % n_symbols);
            logp += (double)c->logp[t * n_symbols + (size_t)symbols[t]];
        }
        size_t n = silbe_labels_collapse(symbols, n_frames, blank, collapsed, NULL);
        if (n != n_labels || memcmp(collapsed, c->labels, n * sizeof *collapsed) != 0) {
            continue;
        }
        total += exp(logp);
        for (size_t t = 0; t < n_frames; t++) {
            d_logp[t * n_symbols + (size_t)symbols[t]] -= exp(logp);
        }
    }
    *loss = -log(total);
    for (size_t i = 0; i < n_frames * n_symbols; i++) {
        d_logp[i] /= total;
    }
}

static void test_enumeration(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(51);
    size_t n_feasible = 0;
    for (int i = 0; i < 300; i++) {
        ctc_case c;
        silbe_err err = SILBE_ERR_INIT;
        size_t n_frames = 1 + soft_below(&rng, 6);
        size_t n_symbols = 2 + soft_below(&rng, 2);
        size_t n_labels = soft_below(&rng, 4);
        int32_t blank = (int32_t)soft_below(&rng, n_symbols);
        double loss = 0.0;
        double want[64];
        double got[64];
        silbe_status status = random_ctc(&rng, &c, n_frames, n_symbols, n_labels, blank, &err);
        enumerate(&c, n_frames, n_symbols, n_labels, blank, &loss, want);
        if (!isfinite(loss)) {
            assert_int_equal(status, SILBE_ERR_INFEASIBLE);
            continue;
        }
        check_ok(status, err);
        soft_answer a = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        check_ok(a.status, a.err);
        check_close(a.result.value, loss, 1e-10);
        silbe_softdtw_ctc_gradient(&c.ctc, &c.problem, a.e, got);
        for (size_t j = 0; j < n_frames * n_symbols; j++) {
            check_close(got[j], want[j], 1e-10);
        }
        n_feasible++;
        soft_free(&a);
    }
    assert_true(n_feasible > 150);
}

static void test_same_as_ctc(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(52);
    for (int i = 0; i < 100; i++) {
        ctc_case c;
        silbe_err err = SILBE_ERR_INIT;
        size_t n_labels = 1 + soft_below(&rng, MAX_LABELS);
        size_t n_frames = 2 * MAX_LABELS + soft_below(&rng, MAX_FRAMES - 2 * MAX_LABELS);
        size_t n_symbols = 2 + soft_below(&rng, MAX_SYMBOLS - 1);
        check_ok(random_ctc(&rng, &c, n_frames, n_symbols, n_labels, 0, &err), err);
        silbe_ctc_problem p = {.values = c.logp,
                               .n_frames = n_frames,
                               .n_symbols = n_symbols,
                               .row_stride = n_symbols,
                               .labels = c.labels,
                               .n_labels = n_labels};
        double posteriors[MAX_FRAMES * MAX_STATES];
        silbe_ctc_state_matrix matrix = {posteriors, c.problem.n_cols, n_labels};
        silbe_ctc_wanted wanted = {.on_block = silbe_ctc_copy_states, .context = &matrix};
        silbe_ctc_result result;
        size_t bytes = 0;
        check_ok(silbe_ctc_scratch_size(&p, &wanted, NULL, &bytes, &err), err);
        void *scratch = soft_alloc(bytes);
        check_ok(silbe_ctc_run(&p, &wanted, NULL, scratch, bytes, &result, &err), err);
        soft_answer a = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
        check_ok(a.status, a.err);
        check_close(a.result.value, result.loss, 1e-10 * (1.0 + result.loss));
        for (size_t j = 0; j < n_frames * c.problem.n_cols; j++) {
            check_close(a.e[j], posteriors[j], 1e-10);
        }
        soft_free(&a);
        free(scratch);
    }
}

static void test_bad_input(void **state)
{
    (void)state;
    ctc_case c;
    silbe_err err = SILBE_ERR_INIT;
    float logp[12] = {0};
    const int32_t repeated[2] = {1, 1};
    const int32_t with_blank[2] = {1, 0};
    const int32_t unknown[2] = {1, 3};
    make_arrays(&c);
#define SETUP(frames, symbols, labels, n, blank)                                                   \
    silbe_softdtw_ctc_setup(&c.ctc, logp, frames, symbols, labels, n, blank, &c.problem, &err)
    assert_int_equal(SETUP(2, 3, repeated, 2, 0), SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(err.message, "need 3 frames, got 2"));
    check_ok(SETUP(3, 3, repeated, 2, 0), err);
    assert_int_equal(SETUP(3, 3, with_blank, 2, 0), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "label 1 is 0"));
    assert_int_equal(SETUP(3, 3, unknown, 2, 0), SILBE_ERR_ARGUMENT);
    assert_int_equal(SETUP(0, 3, repeated, 2, 0), SILBE_ERR_ARGUMENT);
    assert_int_equal(SETUP(3, 3, repeated, 2, 3), SILBE_ERR_ARGUMENT);
    assert_int_equal(SETUP(3, 3, repeated, 2, -1), SILBE_ERR_ARGUMENT);
    assert_int_equal(SETUP(3, 3, NULL, 2, 0), SILBE_ERR_ARGUMENT);
    assert_int_equal(SETUP(3, 3, repeated, SIZE_MAX / 2, 0), SILBE_ERR_MEMORY);
    assert_int_equal(SETUP(SIZE_MAX / 4, 3, repeated, 2, 0), SILBE_ERR_MEMORY);
#undef SETUP
    for (size_t i = 0; i < 9; i++) {
        logp[i] = -INFINITY;
    }
    check_ok(silbe_softdtw_ctc_setup(&c.ctc, logp, 3, 3, repeated, 2, 0, &c.problem, &err), err);
    soft_answer a = soft_run(&c.problem, SILBE_KERNEL_AUTO, SOFT_E);
    assert_int_equal(a.status, SILBE_ERR_INFEASIBLE); /* never a loss of 0 */
    soft_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enumeration),
        cmocka_unit_test(test_same_as_ctc),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
