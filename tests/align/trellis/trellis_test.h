/* What the trellis tests share: random texts of all kinds, memory, and running the kernels with
 * scratch of exactly the size they ask for. */
#ifndef SILBE_TESTS_TRELLIS_TEST_H
#define SILBE_TESTS_TRELLIS_TEST_H

#include "tests/check.h"

#include <string.h>

#include "align/trellis/align.h"
#include "tests/align/trellis/reference.h"

enum { MOST_WORDS = 4, MOST_PRONS = 2, MOST_LENGTH = 3, MOST_SYMBOLS = 5, MOST_TIMES = 3 };

/* A text and emissions with all that they point to. */
typedef struct {
    int32_t symbols[MOST_WORDS][MOST_PRONS][MOST_LENGTH];
    silbe_trellis_pronunciation prons[MOST_WORDS][MOST_PRONS];
    silbe_trellis_word words[MOST_WORDS];
    silbe_trellis_line lines[MOST_WORDS];
    silbe_trellis_duration durations[MOST_SYMBOLS];
    silbe_trellis_anchor anchors[MOST_TIMES];
    silbe_trellis_region regions[MOST_TIMES];
    silbe_trellis_text text;
    size_t n_frames;
    float *values;
    double log_prior[MOST_SYMBOLS];
    bool any[MOST_SYMBOLS];
    silbe_trellis_emissions emissions;
} trellis_case;

static inline void *trellis_alloc(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(data);
    return data;
}

static inline size_t trellis_below(check_rng *rng, size_t n)
{
    return (size_t)(check_random(rng) % n);
}

static inline bool trellis_chance(check_rng *rng, double p)
{
    return check_uniform(rng) < p;
}

