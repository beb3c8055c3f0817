/* A batch of sequences over OpenMP by the caller: with 1 and 8 threads, each with scratch of its
 * own, whatever was in it before, every kernel gives the same bytes. */
#include <omp.h>
#include <string.h>

#include "align/ctc/ctc.h"
#include "align/ctc/viterbi.h"
#include "align/dtw/dtw.h"
#include "align/softdtw/softdtw.h"
#include "align/trellis/posterior.h"
#include "align/trellis/viterbi.h"
#include "tests/check.h"

enum {
    N_ITEMS = 24,
    N_SYMBOLS = 9,
    N_DIMS = 5,
    MOST_FRAMES = 500,
    MOST_LABELS = 90,
    MOST_COLS = 140,
    WORD_LENGTH = 3,
    MOST_WORDS = MOST_LABELS / WORD_LENGTH,
};

/* One sequence: what goes in, read by all kernels. */
typedef struct {
    size_t n_frames;
    size_t n_labels;
    size_t n_cols;
    float values[MOST_FRAMES * N_SYMBOLS];
    int32_t labels[MOST_LABELS];
    float x[MOST_FRAMES * N_DIMS];
    float y_t[MOST_COLS * N_DIMS];
    double cost[MOST_FRAMES * MOST_COLS];
} item;

/* What comes out. Compared byte by byte, so made of zeros before. */
typedef struct {
    silbe_status status[5];
    double loss;
    float gradient[MOST_FRAMES * N_SYMBOLS];
    silbe_ctc_onset onsets[MOST_LABELS];
    double logp;
    silbe_ctc_segment segments[MOST_LABELS];
    double dtw_cost;
    size_t path_length;
    silbe_path_point path[MOST_FRAMES + MOST_COLS];
    double softdtw_value;
    double e[MOST_FRAMES * MOST_COLS];
    double trellis_logp;
    double trellis_loss;
    uint32_t trellis_path[MOST_FRAMES];
    float trellis_gradient[MOST_FRAMES * N_SYMBOLS];
} outcome;

/* Fills memory with something else in every call. */
static void *dirty(size_t bytes, int fill)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    if (data != NULL) {
        memset(data, fill, bytes);
    }
    return data;
}

static void make_item(check_rng *rng, item *in)
{
    in->n_frames = 350 + check_random(rng) % (MOST_FRAMES - 350);
    in->n_labels = WORD_LENGTH * (5 + check_random(rng) % (MOST_WORDS - 5));
    in->n_cols = 20 + check_random(rng) % (MOST_COLS - 20);
    for (size_t i = 0; i < MOST_FRAMES * N_SYMBOLS; i++) {
        in->values[i] = (float)(-6.0 * check_uniform(rng));
    }
    for (size_t j = 0; j < in->n_labels; j++) {
        in->labels[j] = (int32_t)(1 + check_random(rng) % (N_SYMBOLS - 2));
    }
    for (size_t i = 0; i < MOST_FRAMES * N_DIMS; i++) {
        in->x[i] = (float)check_uniform(rng);
    }
    for (size_t i = 0; i < MOST_COLS * N_DIMS; i++) {
        in->y_t[i] = (float)check_uniform(rng);
    }
    for (size_t i = 0; i < MOST_FRAMES * MOST_COLS; i++) {
        in->cost[i] = 2.0 * check_uniform(rng);
    }
}

static silbe_status run_loss(const silbe_ctc_problem *p, int fill, outcome *out)
{
    silbe_ctc_wanted wanted = {.gradient = out->gradient,
                               .gradient_stride = N_SYMBOLS,
                               .gradient_by = SILBE_CTC_BY_LOGITS,
                               .onsets = out->onsets,
                               .interval_mass = 0.9};
    silbe_ctc_result result = {0};
    size_t bytes = 0;
    silbe_status status = silbe_ctc_scratch_size(p, &wanted, NULL, &bytes, NULL);
    void *scratch = dirty(bytes, fill);
    if (status == SILBE_OK) {
        status = silbe_ctc_run(p, &wanted, NULL, scratch, bytes, &result, NULL);
    }
    out->loss = result.loss;
    free(scratch);
    return status;
}

