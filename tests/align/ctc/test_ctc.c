/* CTC's forward-backward: all paths of tiny problems, PyTorch, finite differences, the reference.
 */
#include "align/ctc/reference.h"
#include "tests/align/ctc/ctc_test.h"
#include "tests/align/ctc/golden_ctc.h"

/* ---- everything at once ---- */

typedef struct {
    silbe_status status;
    double loss;
    float *gradient;   /* T x S */
    double *posterior; /* T x W */
    double *onset;     /* T x L */
    silbe_ctc_onset *onsets;
    silbe_ctc_result result;
    silbe_err err;
    silbe_ctc_state_matrix states;
    size_t next_end; /* frame at which the next block should end */
} outcome;

static silbe_status keep_block(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    outcome *o = context;
    size_t n = o->states.n_labels;
    assert_int_equal(block->end_frame, o->next_end);
    assert_true(block->begin_frame < block->end_frame);
    o->next_end = block->begin_frame;
    for (size_t t = block->begin_frame; t < block->end_frame; t++) {
        memcpy(o->onset + t * n, block->onset + (t - block->begin_frame) * block->stride,
               n * sizeof *o->onset);
    }
    return silbe_ctc_copy_states(&o->states, block, err);
}

static outcome run_fast(const silbe_ctc_problem *p, const silbe_ctc_options *options,
                        silbe_ctc_gradient by, double interval_mass)
{
    outcome o = {.err = SILBE_ERR_INIT, .next_end = p->n_frames};
    size_t w = silbe_ctc_n_states(p);
    size_t bytes = 0;
    o.gradient = ctc_get(p->n_frames * p->n_symbols * sizeof *o.gradient);
    o.posterior = ctc_get(p->n_frames * w * sizeof *o.posterior);
    o.onset = ctc_get(p->n_frames * p->n_labels * sizeof *o.onset);
    o.onsets = ctc_get(p->n_labels * sizeof *o.onsets);
    o.states = (silbe_ctc_state_matrix){o.posterior, w, p->n_labels};
    size_t *near = ctc_get(p->n_labels * sizeof *near);
    for (size_t j = 0; j < p->n_labels; j++) {
        near[j] = j * p->n_frames / p->n_labels;
    }
    silbe_ctc_wanted wanted = {.gradient = o.gradient,
                               .gradient_stride = p->n_symbols,
                               .gradient_by = by,
                               .on_block = keep_block,
                               .context = &o,
                               .block_onsets = true,
                               .onsets = o.onsets,
                               .near_frame = near,
                               .near_radius = 2,
                               .interval_mass = interval_mass};
    check_ok(silbe_ctc_scratch_size(p, &wanted, options, &bytes, &o.err), o.err);
    char *scratch = ctc_get(bytes + 1);
    o.status = silbe_ctc_run(p, &wanted, options, scratch + 1, bytes, &o.result, &o.err);
    o.loss = o.result.loss;
    free(scratch);
    free(near);
    return o;
}

static void outcome_free(outcome *o)
{
    free(o->gradient);
    free(o->posterior);
    free(o->onset);
    free(o->onsets);
}

typedef struct {
    silbe_status status;
    double loss;
    double *alpha;
    double *beta;
    double *posterior;
    double *onset;
    double *gradient;
} slow_outcome;

static slow_outcome run_slow(const silbe_ctc_problem *p, silbe_ctc_gradient by)
{
    silbe_err err = SILBE_ERR_INIT;
    slow_outcome o = {0};
    size_t bytes = 0;
    size_t n = p->n_frames * silbe_ctc_n_states(p) * sizeof(double);
    o.alpha = ctc_get(n);
    o.beta = ctc_get(n);
    o.posterior = ctc_get(n);
    o.onset = ctc_get(p->n_frames * p->n_labels * sizeof *o.onset);
    o.gradient = ctc_get(p->n_frames * p->n_symbols * sizeof *o.gradient);
    silbe_ctc_reference_wanted wanted = {o.alpha, o.beta, o.posterior, o.onset, o.gradient, by};
    check_ok(silbe_ctc_reference_size(p, &bytes, &err), err);
    void *scratch = ctc_get(bytes + 8);
    o.status = silbe_ctc_reference(p, scratch, bytes + 8, &wanted, &o.loss, &err);
    free(scratch);
    return o;
}

static void slow_free(slow_outcome *o)
{
    free(o->alpha);
    free(o->beta);
    free(o->posterior);
    free(o->onset);
    free(o->gradient);
}

static silbe_ctc_gradient gradient_of(const silbe_ctc_problem *p)
{
    return p->logits ? SILBE_CTC_BY_LOGITS : SILBE_CTC_BY_LOGP;
}

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

