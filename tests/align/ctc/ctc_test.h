/* Random problems for the tests of CTC. */
#ifndef SILBE_TESTS_CTC_TEST_H
#define SILBE_TESTS_CTC_TEST_H

#include <string.h>

#include "align/ctc/problem.h"
#include "tests/check.h"

typedef struct {
    silbe_ctc_problem problem;
    float *values;
    int32_t *labels;
    double *log_prior;
} ctc_case;

static inline void *ctc_get(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    if (data == NULL) {
        fail_msg("no memory for %zu bytes", bytes);
    }
    return data;
}

static inline size_t ctc_below(check_rng *rng, size_t n)
{
    return (size_t)(check_random(rng) % n);
}

/* Symbol n_symbols - 1 or 0 is the blank; labels repeat often. Values are uniform in [-6, 0). */
static inline ctc_case ctc_case_new(check_rng *rng, size_t n_frames, size_t n_symbols,
                                    size_t n_labels, silbe_ctc_topology topology)
{
    ctc_case c;
    size_t stride = n_symbols + ctc_below(rng, 3);
    size_t blank = ctc_below(rng, 2) * (n_symbols - 1);
    c.values = ctc_get(n_frames * stride * sizeof *c.values);
    c.labels = ctc_get(n_labels * sizeof *c.labels);
    c.log_prior = ctc_get(n_symbols * sizeof *c.log_prior);
    for (size_t i = 0; i < n_frames * stride; i++) {
        c.values[i] = (float)(-6.0 * check_uniform(rng));
    }
    for (size_t j = 0; j < n_labels; j++) {
        size_t symbol = ctc_below(rng, n_symbols - 1) + (blank == 0);
        c.labels[j] = j > 0 && ctc_below(rng, 4) == 0 ? c.labels[j - 1] : (int32_t)symbol;
    }
    for (size_t k = 0; k < n_symbols; k++) {
        c.log_prior[k] = -5.0 * check_uniform(rng);
    }
    c.problem = (silbe_ctc_problem){.values = c.values,
                                    .n_frames = n_frames,
                                    .n_symbols = n_symbols,
                                    .row_stride = stride,
                                    .labels = c.labels,
                                    .n_labels = n_labels,
                                    .topology = topology,
                                    .blank = blank};
    return c;
}

static inline void ctc_case_free(ctc_case *c)
{
    free(c->values);
    free(c->labels);
    free(c->log_prior);
}

/* Small integers: many ties. Some are -infinity, or a stand-in for it. */
static inline void ctc_case_integers(ctc_case *c, check_rng *rng, bool some_infinite)
{
    size_t n = c->problem.n_frames * c->problem.row_stride;
    for (size_t i = 0; i < n; i++) {
        c->values[i] = -(float)ctc_below(rng, 4);
        if (some_infinite && ctc_below(rng, 16) == 0) {
            c->values[i] = ctc_below(rng, 2) == 0 ? -INFINITY : -1e30F;
        }
    }
}

/* Options other than the default ones, at random. */
static inline void ctc_case_options(ctc_case *c, check_rng *rng)
{
    c->problem.logits = ctc_below(rng, 2) == 0;
    c->problem.blank_penalty = ctc_below(rng, 2) == 0 ? 0.0 : 4.0 * check_uniform(rng) - 2.0;
    c->problem.prior_scale = check_uniform(rng);
    c->problem.log_prior = ctc_below(rng, 2) == 0 ? NULL : c->log_prior;
}

#endif