static silbe_status run_viterbi(const silbe_ctc_problem *p, int fill, outcome *out)
{
    silbe_ctc_viterbi_result result = {0};
    size_t bytes = 0;
    silbe_status status = silbe_ctc_viterbi_scratch_size(p, NULL, &bytes, NULL);
    void *scratch = dirty(bytes, fill);
    if (status == SILBE_OK) {
        status = silbe_ctc_viterbi(p, NULL, scratch, bytes, out->segments, NULL, &result, NULL);
    }
    out->logp = result.logp;
    free(scratch);
    return status;
}

static silbe_status run_dtw(const item *in, int fill, outcome *out)
{
    silbe_dtw_features features = {in->x, in->y_t, N_DIMS, in->n_cols};
    silbe_dtw_problem p = {.n_rows = in->n_frames,
                           .n_cols = in->n_cols,
                           .cost = silbe_dtw_cosine_cost,
                           .context = &features,
                           .steps = silbe_path_steps_classical(2.0, 1.5, 1.5)};
    silbe_dtw_result result = {0};
    size_t bytes = 0;
    silbe_status status = silbe_dtw_scratch_size(&p, NULL, &bytes, NULL);
    void *scratch = dirty(bytes, fill);
    if (status == SILBE_OK) {
        status = silbe_dtw_run(&p, NULL, scratch, bytes, out->path, MOST_FRAMES + MOST_COLS,
                               &result, NULL);
    }
    out->dtw_cost = result.cost;
    out->path_length = result.path_length;
    free(scratch);
    return status;
}

static silbe_status run_softdtw(const item *in, int fill, outcome *out)
{
    silbe_softdtw_problem p = {.n_rows = in->n_frames,
                               .n_cols = in->n_cols,
                               .cost = in->cost,
                               .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                               .gamma = 0.1};
    silbe_softdtw_gradient gradient = {out->e, NULL, NULL};
    silbe_softdtw_result result = {0};
    size_t bytes = 0;
    silbe_status status = silbe_softdtw_scratch_size(&p, NULL, &gradient, &bytes, NULL);
    void *scratch = dirty(bytes, fill);
    if (status == SILBE_OK) {
        status = silbe_softdtw_run(&p, NULL, scratch, bytes, &gradient, &result, NULL);
    }
    out->softdtw_value = result.value;
    free(scratch);
    return status;
}