/* ---- the reference ---- */

static void check_against_reference(const silbe_ctc_problem *p, const silbe_ctc_options *options)
{
    size_t w = silbe_ctc_n_states(p);
    outcome fast = run_fast(p, options, gradient_of(p), 0.9);
    slow_outcome slow = run_slow(p, gradient_of(p));
    check_ok(fast.status, fast.err);
    assert_int_equal(slow.status, SILBE_OK);
    assert_int_equal(fast.next_end, 0);
    check_close(fast.loss, slow.loss, 1e-11 * (1.0 + fabs(slow.loss)));
    for (size_t i = 0; i < p->n_frames * w; i++) {
        /* Relative, down to what a double holds. */
        check_close(fast.posterior[i], slow.posterior[i], 1e-10 * slow.posterior[i] + 1e-280);
    }
    for (size_t i = 0; i < p->n_frames * p->n_labels; i++) {
        check_close(fast.onset[i], slow.onset[i], 1e-10 * slow.onset[i] + 1e-280);
    }
    for (size_t i = 0; i < p->n_frames * p->n_symbols; i++) {
        check_close(fast.gradient[i], slow.gradient[i], 1e-7);
    }
    for (size_t t = 0; t < p->n_frames; t++) {
        double sum = 0.0;
        for (size_t s = 0; s < w; s++) {
            sum += fast.posterior[t * w + s];
        }
        check_close(sum, 1.0, 1e-10);
    }
    outcome_free(&fast);
    slow_free(&slow);
}

static void equals_the_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(2);
    for (int round = 0; round < 300; round++) {
        size_t n_labels = 1 + ctc_below(&rng, round % 10 == 0 ? 150 : 40);
        size_t n_frames = 2 * n_labels + ctc_below(&rng, 200);
        size_t n_symbols = 2 + ctc_below(&rng, round % 20 == 0 ? 2000 : 12);
        ctc_case c =
            ctc_case_new(&rng, n_frames, n_symbols, n_labels, (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        silbe_ctc_options options = {SILBE_CTC_KERNEL_AUTO, round % 3 == 0 ? 1 : 0};
        check_against_reference(&c.problem, &options);
        ctc_case_free(&c);
    }
}

/* As many frames as labels need: a single path, or nearly. */
static void equals_the_reference_where_it_is_tight(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(3);
    for (int round = 0; round < 60; round++) {
        size_t n_labels = 1 + ctc_below(&rng, 200);
        ctc_case c = ctc_case_new(&rng, 2 * n_labels, 5, n_labels, (silbe_ctc_topology)(round % 2));
        c.problem.n_frames = silbe_ctc_min_frames(&c.problem) + ctc_below(&rng, 3);
        c.problem.n_frames = c.problem.n_frames < 2 * n_labels ? c.problem.n_frames : 2 * n_labels;
        check_against_reference(&c.problem, NULL);
        ctc_case_free(&c);
    }
}

/* States that lie e^-5000 and further below the best: labels that the emissions contradict for a
 * long time, and need in the end. */
static void equals_the_reference_far_below_the_best(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(4);
    for (int round = 0; round < 12; round++) {
        ctc_case c = ctc_case_new(&rng, 300, 8, 70, (silbe_ctc_topology)(round % 2));
        for (size_t t = 0; t < 300; t++) {
            float *x = c.values + t * c.problem.row_stride;
            for (size_t k = 0; k < 8; k++) {
                bool good = t < 200 ? k == 1 : k == 3 + t % 3;
                x[k] = good ? -0.01F : (float)(-700.0 * check_uniform(&rng) - 100.0);
                if (t % 50 == 7 && !good) {
                    x[k] *= 20.0F; /* beyond the exponents of a double in one frame */
                }
            }
        }
        check_against_reference(&c.problem, NULL);
        ctc_case_free(&c);
    }
}

/* Without a block function less is cleared; the gradient should not see it. */
static void check_gradient_alone(const silbe_ctc_problem *p)
{
    outcome all = run_fast(p, NULL, gradient_of(p), 0.5);
    silbe_ctc_result result;
    size_t bytes = 0;
    size_t n = p->n_frames * p->n_symbols * sizeof(float);
    float *gradient = ctc_get(n);
    silbe_ctc_wanted wanted = {
        .gradient = gradient, .gradient_stride = p->n_symbols, .gradient_by = gradient_of(p)};
    check_ok(silbe_ctc_scratch_size(p, &wanted, NULL, &bytes, &all.err), all.err);
    void *scratch = ctc_get(bytes);
    memset(scratch, 0xff, bytes); /* NaN, wherever it is read before it is written */
    check_ok(silbe_ctc_run(p, &wanted, NULL, scratch, bytes, &result, &all.err), all.err);
    assert_memory_equal(gradient, all.gradient, n);
    free(scratch);
    free(gradient);
    outcome_free(&all);
}

/* A clear song: most units of a leaf have no posterior and are left out. */
static void equals_the_reference_where_little_is_active(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 6; round++) {
        ctc_case c = ctc_case_new(&rng, 800, 9, 260, (silbe_ctc_topology)(round % 2));
        for (size_t t = 0; t < 800; t++) {
            float *x = c.values + t * c.problem.row_stride;
            for (size_t k = 0; k < 9; k++) {
                x[k] = (float)(-25.0 * (double)(1 + round) * check_uniform(&rng));
            }
            x[c.labels[t * 260 / 800]] = -0.05F;
        }
        check_against_reference(&c.problem, NULL);
        check_gradient_alone(&c.problem);
        ctc_case_free(&c);
    }
}

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

