/* Viterbi: all paths of tiny problems, the reference on random ones, ties, blocks, beams. */
#include "tests/align/ctc/ctc_test.h"
#include "tests/align/ctc/reference.h"

/* ---- all paths ---- */

typedef struct {
    const silbe_ctc_problem *p;
    uint32_t path[16];
    double e[16][8];
    double best;
    uint32_t best_path[16];
} search;

static bool may_follow(const silbe_ctc_problem *p, uint32_t from, uint32_t to)
{
    if (p->topology == SILBE_CTC_NO_BLANKS) {
        return to % 2 == 1 && (to == from || to == from + 2);
    }
    if (to == from || to == from + 1) {
        return true;
    }
    return to == from + 2 && to % 2 == 1 && p->labels[to / 2] != p->labels[from / 2];
}

/* Whether path a wins a tie against b: at the last frame where they differ, the highest state. */
static bool wins(const uint32_t *a, const uint32_t *b, size_t n)
{
    for (size_t t = n; t-- > 0;) {
        if (a[t] != b[t]) {
            return a[t] > b[t];
        }
    }
    return false;
}

static void enumerate(search *s, size_t t, double sum)
{
    const silbe_ctc_problem *p = s->p;
    uint32_t n_states = (uint32_t)silbe_ctc_n_states(p);
    uint32_t before = t > 0 ? s->path[t - 1] : 0;
    if (t == p->n_frames) {
        if (before + 2 >= n_states && sum > -INFINITY &&
            (sum > s->best || (sum == s->best && wins(s->path, s->best_path, t)))) {
            s->best = sum;
            memcpy(s->best_path, s->path, sizeof s->path);
        }
        return;
    }
    for (uint32_t state = 0; state < n_states; state++) {
        bool blank = state % 2 == 0;
        bool legal = t > 0 ? may_follow(p, before, state) : state < 2;
        if (legal && !(blank && p->topology == SILBE_CTC_NO_BLANKS)) {
            s->path[t] = state;
            enumerate(s, t + 1, sum + s->e[t][blank ? p->blank : (size_t)p->labels[state / 2]]);
        }
    }
}

typedef struct {
    silbe_status status;
    double logp;
    uint32_t *states;
    silbe_ctc_segment *segments;
    silbe_ctc_viterbi_result result;
    silbe_err err;
} outcome;

static outcome outcome_new(const silbe_ctc_problem *p)
{
    outcome o = {.status = SILBE_OK, .err = SILBE_ERR_INIT};
    o.states = ctc_get(p->n_frames * sizeof *o.states);
    o.segments = ctc_get(p->n_labels * sizeof *o.segments);
    return o;
}

static void outcome_free(outcome *o)
{
    free(o->states);
    free(o->segments);
}

static outcome run_fast(const silbe_ctc_problem *p, const silbe_ctc_viterbi_options *options)
{
    outcome o = outcome_new(p);
    size_t bytes = 0;
    check_ok(silbe_ctc_viterbi_scratch_size(p, options, &bytes, &o.err), o.err);
    char *scratch = ctc_get(bytes + 1);
    o.status =
        silbe_ctc_viterbi(p, options, scratch + 1, bytes, o.segments, o.states, &o.result, &o.err);
    o.logp = o.result.logp;
    free(scratch);
    return o;
}

static outcome run_reference(const silbe_ctc_problem *p)
{
    outcome o = outcome_new(p);
    size_t bytes = 0;
    check_ok(silbe_ctc_viterbi_reference_size(p, &bytes, &o.err), o.err);
    void *scratch = ctc_get(bytes + 8);
    o.status =
        silbe_ctc_viterbi_reference(p, scratch, bytes + 8, o.segments, o.states, &o.logp, &o.err);
    free(scratch);
    return o;
}

