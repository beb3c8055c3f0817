#include <math.h>
#include <stdlib.h>

#include "align/ctc/ctc.h"
#include "align/ctc/viterbi.h"
#include "pipeline/ctc_matrix/solve.h"

typedef struct {
    silbe_ctc_problem ctc;
    int32_t *labels; /* words with the boundaries between them */
    size_t *first;   /* n_words: label of a word's first symbol */
    silbe_ctc_segment *segments;
    silbe_ctc_onset *onsets;
    size_t *near; /* onset of each label on the path */
    double *row;  /* emissions of a frame */
} tables;

static void free_tables(tables *t)
{
    free(t->labels);
    free(t->first);
    free(t->segments);
    free(t->onsets);
    free(t->near);
    free(t->row);
}

static silbe_status make_tables(const silbe_posteriors_problem *p, tables *t, silbe_err *err)
{
    size_t n_words = p->text->n_words;
    bool boundaries = silbe_posteriors_has_boundaries(p);
    size_t n_labels = p->spelt->first[n_words] + (boundaries ? n_words - 1 : 0);
    t->labels = calloc(n_labels, sizeof *t->labels);
    t->first = calloc(n_words, sizeof *t->first);
    t->segments = calloc(n_labels, sizeof *t->segments);
    t->onsets = calloc(n_labels, sizeof *t->onsets);
    t->near = calloc(n_labels, sizeof *t->near);
    t->row = calloc(p->vocabulary->n_symbols, sizeof *t->row);
    if (t->labels == NULL || t->first == NULL || t->segments == NULL || t->onsets == NULL ||
        t->near == NULL || t->row == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu labels", n_labels);
    }
    size_t n = 0;
    for (size_t w = 0; w < n_words; w++) {
        if (boundaries && w > 0) {
            t->labels[n++] = p->vocabulary->boundary;
        }
        t->first[w] = n;
        for (size_t i = p->spelt->first[w]; i < p->spelt->first[w + 1]; i++) {
            t->labels[n++] = p->spelt->symbols[i];
        }
    }
    t->ctc = (silbe_ctc_problem){.values = p->logp->data,
                                 .n_frames = p->logp->n_rows,
                                 .n_symbols = p->logp->n_cols,
                                 .row_stride = p->logp->n_cols,
                                 .labels = t->labels,
                                 .n_labels = n_labels,
                                 .topology = SILBE_CTC_BLANKS,
                                 .blank = (size_t)p->vocabulary->blank,
                                 .blank_penalty = p->config->posteriors.blank_penalty};
    return SILBE_OK;
}

static silbe_status find_path(const silbe_posteriors_problem *p, tables *t, double *logp,
                              silbe_err *err)
{
    silbe_ctc_viterbi_options options = SILBE_CTC_VITERBI_OPTIONS_INIT;
    silbe_ctc_viterbi_result found = {0};
    size_t bytes = 0;
    void *scratch = NULL;
    silbe_status status = silbe_ctc_viterbi_scratch_size(&t->ctc, &options, &bytes, err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_allocate(p, 0, bytes, &scratch, err);
    }
    if (status == SILBE_OK) {
        status =
            silbe_ctc_viterbi(&t->ctc, &options, scratch, bytes, t->segments, NULL, &found, err);
    }
    *logp = found.logp;
    free(scratch);
    return status;
}

static silbe_status find_posteriors(const silbe_posteriors_problem *p, tables *t, silbe_err *err)
{
    silbe_ctc_options options = SILBE_CTC_OPTIONS_INIT;
    silbe_ctc_result found = {0};
    silbe_ctc_wanted wanted = {.onsets = t->onsets,
                               .near_frame = t->near,
                               .near_radius = silbe_posteriors_near_frames(p),
                               .interval_mass = 0.9};
    size_t bytes = 0;
    void *scratch = NULL;
    for (size_t j = 0; j < t->ctc.n_labels; j++) {
        t->near[j] = t->segments[j].begin_frame;
    }
    silbe_status status = silbe_ctc_scratch_size(&t->ctc, &wanted, &options, &bytes, err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_allocate(p, 0, bytes, &scratch, err);
    }
    if (status == SILBE_OK) {
        status = silbe_ctc_run(&t->ctc, &wanted, &options, scratch, bytes, &found, err);
    }
    free(scratch);
    return status;
}

/* e(t, label) - ln sum_k exp(e(t, k)): what align/trellis calls llr, the penalty aside. */
static silbe_status share_of(const tables *t, size_t frame, int32_t label, double *logp,
                             silbe_err *err)
{
    silbe_status status = silbe_ctc_emission_row(&t->ctc, frame, t->row, NULL, err);
    double highest = -INFINITY, sum = 0;
    for (size_t k = 0; k < t->ctc.n_symbols && status == SILBE_OK; k++) {
        highest = t->row[k] > highest ? t->row[k] : highest;
    }
    for (size_t k = 0; k < t->ctc.n_symbols && status == SILBE_OK; k++) {
        sum += exp(t->row[k] - highest);
    }
    *logp = t->row[label] - (highest + log(sum));
    return status;
}

static silbe_status fill_word(const silbe_posteriors_problem *p, const tables *t, size_t w,
                              silbe_aligned_word *word, silbe_err *err)
{
    size_t n_symbols = p->spelt->first[w + 1] - p->spelt->first[w];
    size_t n_frames = 0;
    const silbe_ctc_segment *segments = t->segments + t->first[w];
    for (size_t i = 0; i < n_symbols; i++) {
        for (size_t f = segments[i].begin_frame; f < segments[i].end_frame; f++) {
            double logp = 0;
            silbe_status status = share_of(t, f, t->labels[t->first[w] + i], &logp, err);
            if (status != SILBE_OK) {
                return status;
            }
            n_frames++;
            word->mean_logp += (logp - word->mean_logp) / (double)n_frames;
        }
    }
    double near = t->onsets[t->first[w]].mass_near;
    double threshold = p->config->posteriors.unmatched_logp;
    word->begin_frame = segments[0].begin_frame;
    word->end_frame = segments[n_symbols - 1].end_frame;
    word->matched = word->mean_logp >= threshold;
    word->confidence = (near < 1 ? near : 1) / (1 + exp(threshold - word->mean_logp));
    return SILBE_OK;
}

silbe_status silbe_posteriors_solve_ctc(const silbe_posteriors_problem *problem,
                                        silbe_posteriors_result *result, silbe_err *err)
{
    tables t = {0};
    silbe_status status = make_tables(problem, &t, err);
    if (status == SILBE_OK) {
        status = find_path(problem, &t, &result->logp, err);
    }
    if (status == SILBE_OK) {
        status = find_posteriors(problem, &t, err);
    }
    for (size_t w = 0; w < result->n_words && status == SILBE_OK; w++) {
        status = fill_word(problem, &t, w, &result->words[w], err);
    }
    result->engine = "fast CTC search";
    result->n_states = silbe_ctc_n_states(&t.ctc);
    free_tables(&t);
    return status;
}