/* Memory is filled with ones and at an odd address: what is read before it is written shows. */
static inline silbe_status trellis_build(const silbe_trellis_text *text, size_t n_frames,
                                         void **memory, silbe_trellis **trellis, silbe_err *err)
{
    size_t bytes = 0;
    *memory = NULL;
    silbe_status status = silbe_trellis_size(text, n_frames, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    *memory = trellis_alloc(bytes + 1);
    memset(*memory, 0xff, bytes + 1);
    return silbe_trellis_init(text, n_frames, (char *)*memory + 1, bytes, trellis, err);
}

static inline silbe_status trellis_viterbi(const silbe_trellis *g,
                                           const silbe_trellis_emissions *emissions,
                                           const silbe_trellis_options *options, uint32_t *path,
                                           silbe_trellis_viterbi_result *result, silbe_err *err)
{
    size_t bytes = 0;
    check_ok(silbe_trellis_viterbi_size(g, options, &bytes, err), *err);
    char *scratch = trellis_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    silbe_status status =
        silbe_trellis_viterbi(g, emissions, options, scratch + 1, bytes, path, result, err);
    free(scratch);
    return status;
}

static inline silbe_status trellis_posterior(const silbe_trellis *g,
                                             const silbe_trellis_emissions *emissions,
                                             const silbe_trellis_wanted *wanted,
                                             const silbe_trellis_options *options, double *loss,
                                             silbe_err *err)
{
    size_t bytes = 0;
    silbe_trellis_posterior_result result = {0};
    check_ok(silbe_trellis_posterior_size(g, wanted, options, &bytes, err), *err);
    char *scratch = trellis_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    silbe_status status =
        silbe_trellis_posterior(g, emissions, wanted, options, scratch + 1, bytes, &result, err);
    *loss = result.loss;
    free(scratch);
    return status;
}

static inline silbe_trellis_gap trellis_random_gap(check_rng *rng, bool silence)
{
    silbe_trellis_gap gap = {SILBE_TRELLIS_NEVER, 0.0, SILBE_TRELLIS_NEVER, 0.0, 0.0};
    if (silence && trellis_chance(rng, 0.5)) {
        gap.silence = trellis_chance(rng, 0.25) ? SILBE_TRELLIS_REQUIRED : SILBE_TRELLIS_OPTIONAL;
        gap.silence_logp = -check_uniform(rng);
        gap.silence_frames = trellis_chance(rng, 0.3) ? 4.0 + check_uniform(rng) : 0.0;
    }
    if (trellis_chance(rng, 0.3)) {
        gap.wildcard = SILBE_TRELLIS_OPTIONAL;
        gap.wildcard_logp = -check_uniform(rng);
    }
    return gap;
}

static inline silbe_trellis_duration trellis_random_duration(check_rng *rng)
{
    silbe_trellis_duration d = {1, 0.0, 0.0};
    if (trellis_chance(rng, 0.3)) {
        d.min_frames += trellis_below(rng, 2);
    } else if (trellis_chance(rng, 0.1)) {
        d.min_frames = 3 + trellis_below(rng, 2);
        d.short_logp = -2.0 * check_uniform(rng);
    }
    if (trellis_chance(rng, 0.5)) {
        d.expected_frames =
            (double)d.min_frames + (trellis_chance(rng, 0.1) ? 0.0 : 2.0) * check_uniform(rng);
    }
    return d;
}

static inline void trellis_random_words(check_rng *rng, trellis_case *c, size_t n_words)
{
    silbe_trellis_text *text = &c->text;
    for (size_t w = 0; w < n_words; w++) {
        c->words[w] = (silbe_trellis_word){c->prons[w], 1 + trellis_below(rng, MOST_PRONS),
                                           trellis_chance(rng, 0.3) ? -2.0 * check_uniform(rng)
                                                                    : -(double)INFINITY};
        for (size_t p = 0; p < MOST_PRONS; p++) {
            size_t n = 1 + trellis_below(rng, MOST_LENGTH);
            c->prons[w][p] =
                (silbe_trellis_pronunciation){c->symbols[w][p], n, -check_uniform(rng)};
            for (size_t i = 0; i < n; i++) {
                size_t first = text->topology == SILBE_TRELLIS_CTC; /* symbol 0 is the blank */
                c->symbols[w][p][i] =
                    (int32_t)(first + trellis_below(rng, text->n_symbols - first));
                if (trellis_chance(rng, 0.1)) {
                    c->symbols[w][p][i] = SILBE_TRELLIS_WILDCARD;
                }
            }
        }
    }
    size_t at = 0;
    text->n_lines = 0;
    while (at < n_words && trellis_chance(rng, 0.7)) {
        size_t end = at + 1 + trellis_below(rng, n_words - at);
        c->lines[text->n_lines++] = (silbe_trellis_line){
            at, end, trellis_chance(rng, 0.4) ? -3.0 * check_uniform(rng) : -(double)INFINITY};
        at = end;
    }
}

static inline void trellis_random_times(check_rng *rng, trellis_case *c)
{
    silbe_trellis_text *text = &c->text;
    text->n_anchors = trellis_chance(rng, 0.4) ? trellis_below(rng, MOST_TIMES) : 0;
    for (size_t i = 0; i < text->n_anchors; i++) {
        size_t begin = trellis_below(rng, c->n_frames);
        bool line = text->n_lines > 0 && trellis_chance(rng, 0.3);
        c->anchors[i] =
            (silbe_trellis_anchor){line, trellis_below(rng, line ? text->n_lines : text->n_words),
                                   begin, begin + 1 + trellis_below(rng, c->n_frames)};
    }
    size_t at = 0;
    text->n_regions = 0;
    while (trellis_chance(rng, 0.2) && at + 1 < c->n_frames && text->n_regions < MOST_TIMES) {
        size_t begin = at + trellis_below(rng, c->n_frames - at);
        c->regions[text->n_regions++] = (silbe_trellis_region){begin, begin + 1};
        at = begin + 1;
    }
}

static inline void trellis_random_case(check_rng *rng, size_t n_frames, size_t n_words,
                                       bool integers, trellis_case *c)
{
    *c = (trellis_case){.n_frames = n_frames};
    silbe_trellis_text *text = &c->text;
    text->topology = trellis_chance(rng, 0.5) ? SILBE_TRELLIS_CTC : SILBE_TRELLIS_HMM;
    text->n_symbols = 2 + trellis_below(rng, MOST_SYMBOLS - 1);
    text->blank = 0;
    text->silence = trellis_chance(rng, 0.7) ? (int32_t)text->n_symbols - 1 : SILBE_TRELLIS_NONE;
    text->words = c->words;
    text->n_words = n_words;
    text->lines = c->lines;
    text->anchors = c->anchors;
    text->regions = c->regions;
    trellis_random_words(rng, c, n_words);
    trellis_random_times(rng, c);
    bool quiet = text->silence != SILBE_TRELLIS_NONE;
    text->gap_first = trellis_random_gap(rng, quiet);
    text->gap_last = trellis_random_gap(rng, quiet);
    text->gap_lines = trellis_random_gap(rng, quiet);
    text->gap_words = trellis_random_gap(rng, quiet);
    text->silence_duration = trellis_random_duration(rng);
    text->wildcard_duration = trellis_random_duration(rng);
    for (size_t k = 0; k < text->n_symbols; k++) {
        c->durations[k] = trellis_random_duration(rng);
        c->log_prior[k] = -1.0 - check_uniform(rng);
        c->any[k] = k == 0 || trellis_chance(rng, 0.7);
    }
    text->durations = trellis_chance(rng, 0.6) ? c->durations : NULL;
    c->values = trellis_alloc(n_frames * text->n_symbols * sizeof *c->values);
    for (size_t i = 0; i < n_frames * text->n_symbols; i++) {
        c->values[i] =
            integers ? -(float)trellis_below(rng, 4) : (float)(-4.0 * check_uniform(rng));
        if (trellis_chance(rng, 0.04)) {
            c->values[i] = -INFINITY;
        }
    }
    silbe_trellis_emissions *e = &c->emissions;
    *e = (silbe_trellis_emissions){.values = c->values,
                                   .n_frames = n_frames,
                                   .n_symbols = text->n_symbols,
                                   .row_stride = text->n_symbols};
    e->wildcard_rule = (silbe_wildcard_rule)trellis_below(rng, SILBE_WILDCARD_N_RULES);
    e->wildcard_percentile = check_uniform(rng);
    e->wildcard_penalty = integers ? 1.0 : 2.0 * check_uniform(rng);
    if (integers) { /* ties: nothing but whole numbers */
        e->wildcard_rule = SILBE_WILDCARD_MAX;
        text->durations = NULL;
        text->silence_duration = text->wildcard_duration = (silbe_trellis_duration){1, 0.0, 0.0};
        return;
    }
    e->wildcard_symbols = trellis_chance(rng, 0.5) ? c->any : NULL;
    e->log_prior = trellis_chance(rng, 0.5) ? c->log_prior : NULL;
    e->prior_scale = 0.5;
    e->scale = trellis_chance(rng, 0.5) ? 0.7 : 0.0;
    e->blank_penalty = 0.5;
}

/* What a frame function collects. */
typedef struct {
    double *posterior; /* T x n_states */
    size_t n_states;
    double worst_sum; /* largest distance of a frame's sum from 1 */
} trellis_collected;

static inline silbe_status trellis_collect(void *context, size_t t, const double *posterior,
                                           silbe_err *err)
{
    (void)err;
    trellis_collected *c = context;
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

#endif