static void check_same(const silbe_ctc_problem *p, const outcome *a, const outcome *b)
{
    assert_int_equal(a->status, b->status);
    if (a->status == SILBE_OK) {
        assert_memory_equal(&a->logp, &b->logp, sizeof a->logp);
        assert_memory_equal(a->states, b->states, p->n_frames * sizeof *a->states);
        assert_memory_equal(a->segments, b->segments, p->n_labels * sizeof *a->segments);
    }
}

static void is_the_best_of_all_paths(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(1);
    size_t n_infeasible = 0;
    for (int round = 0; round < 600; round++) {
        size_t n_labels = 1 + ctc_below(&rng, 4);
        size_t n_frames = 1 + ctc_below(&rng, 8);
        ctc_case c = ctc_case_new(&rng, n_frames, 3, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_integers(&c, &rng, round % 3 == 0);
        if (n_frames < silbe_ctc_min_frames(&c.problem)) {
            ctc_case_free(&c);
            continue;
        }
        search s = {.p = &c.problem, .best = -INFINITY};
        c.problem.blank_penalty = (double)ctc_below(&rng, 2);
        for (size_t t = 0; t < n_frames; t++) {
            for (size_t k = 0; k < 3; k++) {
                double e = (double)c.values[t * c.problem.row_stride + k];
                bool lower = k == c.problem.blank && c.problem.topology == SILBE_CTC_BLANKS;
                s.e[t][k] = e < -1e8 ? -INFINITY : e - (lower ? c.problem.blank_penalty : 0.0);
            }
        }
        enumerate(&s, 0, 0.0);
        outcome slow = run_reference(&c.problem);
        outcome fast = run_fast(&c.problem, NULL);
        check_same(&c.problem, &fast, &slow);
        if (s.best == -INFINITY) {
            n_infeasible++;
            assert_int_equal(slow.status, SILBE_ERR_INFEASIBLE);
        } else {
            check_ok(slow.status, slow.err);
            check_close(slow.logp, s.best, 0.0);
            assert_memory_equal(slow.states, s.best_path, n_frames * sizeof *slow.states);
        }
        outcome_free(&slow);
        outcome_free(&fast);
        ctc_case_free(&c);
    }
    assert_true(n_infeasible > 3);
}

/* ---- the reference ---- */

static void equals_the_reference_with_ties(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(2);
    size_t n_feasible = 0;
    for (int round = 0; round < 10000; round++) {
        size_t n_labels = 1 + ctc_below(&rng, round % 50 == 0 ? 200 : 40);
        size_t n_frames = n_labels + ctc_below(&rng, 2 * n_labels + 20);
        size_t n_symbols = 2 + ctc_below(&rng, round % 10 == 0 ? 90 : 12);
        ctc_case c =
            ctc_case_new(&rng, n_frames, n_symbols, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_integers(&c, &rng, round % 5 == 0);
        if (n_frames >= silbe_ctc_min_frames(&c.problem)) {
            silbe_ctc_viterbi_options options = SILBE_CTC_VITERBI_OPTIONS_INIT;
            options.max_bytes = 1; /* many small blocks */
            outcome slow = run_reference(&c.problem);
            outcome fast = run_fast(&c.problem, &options);
            check_same(&c.problem, &fast, &slow);
            n_feasible += slow.status == SILBE_OK;
            outcome_free(&slow);
            outcome_free(&fast);
        }
        ctc_case_free(&c);
    }
    print_message("%zu of 10000 have a path\n", n_feasible);
    assert_true(n_feasible > 7000);
}

static void kernels_and_blocks_give_the_same_bits(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(3);
    for (int round = 0; round < 24; round++) {
        size_t n_symbols = round % 3 == 0 ? 20 : round % 3 == 1 ? 40 : 100;
        size_t n_labels = 100 + ctc_below(&rng, 300);
        size_t n_frames = 2 * n_labels + ctc_below(&rng, 1500);
        ctc_case c =
            ctc_case_new(&rng, n_frames, n_symbols, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        outcome slow = run_reference(&c.problem);
        check_ok(slow.status, slow.err);
        for (int kernel = 0; kernel < SILBE_N_KERNELS; kernel++) {
            for (size_t max_bytes = 0; max_bytes <= 200000; max_bytes += 100000) {
                silbe_ctc_viterbi_options o = {(silbe_kernel)kernel, max_bytes, 0.0};
                size_t bytes = 0;
                if (silbe_ctc_viterbi_scratch_size(&c.problem, &o, &bytes, NULL) != SILBE_OK) {
                    continue; /* not on this processor */
                }
                outcome fast = run_fast(&c.problem, &o);
                check_same(&c.problem, &fast, &slow);
                assert_false(fast.result.maybe_cut);
                outcome_free(&fast);
            }
        }
        outcome_free(&slow);
        ctc_case_free(&c);
    }
}

/* ---- beam ---- */

/* Emissions that favour the right label by `clarity` nats. */
static void make_clear(ctc_case *c, check_rng *rng, double clarity)
{
    silbe_ctc_problem *p = &c->problem;
    for (size_t t = 0; t < p->n_frames; t++) {
        float *x = c->values + t * p->row_stride;
        for (size_t k = 0; k < p->n_symbols; k++) {
            x[k] = (float)(-clarity - check_uniform(rng));
        }
        x[p->labels[t * p->n_labels / p->n_frames]] = -0.1F;
    }
}

static void beam_tells_whether_it_may_have_cut(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(4);
    size_t n_proven = 0;
    size_t n_cut = 0;
    size_t n_flagged = 0;
    for (int round = 0; round < 60; round++) {
        bool clear = round % 2 == 0;
        ctc_case c =
            ctc_case_new(&rng, 3000, 12, 900, clear ? SILBE_CTC_NO_BLANKS : SILBE_CTC_BLANKS);
        if (clear) {
            make_clear(&c, &rng, 12.0);
        }
        silbe_ctc_viterbi_options o = {SILBE_KERNEL_AUTO, 1, 0.5 + 60.0 * check_uniform(&rng)};
        outcome exact = run_fast(&c.problem, NULL);
        outcome fast = run_fast(&c.problem, &o);
        check_ok(exact.status, exact.err);
        if (fast.status == SILBE_ERR_INFEASIBLE) {
            n_cut++;
        } else if (fast.logp != exact.logp) {
            n_cut++;
            assert_true(fast.result.maybe_cut);
            assert_true(fast.logp < exact.logp);
        } else if (!fast.result.maybe_cut) {
            n_proven++;
            check_same(&c.problem, &fast, &exact);
        }
        n_flagged += fast.result.maybe_cut;
        if (clear) {
            assert_true(fast.result.n_dropped > 0);
        }
        outcome_free(&exact);
        outcome_free(&fast);
        ctc_case_free(&c);
    }
    print_message("%zu proven, %zu flagged, %zu really cut\n", n_proven, n_flagged, n_cut);
    assert_true(n_proven > 5);
    assert_true(n_flagged > 5);
}

/* ---- segments, known answers, bad input ---- */

static void finds_the_written_segments(void **state)
{
    (void)state;
    /* Symbols: blank, a, b. Labels a, a, b. */
    const int32_t labels[3] = {1, 1, 2};
    const float h = -0.1F;
    const float l = -5.0F;
    const float values[8][3] = {{h, l, l}, {l, h, l}, {l, h, l}, {h, l, l},
                                {l, h, l}, {l, l, h}, {l, l, h}, {h, l, l}};
    const silbe_ctc_segment want[3] = {{1, 3}, {4, 5}, {5, 7}};
    const uint32_t states[8] = {0, 1, 1, 2, 3, 5, 5, 6};
    silbe_ctc_problem p = {.values = &values[0][0],
                           .n_frames = 8,
                           .n_symbols = 3,
                           .row_stride = 3,
                           .labels = labels,
                           .n_labels = 3};
    outcome o = run_fast(&p, NULL);
    check_ok(o.status, o.err);
    assert_memory_equal(o.segments, want, sizeof want);
    assert_memory_equal(o.states, states, sizeof states);
    check_close(o.logp, -0.8, 1e-6);
    silbe_ctc_segment again[3];
    check_ok(silbe_ctc_segments_of_states(states, 8, 3, again, &o.err), o.err);
    assert_memory_equal(again, want, sizeof want);
    const uint32_t wrong[][8] = {{0, 1, 1, 2, 3, 5, 5, 7}, {0, 1, 1, 2, 3, 4, 4, 4},
                                 {2, 3, 3, 3, 3, 5, 5, 6}, {0, 1, 1, 0, 3, 5, 5, 6},
                                 {0, 1, 1, 2, 3, 5, 3, 6}, {0, 1, 1, 2, 5, 5, 5, 6}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(silbe_ctc_segments_of_states(wrong[i], 8, 3, again, &o.err),
                         SILBE_ERR_DATA);
    }
    outcome_free(&o);
}

/* 240,000 frames: finite, near a sum in long double along the path, and every label in place. */
static void long_input_stays_exact(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    const size_t n_frames = 240000;
    ctc_case c = ctc_case_new(&rng, n_frames, 40, 300, SILBE_CTC_BLANKS);
    outcome o = run_fast(&c.problem, NULL);
    check_ok(o.status, o.err);
    long double sum = 0.0L;
    for (size_t t = 0; t < n_frames; t++) {
        size_t k = o.states[t] % 2 == 0 ? c.problem.blank : (size_t)c.labels[o.states[t] / 2];
        sum += (long double)c.values[t * c.problem.row_stride + k];
    }
    check_close(o.logp, (double)sum, 1e-9 * fabs((double)sum));
    silbe_ctc_segment *again = ctc_get(c.problem.n_labels * sizeof *again);
    check_ok(silbe_ctc_segments_of_states(o.states, n_frames, c.problem.n_labels, again, &o.err),
             o.err);
    assert_memory_equal(again, o.segments, c.problem.n_labels * sizeof *again);
    free(again);
    outcome_free(&o);
    ctc_case_free(&c);
}

static void refuses_bad_options(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(6);
    ctc_case c = ctc_case_new(&rng, 20, 5, 4, SILBE_CTC_BLANKS);
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    const silbe_ctc_viterbi_options bad[] = {{SILBE_N_KERNELS, 0, 0.0},
                                             {SILBE_KERNEL_ROWS, 0, 0.0},
                                             {SILBE_KERNEL_AUTO, 0, -1.0},
                                             {SILBE_KERNEL_AUTO, 0, (double)NAN}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(silbe_ctc_viterbi_scratch_size(&c.problem, &bad[i], &bytes, &err),
                         SILBE_ERR_ARGUMENT);
    }
    check_ok(silbe_ctc_viterbi_scratch_size(&c.problem, NULL, &bytes, &err), err);
    char *scratch = ctc_get(bytes);
    silbe_ctc_viterbi_result result;
    assert_int_equal(
        silbe_ctc_viterbi(&c.problem, NULL, scratch, bytes - 64, NULL, NULL, &result, &err),
        SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_ctc_viterbi(&c.problem, NULL, NULL, bytes, NULL, NULL, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_ctc_viterbi(&c.problem, NULL, scratch, bytes, NULL, NULL, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    check_ok(silbe_ctc_viterbi(&c.problem, NULL, scratch, bytes, NULL, NULL, &result, &err), err);
    free(scratch);
    ctc_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_best_of_all_paths),
        cmocka_unit_test(equals_the_reference_with_ties),
        cmocka_unit_test(kernels_and_blocks_give_the_same_bits),
        cmocka_unit_test(beam_tells_whether_it_may_have_cut),
        cmocka_unit_test(finds_the_written_segments),
        cmocka_unit_test(long_input_stays_exact),
        cmocka_unit_test(refuses_bad_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