/* Both kernels on a graph that is built here. */
static silbe_status run_trellis(const item *in, int fill, outcome *out)
{
    silbe_trellis_pronunciation prons[MOST_WORDS];
    silbe_trellis_word words[MOST_WORDS];
    for (size_t w = 0; w < in->n_labels / WORD_LENGTH; w++) {
        prons[w] = (silbe_trellis_pronunciation){in->labels + w * WORD_LENGTH, WORD_LENGTH, 0.0};
        words[w] = (silbe_trellis_word){&prons[w], 1, w % 4 == 1 ? -3.0 : -(double)INFINITY};
    }
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, -0.7, SILBE_TRELLIS_OPTIONAL, -2.0};
    silbe_trellis_text text = {.words = words,
                               .n_words = in->n_labels / WORD_LENGTH,
                               .topology = SILBE_TRELLIS_CTC,
                               .n_symbols = N_SYMBOLS,
                               .silence = N_SYMBOLS - 1,
                               .gap_first = gap,
                               .gap_last = gap,
                               .gap_lines = gap,
                               .gap_words = gap};
    silbe_trellis_emissions emissions = {.values = in->values,
                                         .n_frames = in->n_frames,
                                         .n_symbols = N_SYMBOLS,
                                         .row_stride = N_SYMBOLS,
                                         .logits = true,
                                         .wildcard_penalty = 1.0};
    silbe_trellis_wanted wanted = {.gradient = out->trellis_gradient, .gradient_stride = N_SYMBOLS};
    silbe_trellis_viterbi_result best = {0};
    silbe_trellis_posterior_result sum = {0};
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    size_t best_bytes = 0;
    size_t sum_bytes = 0;
    void *scratch = NULL;
    silbe_status status = silbe_trellis_size(&text, in->n_frames, &bytes, NULL);
    void *memory = dirty(bytes, fill);
    if (status != SILBE_OK ||
        (status = silbe_trellis_init(&text, in->n_frames, memory, bytes, &g, NULL)) != SILBE_OK ||
        (status = silbe_trellis_viterbi_size(g, NULL, &best_bytes, NULL)) != SILBE_OK ||
        (status = silbe_trellis_posterior_size(g, &wanted, NULL, &sum_bytes, NULL)) != SILBE_OK) {
        goto done;
    }
    scratch = dirty(best_bytes > sum_bytes ? best_bytes : sum_bytes, fill);
    status = silbe_trellis_viterbi(g, &emissions, NULL, scratch, best_bytes, out->trellis_path,
                                   &best, NULL);
    if (status == SILBE_OK) {
        status =
            silbe_trellis_posterior(g, &emissions, &wanted, NULL, scratch, sum_bytes, &sum, NULL);
    }
    out->trellis_logp = best.logp;
    out->trellis_loss = sum.loss;
done:
    free(scratch);
    free(memory);
    return status;
}

static void run_item(const item *in, int fill, outcome *out)
{
    silbe_ctc_problem p = {.values = in->values,
                           .n_frames = in->n_frames,
                           .n_symbols = N_SYMBOLS,
                           .row_stride = N_SYMBOLS,
                           .logits = true,
                           .labels = in->labels,
                           .n_labels = in->n_labels};
    memset(out, 0, sizeof *out);
    out->status[0] = run_loss(&p, fill, out);
    out->status[1] = run_viterbi(&p, fill, out);
    out->status[2] = run_dtw(in, fill, out);
    out->status[3] = run_softdtw(in, fill, out);
    out->status[4] = run_trellis(in, fill, out);
}

/* No assertion inside: cmocka leaves a test by longjmp, which threads must not. Returns how many
 * threads there were. */
static int run_batch(const item *items, int n_threads, int fill, outcome *out)
{
    int n_used = 0;
#pragma omp parallel num_threads(n_threads)
    {
#pragma omp single
        n_used = omp_get_num_threads();
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < N_ITEMS; i++) {
            run_item(&items[i], fill, &out[i]);
        }
    }
    return n_used;
}

static void batches_are_the_same_bytes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(77);
    item *items = malloc(N_ITEMS * sizeof *items);
    outcome *one = malloc(N_ITEMS * sizeof *one);
    outcome *eight = malloc(N_ITEMS * sizeof *eight);
    assert_true(items != NULL && one != NULL && eight != NULL);
    for (size_t i = 0; i < N_ITEMS; i++) {
        make_item(&rng, &items[i]);
    }
    omp_set_dynamic(0);
    assert_int_equal(run_batch(items, 1, 0, one), 1);
    assert_int_equal(run_batch(items, 8, 0xff, eight), 8); /* bytes that read as NaN */
    for (size_t i = 0; i < N_ITEMS; i++) {
        for (size_t k = 0; k < 5; k++) {
            assert_int_equal(one[i].status[k], SILBE_OK);
        }
        check_close(one[i].loss, one[i].loss, 0.0); /* finite */
        check_close(one[i].softdtw_value, one[i].softdtw_value, 0.0);
        assert_true(one[i].logp <= -one[i].loss && one[i].trellis_logp <= -one[i].trellis_loss);
        assert_true(one[i].path_length >= items[i].n_frames);
        assert_memory_equal(&one[i], &eight[i], sizeof one[i]);
    }
    free(items);
    free(one);
    free(eight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(batches_are_the_same_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