static void kernels_and_levels_give_the_same_bits(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    for (int round = 0; round < 10; round++) {
        ctc_case c = ctc_case_new(&rng, 500 + ctc_below(&rng, 400), 30, 60 + ctc_below(&rng, 100),
                                  (silbe_ctc_topology)(round % 2));
        ctc_case_options(&c, &rng);
        const silbe_ctc_problem *p = &c.problem;
        size_t n_states = p->n_frames * silbe_ctc_n_states(p) * sizeof(double);
        outcome first = run_fast(p, NULL, gradient_of(p), 0.9);
        check_ok(first.status, first.err);
        for (int kernel = 1; kernel < SILBE_CTC_N_KERNELS; kernel++) {
            for (size_t max_bytes = 1; max_bytes < 2000000; max_bytes = max_bytes * 10 + 700000) {
                silbe_ctc_options o = {(silbe_ctc_kernel)kernel, max_bytes};
                size_t bytes = 0;
                if (silbe_ctc_scratch_size(p, NULL, &o, &bytes, NULL) != SILBE_OK) {
                    continue; /* not on this processor */
                }
                outcome other = run_fast(p, &o, gradient_of(p), 0.9);
                check_ok(other.status, other.err);
                assert_memory_equal(&first.loss, &other.loss, sizeof first.loss);
                assert_memory_equal(first.posterior, other.posterior, n_states);
                assert_memory_equal(first.gradient, other.gradient,
                                    p->n_frames * p->n_symbols * sizeof(float));
                assert_memory_equal(first.onset, other.onset,
                                    p->n_frames * p->n_labels * sizeof(double));
                assert_memory_equal(first.onsets, other.onsets, p->n_labels * sizeof *first.onsets);
                assert_true(max_bytes > 1 || other.result.n_sweeps > 3);
                outcome_free(&other);
            }
        }
        outcome_free(&first);
        ctc_case_free(&c);
    }
}

/* ---- onsets ---- */

static void onset_figures_follow_from_the_posteriors(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(8);
    for (int round = 0; round < 20; round++) {
        ctc_case c = ctc_case_new(&rng, 150, 9, 30, (silbe_ctc_topology)(round % 2));
        double mass = 0.2 + 0.7 * check_uniform(&rng);
        outcome fast = run_fast(&c.problem, NULL, SILBE_CTC_BY_LOGP, mass);
        check_ok(fast.status, fast.err);
        for (size_t j = 0; j < 30; j++) {
            const silbe_ctc_onset *o = &fast.onsets[j];
            double sum = 0.0;
            double mean = 0.0;
            double square = 0.0;
            double near = 0.0;
            double below = 0.0;
            double above = 0.0;
            double at_low = fast.onset[o->lo_frame * 30 + j];
            double at_high = fast.onset[(o->hi_frame - 1) * 30 + j];
            for (size_t t = 0; t < 150; t++) {
                double probability = fast.onset[t * 30 + j];
                size_t centre = j * 150 / 30;
                sum += probability;
                mean += (double)t * probability;
                square += (double)(t * t) * probability;
                near += t + 2 >= centre && t <= centre + 2 ? probability : 0.0;
                below += t < o->lo_frame ? probability : 0.0;
                above += t >= o->hi_frame ? probability : 0.0;
            }
            double tail = (1.0 - mass) / 2.0;
            check_close(sum, 1.0, 1e-11);
            check_close(o->mean_frame, mean, 1e-8);
            check_close(o->spread_frames, sqrt(square - mean * mean), 1e-5);
            check_close(o->mass_near, near, 1e-11);
            assert_true(o->lo_frame < o->hi_frame);
            assert_true(below <= tail + 1e-11 && below + at_low > tail - 1e-11);
            assert_true(above <= tail + 1e-11 && above + at_high > tail - 1e-11);
        }
        outcome_free(&fast);
        ctc_case_free(&c);
    }
}

