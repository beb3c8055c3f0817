#include "pipeline/ctc_matrix/solve.h"

#include <math.h>
#include <stdlib.h>

#include "align/trellis/solve.h"
#include "features/base/memory.h"

#define BYTES_PER_MB 1000000

typedef struct {
    silbe_trellis_text text;
    silbe_trellis_pronunciation *pronunciations; /* one for each word */
    silbe_trellis_word *words;
    silbe_trellis_line *lines;
    silbe_trellis_duration *durations; /* one for each symbol */
    uint32_t *path;
    silbe_trellis_word_result *results;
} tables;

static void free_tables(tables *t)
{
    free(t->pronunciations);
    free(t->words);
    free(t->lines);
    free(t->durations);
    free(t->path);
    free(t->results);
}

static silbe_trellis_duration duration_of(const silbe_ctc_matrix_problem *p)
{
    double hop_ms = p->clock->hop_s * 1e3;
    double least = ceil(p->config->posteriors.min_duration_ms / hop_ms - 1e-9);
    double expected = p->config->posteriors.expected_duration_ms / hop_ms;
    least = least < 1 ? 1 : least;
    return (silbe_trellis_duration){(size_t)least,
                                    expected > 0 && expected < least ? least : expected};
}

static void set_gaps(const silbe_ctc_matrix_problem *p, silbe_trellis_text *text)
{
    static const silbe_trellis_presence SILENCE[] = {
        [SILBE_BOUNDARY_REQUIRED] = SILBE_TRELLIS_REQUIRED,
        [SILBE_BOUNDARY_OPTIONAL] = SILBE_TRELLIS_OPTIONAL,
        [SILBE_BOUNDARY_NEVER] = SILBE_TRELLIS_NEVER,
    };
    bool is_hmm = p->config->posteriors.topology == SILBE_TOPOLOGY_HMM;
    bool has_boundary = p->vocabulary->boundary != SILBE_NO_TOKEN;
    int wildcard = p->config->posteriors.wildcard;
    silbe_trellis_gap none = {0}, inner = {0};
    silbe_trellis_gap ends = {.silence = is_hmm ? SILBE_TRELLIS_OPTIONAL : SILBE_TRELLIS_NEVER};
    if (is_hmm) {
        inner.silence = SILBE_TRELLIS_OPTIONAL;
    } else if (has_boundary) {
        inner.silence = SILENCE[p->config->posteriors.boundaries];
    }
    text->silence = has_boundary ? p->vocabulary->boundary
                    : is_hmm     ? p->vocabulary->blank
                                 : SILBE_TRELLIS_NONE;
    ends.wildcard = wildcard != SILBE_WILDCARD_NEVER ? SILBE_TRELLIS_OPTIONAL : SILBE_TRELLIS_NEVER;
    text->gap_first = text->gap_last = ends;
    text->gap_words = text->gap_lines = inner;
    text->gap_lines.wildcard =
        wildcard == SILBE_WILDCARD_LINES ? SILBE_TRELLIS_OPTIONAL : none.wildcard;
}

static void make_tables(const silbe_ctc_matrix_problem *p, tables *t, silbe_err *err)
{
    size_t n_words = p->text->n_words, n_lines = p->text->n_lines;
    size_t n_symbols = p->vocabulary->n_symbols;
    t->pronunciations = silbe_alloc(n_words, sizeof *t->pronunciations, "words", err);
    t->words = silbe_alloc(n_words, sizeof *t->words, "words", err);
    t->lines = silbe_alloc(n_lines, sizeof *t->lines, "lines", err);
    t->durations = silbe_alloc(n_symbols, sizeof *t->durations, "symbols", err);
    t->path = silbe_alloc(p->logp->n_rows, sizeof *t->path, "frames", err);
    t->results = silbe_alloc(n_words, sizeof *t->results, "words", err);
    if (silbe_failed(err)) {
        return;
    }
    for (size_t w = 0; w < n_words; w++) {
        size_t first = p->spelt->first[w];
        t->pronunciations[w] = (silbe_trellis_pronunciation){p->spelt->symbols + first,
                                                             p->spelt->first[w + 1] - first, 0};
        t->words[w] = (silbe_trellis_word){&t->pronunciations[w], 1, -INFINITY};
    }
    double skip = p->config->posteriors.optional_lines ? -p->config->posteriors.skip_penalty
                                                       : -(double)INFINITY;
    for (size_t l = 0; l < n_lines; l++) {
        const silbe_text_line *line = &p->text->lines[l];
        t->lines[l] =
            (silbe_trellis_line){line->first_word, line->first_word + line->n_words, skip};
    }
    for (size_t k = 0; k < n_symbols; k++) {
        t->durations[k] = duration_of(p);
    }
}

