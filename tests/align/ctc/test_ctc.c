/* CTC's loss and gradient from outside: all paths of tiny problems, PyTorch, finite differences. */
#include "tests/align/ctc/ctc_outcome.h"
#include "tests/align/ctc/golden_ctc.h"

/* ---- all paths ---- */

typedef struct {
    const silbe_ctc_problem *p;
    uint32_t path[16];
    double e[16][8];
    double total;
    double state[16][16]; /* probability mass through (t, state) */
    double onset[16][8];
} sums;

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

static void add_path(sums *s, double probability)
{
    s->total += probability;
    for (size_t t = 0; t < s->p->n_frames; t++) {
        uint32_t state = s->path[t];
        s->state[t][state] += probability;
        if (state % 2 == 1 && (t == 0 || s->path[t - 1] != state)) {
            s->onset[t][state / 2] += probability;
        }
    }
}

static void enumerate(sums *s, size_t t, double sum)
{
    const silbe_ctc_problem *p = s->p;
    uint32_t n_states = (uint32_t)silbe_ctc_n_states(p);
    uint32_t before = t > 0 ? s->path[t - 1] : 0;
    if (t == p->n_frames) {
        if (before + 2 >= n_states) {
            add_path(s, exp(sum));
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

/* e(t, k) written down once more, in another way. */
static void emissions_by_hand(const silbe_ctc_problem *p, double e[16][8])
{
    for (size_t t = 0; t < p->n_frames; t++) {
        double sum = 0.0;
        for (size_t k = 0; k < p->n_symbols; k++) {
            sum += exp((double)p->values[t * p->row_stride + k]);
        }
        for (size_t k = 0; k < p->n_symbols; k++) {
            double y = exp((double)p->values[t * p->row_stride + k]);
            y /= p->logits ? sum : 1.0;
            y /= p->log_prior != NULL ? exp(p->prior_scale * p->log_prior[k]) : 1.0;
            bool lower = p->topology == SILBE_CTC_BLANKS && k == p->blank;
            e[t][k] = log(y * (lower ? exp(-p->blank_penalty) : 1.0));
        }
    }
}

static void sums_over_all_paths(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(1);
    size_t n_infeasible = 0;
    for (int round = 0; round < 400; round++) {
        size_t n_labels = 1 + ctc_below(&rng, 4);
        size_t n_frames = 1 + ctc_below(&rng, 8);
        ctc_case c = ctc_case_new(&rng, n_frames, 3, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        if (round % 3 == 0) {
            ctc_case_integers(&c, &rng, true);
        }
        const silbe_ctc_problem *p = &c.problem;
        if (n_frames >= silbe_ctc_min_frames(p)) {
            sums s = {.p = p};
            emissions_by_hand(p, s.e);
            enumerate(&s, 0, 0.0);
            outcome fast = run_fast(p, NULL, gradient_of(p), 0.5);
            if (!(s.total > 0.0)) {
                assert_int_equal(fast.status, SILBE_ERR_INFEASIBLE);
                n_infeasible++;
            } else {
                check_ok(fast.status, fast.err);
                check_close(fast.loss, -log(s.total), 1e-12 * (1.0 + fabs(log(s.total))));
                size_t w = silbe_ctc_n_states(p);
                for (size_t t = 0; t < n_frames; t++) {
                    for (size_t i = 0; i < w; i++) {
                        check_close(fast.posterior[t * w + i], s.state[t][i] / s.total, 1e-12);
                    }
                    for (size_t j = 0; j < n_labels; j++) {
                        check_close(fast.onset[t * n_labels + j], s.onset[t][j] / s.total, 1e-12);
                    }
                }
            }
            outcome_free(&fast);
        }
        ctc_case_free(&c);
    }
    assert_true(n_infeasible > 3);
}

/* ---- PyTorch ---- */

static double golden_value(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)((*state >> 40) % 65536) / 8192.0 - 4.0;
}

static void equals_pytorch(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden_cases / sizeof golden_cases[0]; i++) {
        const golden_case *g = &golden_cases[i];
        size_t n = g->n_frames * g->n_symbols;
        float *values = ctc_get(n * sizeof *values);
        uint64_t seed = g->seed;
        for (size_t k = 0; k < n; k++) {
            values[k] = (float)golden_value(&seed);
        }
        for (size_t k = 0; k < g->n_infinite; k++) {
            values[g->infinite[k][0] * g->n_symbols + g->infinite[k][1]] = -INFINITY;
        }
        silbe_ctc_problem p = {.values = values,
                               .n_frames = g->n_frames,
                               .n_symbols = g->n_symbols,
                               .row_stride = g->n_symbols,
                               .logits = g->logits,
                               .labels = g->labels,
                               .n_labels = g->n_labels,
                               .blank = g->blank};
        outcome fast = run_fast(&p, NULL, gradient_of(&p), 0.5);
        slow_outcome slow = run_slow(&p, gradient_of(&p));
        check_ok(fast.status, fast.err);
        check_close(fast.loss, g->loss, 1e-11 * (1.0 + fabs(g->loss)));
        check_close(slow.loss, g->loss, 1e-11 * (1.0 + fabs(g->loss)));
        for (size_t k = 0; k < n; k++) {
            check_close(fast.gradient[k], g->gradient[k], 1e-7);
            check_close(slow.gradient[k], g->gradient[k], 1e-11);
        }
        outcome_free(&fast);
        slow_free(&slow);
        free(values);
    }
}

/* ---- identities ---- */

/* Equation 8 at every frame: the sum over states of alpha beta / y. */
static void forward_meets_backward(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    ctc_case c = ctc_case_new(&rng, 90, 6, 20, SILBE_CTC_BLANKS);
    const silbe_ctc_problem *p = &c.problem;
    slow_outcome slow = run_slow(p, SILBE_CTC_BY_LOGP);
    size_t w = silbe_ctc_n_states(p);
    for (size_t t = 0; t < p->n_frames; t++) {
        double sum = 0.0;
        for (size_t s = 0; s < w; s++) {
            size_t k = s % 2 == 0 ? p->blank : (size_t)p->labels[s / 2];
            double y = (double)p->values[t * p->row_stride + k];
            sum += exp(slow.alpha[t * w + s] + slow.beta[t * w + s] - y + slow.loss);
        }
        check_close(sum, 1.0, 1e-11);
    }
    slow_free(&slow);
    ctc_case_free(&c);
}

static double loss_of(const silbe_ctc_problem *p)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    size_t bytes = 0;
    check_ok(silbe_ctc_scratch_size(p, NULL, NULL, &bytes, &err), err);
    void *scratch = ctc_get(bytes);
    check_ok(silbe_ctc_run(p, NULL, NULL, scratch, bytes, &result, &err), err);
    free(scratch);
    return result.loss;
}

static void gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(6);
    for (int round = 0; round < 8; round++) {
        ctc_case c = ctc_case_new(&rng, 25, 5, 8, (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        c.problem.logits = round % 4 < 2;
        outcome fast = run_fast(&c.problem, NULL, gradient_of(&c.problem), 0.5);
        check_ok(fast.status, fast.err);
        for (size_t t = 0; t < 25; t++) {
            for (size_t k = 0; k < 5; k++) {
                float *x = c.values + t * c.problem.row_stride + k;
                float middle = *x;
                volatile float high = middle + 0x1p-9F;
                volatile float low = middle - 0x1p-9F;
                *x = high;
                double up = loss_of(&c.problem);
                *x = low;
                double down = loss_of(&c.problem);
                *x = middle;
                double slope = (up - down) / ((double)high - (double)low);
                check_close(fast.gradient[t * 5 + k], slope, 2e-6);
            }
        }
        outcome_free(&fast);
        ctc_case_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_over_all_paths),
        cmocka_unit_test(equals_pytorch),
        cmocka_unit_test(forward_meets_backward),
        cmocka_unit_test(gradient_is_that_of_finite_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