/* 240,000 frames: the loss is about a million nats, posteriors still sum to 1. */
typedef struct {
    size_t n_labels;
    double worst;
} sum_check;

static silbe_status check_sums(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    sum_check *s = context;
    (void)err;
    for (size_t t = block->begin_frame; t < block->end_frame; t++) {
        const double *label = block->label + (t - block->begin_frame) * block->stride;
        const double *blank = block->blank + (t - block->begin_frame) * block->stride;
        double sum = blank[s->n_labels];
        for (size_t j = 0; j < s->n_labels; j++) {
            sum += label[j] + blank[j];
        }
        s->worst = fabs(sum - 1.0) > s->worst ? fabs(sum - 1.0) : s->worst;
    }
    return SILBE_OK;
}

static void long_input_does_not_underflow(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(9);
    ctc_case c = ctc_case_new(&rng, 240000, 40, 100, SILBE_CTC_BLANKS);
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    sum_check check = {c.problem.n_labels, 0.0};
    silbe_ctc_wanted wanted = {.on_block = check_sums, .context = &check};
    size_t bytes = 0;
    check_ok(silbe_ctc_scratch_size(&c.problem, &wanted, NULL, &bytes, &err), err);
    void *scratch = ctc_get(bytes);
    check_ok(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes, &result, &err), err);
    print_message("loss %.1f, worst sum of posteriors off by %.1e, %zu sweeps, %.1f MB\n",
                  result.loss, check.worst, result.n_sweeps, (double)bytes / 1e6);
    assert_true(isfinite(result.loss) && result.loss > 1e5);
    check_close(check.worst, 0.0, 1e-9);
    free(scratch);
    ctc_case_free(&c);
}

static silbe_status refuse_block(void *context, const silbe_ctc_block *block, silbe_err *err)
{
    (void)context;
    (void)block;
    return silbe_fail(err, SILBE_ERR_BUSY, "no more");
}

static void refuses_bad_wishes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(10);
    ctc_case c = ctc_case_new(&rng, 40, 5, 6, SILBE_CTC_BLANKS);
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    float gradient[200];
    silbe_ctc_onset onsets[6];
    const size_t near[6] = {0, 1, 2, 3, 4, 40};
    size_t bytes = 0;
    const silbe_ctc_wanted bad[] = {
        {.gradient = gradient, .gradient_stride = 4},
        {.gradient = gradient, .gradient_stride = 5, .gradient_by = SILBE_CTC_N_GRADIENTS},
        {.gradient = gradient, .gradient_stride = 5, .gradient_by = SILBE_CTC_BY_LOGITS},
        {.onsets = onsets},
        {.onsets = onsets, .interval_mass = 1.0},
        {.onsets = onsets, .interval_mass = (double)NAN},
        {.onsets = onsets, .interval_mass = 0.5, .near_frame = near}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(silbe_ctc_scratch_size(&c.problem, &bad[i], NULL, &bytes, &err),
                         SILBE_ERR_ARGUMENT);
    }
    silbe_ctc_wanted wanted = {.on_block = refuse_block};
    check_ok(silbe_ctc_scratch_size(&c.problem, &wanted, NULL, &bytes, &err), err);
    void *scratch = ctc_get(bytes);
    assert_int_equal(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes, &result, &err),
                     SILBE_ERR_BUSY);
    assert_int_equal(silbe_ctc_run(&c.problem, &wanted, NULL, scratch, bytes - 1, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_ctc_run(&c.problem, NULL, NULL, scratch, bytes, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    free(scratch);
    ctc_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_over_all_paths),
        cmocka_unit_test(equals_pytorch),
        cmocka_unit_test(equals_the_reference),
        cmocka_unit_test(equals_the_reference_where_it_is_tight),
        cmocka_unit_test(equals_the_reference_far_below_the_best),
        cmocka_unit_test(equals_the_reference_where_little_is_active),
        cmocka_unit_test(forward_meets_backward),
        cmocka_unit_test(gradient_is_that_of_finite_differences),
        cmocka_unit_test(kernels_and_levels_give_the_same_bits),
        cmocka_unit_test(onset_figures_follow_from_the_posteriors),
        cmocka_unit_test(long_input_does_not_underflow),
        cmocka_unit_test(refuses_bad_wishes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
