#include <math.h>
#include <stdlib.h>

#include "pipeline/ctc_matrix/solve.h"

typedef struct {
    silbe_trellis_text text;
    silbe_trellis_pronunciation *pronunciations; /* one for each word */
    silbe_trellis_word *words;
    silbe_trellis_line *lines;
    silbe_trellis_duration *durations; /* one for each symbol */
    uint32_t *path;
    silbe_trellis_word_result *results;
    void *graph;
    size_t graph_bytes;
} tables;

static void free_tables(tables *t)
{
    free(t->pronunciations);
    free(t->words);
    free(t->lines);
    free(t->durations);
    free(t->path);
    free(t->results);
    free(t->graph);
}

static silbe_trellis_duration duration_of(const silbe_posteriors_problem *p)
{
    double hop_ms = p->clock->hop_s * 1e3;
    double least = ceil(p->config->posteriors.min_duration_ms / hop_ms - 1e-9);
    double expected = p->config->posteriors.expected_duration_ms / hop_ms;
    least = least < 1 ? 1 : least;
    return (silbe_trellis_duration){(size_t)least,
                                    expected > 0 && expected < least ? least : expected};
}

static void set_gaps(const silbe_posteriors_problem *p, silbe_trellis_text *text)
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

static silbe_status make_tables(const silbe_posteriors_problem *p, tables *t, silbe_err *err)
{
    size_t n_words = p->text->n_words, n_lines = p->text->n_lines;
    t->pronunciations = calloc(n_words, sizeof *t->pronunciations);
    t->words = calloc(n_words, sizeof *t->words);
    t->lines = calloc(n_lines, sizeof *t->lines);
    t->durations = calloc(p->vocabulary->n_symbols, sizeof *t->durations);
    t->path = calloc(p->logp->n_rows, sizeof *t->path);
    t->results = calloc(n_words, sizeof *t->results);
    if (t->pronunciations == NULL || t->words == NULL || t->lines == NULL || t->durations == NULL ||
        t->path == NULL || t->results == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", n_words);
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
    for (size_t k = 0; k < p->vocabulary->n_symbols; k++) {
        t->durations[k] = duration_of(p);
    }
    t->text = (silbe_trellis_text){
        .words = t->words,
        .n_words = n_words,
        .lines = t->lines,
        .n_lines = n_lines,
        .topology = p->config->posteriors.topology == SILBE_TOPOLOGY_HMM ? SILBE_TRELLIS_HMM
                                                                         : SILBE_TRELLIS_CTC,
        .n_symbols = p->vocabulary->n_symbols,
        .blank = p->vocabulary->blank,
        .durations = t->durations,
        .anchors = p->anchors,
        .n_anchors = p->n_anchors,
    };
    set_gaps(p, &t->text);
    return SILBE_OK;
}

static silbe_status align(const silbe_posteriors_problem *p, tables *t,
                          const silbe_trellis *trellis, double *logp, silbe_err *err)
{
    const silbe_trellis_emissions emissions = {.values = p->logp->data,
                                               .n_frames = p->logp->n_rows,
                                               .n_symbols = p->logp->n_cols,
                                               .row_stride = p->logp->n_cols,
                                               .blank_penalty = p->config->posteriors.blank_penalty,
                                               .wildcard_rule = SILBE_WILDCARD_LOGSUM,
                                               .wildcard_penalty =
                                                   p->config->posteriors.wildcard_penalty};
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    silbe_trellis_alignment found = {.words = t->results, .path = t->path};
    size_t bytes = 0;
    void *scratch = NULL;
    options.near_frames = options.window_frames = silbe_posteriors_near_frames(p);
    /* llr is the mean log-probability plus the wildcard's penalty. */
    options.llr_threshold = p->config->posteriors.unmatched_logp + emissions.wildcard_penalty;
    silbe_status status = silbe_trellis_align_size(trellis, &options, &bytes, err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_allocate(p, t->graph_bytes, bytes, &scratch, err);
    }
    if (status == SILBE_OK) {
        status = silbe_trellis_align(&t->text, trellis, &emissions, &options, scratch, bytes,
                                     &found, err);
    }
    *logp = found.viterbi_logp;
    free(scratch);
    return status;
}

silbe_status silbe_posteriors_solve_trellis(const silbe_posteriors_problem *problem,
                                            silbe_posteriors_result *result, silbe_err *err)
{
    tables t = {0};
    silbe_trellis *trellis = NULL;
    silbe_status status = make_tables(problem, &t, err);
    if (status == SILBE_OK) {
        status = silbe_trellis_size(&t.text, problem->logp->n_rows, &t.graph_bytes, err);
    }
    if (status == SILBE_OK) {
        status = silbe_posteriors_allocate(problem, 0, t.graph_bytes, &t.graph, err);
    }
    if (status == SILBE_OK) {
        status = silbe_trellis_build(&t.text, problem->logp->n_rows, t.graph, t.graph_bytes,
                                     &trellis, err);
    }
    if (status == SILBE_OK) {
        status = align(problem, &t, trellis, &result->logp, err);
    }
    for (size_t w = 0; w < result->n_words && status == SILBE_OK; w++) {
        const silbe_trellis_word_result *found = &t.results[w];
        double penalty = problem->config->posteriors.wildcard_penalty;
        result->words[w] = (silbe_aligned_word){.matched = found->matched,
                                                .skipped = found->skipped,
                                                .begin_frame = found->begin_frame,
                                                .end_frame = found->end_frame,
                                                .mean_logp = found->skipped ? -(double)INFINITY
                                                                            : found->llr - penalty,
                                                .confidence = found->confidence};
    }
    result->engine = "trellis";
    result->n_states = status == SILBE_OK ? silbe_trellis_n_states(trellis) : 0;
    free_tables(&t);
    return status;
}