static void make_text(const silbe_ctc_matrix_problem *p, tables *t)
{
    bool is_hmm = p->config->posteriors.topology == SILBE_TOPOLOGY_HMM;
    t->text = (silbe_trellis_text){
        .words = t->words,
        .n_words = p->text->n_words,
        .lines = t->lines,
        .n_lines = p->text->n_lines,
        .topology = is_hmm ? SILBE_TRELLIS_HMM : SILBE_TRELLIS_CTC,
        .n_symbols = p->vocabulary->n_symbols,
        .blank = p->vocabulary->blank,
        .durations = t->durations,
        .anchors = p->anchors,
        .n_anchors = p->n_anchors,
    };
    set_gaps(p, &t->text);
}

/* In words of the settings. */
static silbe_status explain_memory(const silbe_ctc_matrix_problem *p, size_t n_bytes,
                                   silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MEMORY,
                      "%zu frames and %zu words need %.0f MB, posteriors.max_memory_mb allows %d; "
                      "raise it, or cut the recording",
                      p->clock->n_frames, p->text->n_words, ceil((double)n_bytes / BYTES_PER_MB),
                      p->config->posteriors.max_memory_mb);
}

static silbe_status align(const silbe_ctc_matrix_problem *p, tables *t,
                          silbe_ctc_matrix_result *result, silbe_err *err)
{
    const silbe_trellis_emissions emissions = {.values = p->logp->data,
                                               .n_frames = p->logp->n_rows,
                                               .n_symbols = p->logp->n_cols,
                                               .row_stride = p->logp->n_cols,
                                               .blank_penalty = p->config->posteriors.blank_penalty,
                                               .wildcard_rule = SILBE_WILDCARD_LOGSUM,
                                               .wildcard_penalty =
                                                   p->config->posteriors.wildcard_penalty};
    size_t limit = (size_t)p->config->posteriors.max_memory_mb * BYTES_PER_MB;
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    silbe_trellis_alignment found = {.words = t->results, .path = t->path};
    silbe_trellis_solution solution = {0};
    options.near_frames = options.window_frames =
        (size_t)floor(p->config->posteriors.near_ms * 1e-3 / p->clock->hop_s + 1e-9);
    /* llr is the mean log-probability plus the wildcard's penalty. */
    options.llr_threshold = p->config->posteriors.unmatched_logp + emissions.wildcard_penalty;
    silbe_status status =
        silbe_trellis_solve(&t->text, &emissions, &options, limit, &found, &solution, err);
    if (status == SILBE_ERR_MEMORY && solution.n_bytes > limit) {
        return explain_memory(p, solution.n_bytes, err);
    }
    result->logp = found.viterbi_logp;
    result->n_states = solution.n_states;
    return status;
}

static silbe_aligned_word word_of(const silbe_ctc_matrix_problem *p,
                                  const silbe_trellis_word_result *found)
{
    return (silbe_aligned_word){
        .matched = found->matched,
        .skipped = found->skipped,
        .begin_frame = found->begin_frame,
        .end_frame = found->end_frame,
        .mean_logp = found->skipped ? -(double)INFINITY
                                    : found->llr - p->config->posteriors.wildcard_penalty,
        .confidence = found->confidence};
}

silbe_status silbe_ctc_matrix_solve(const silbe_ctc_matrix_problem *problem,
                                    silbe_ctc_matrix_result *result, silbe_err *err)
{
    silbe_err own;
    tables t = {0};
    err = silbe_err_begin(err, &own);
    result->n_words = problem->text->n_words;
    result->words = silbe_alloc(result->n_words, sizeof *result->words, "words", err);
    make_tables(problem, &t, err);
    if (!silbe_failed(err)) {
        make_text(problem, &t);
    }
    silbe_try(err, align(problem, &t, result, err));
    for (size_t w = 0; w < result->n_words && !silbe_failed(err); w++) {
        result->words[w] = word_of(problem, &t.results[w]);
    }
    if (silbe_failed(err)) {
        silbe_ctc_matrix_result_free(result);
    }
    free_tables(&t);
    return err->status;
}

void silbe_ctc_matrix_result_free(silbe_ctc_matrix_result *result)
{
    free(result->words);
    *result = (silbe_ctc_matrix_result)SILBE_CTC_MATRIX_RESULT_INIT;
}
