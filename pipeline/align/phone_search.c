#include "pipeline/align/phone_search.h"

#include <math.h>
#include <stdlib.h>

#define BYTES_PER_MB 1000000

/*
 * Above so many cells of the trellis a first search with a beam finds roughly where the words are,
 * and the exact one, with posteriors, takes only that in which every ANCHOR_STRIDE-th word begins
 * within ANCHOR_REACH_S of there..
 */
static const size_t MAX_EXACT_CELLS = 100000000;
enum { ANCHOR_STRIDE = 8 };
static const double ANCHOR_REACH_S = 10;

/* What one search takes beside its results. */
typedef struct {
    void *graph;
    void *scratch;
    silbe_trellis *trellis;
} engine;

void silbe_phone_search_free(silbe_phone_search *search)
{
    free(search->found.words);
    free(search->found.labels);
    free(search->found.lines);
    free(search->found.path);
    free(search->line_llr);
    *search = (silbe_phone_search)SILBE_PHONE_SEARCH_INIT;
}

silbe_trellis_emissions silbe_phone_emissions(const silbe_config *config,
                                              const silbe_posteriorgram_facts *facts,
                                              const silbe_matrix *posteriors)
{
    return (silbe_trellis_emissions){.values = posteriors->data,
                                     .n_frames = posteriors->n_rows,
                                     .n_symbols = SILBE_N_PHONES,
                                     .row_stride = SILBE_N_PHONES,
                                     .scale = config->lyrics.scale,
                                     .log_prior = facts->log_prior,
                                     .prior_scale = config->lyrics.prior_scale,
                                     .wildcard_rule = SILBE_WILDCARD_LOGSUM,
                                     .wildcard_penalty = config->lyrics.wildcard_penalty};
}

/* Least time that the text takes: the shortest pronunciations, each phone at its least. */
static double least_duration_s(const silbe_phone_text *text, double hop_s)
{
    size_t n_frames = 0;
    for (size_t w = 0; w < text->lyrics->n_words; w++) {
        size_t least = SIZE_MAX;
        for (size_t i = 0; i < text->words[w].n_items; i++) {
            const silbe_pronunciation *pronunciation = &text->words[w].items[i];
            size_t n = 0;
            for (size_t k = 0; k < pronunciation->n_phones; k++) {
                n += text->durations[pronunciation->phones[k].phone].min_frames;
            }
            least = n < least ? n : least;
        }
        n_frames += least;
    }
    return (double)n_frames * hop_s;
}

static silbe_status allocate_found(const silbe_phone_text *text, size_t n_frames,
                                   silbe_phone_search *search, silbe_err *err)
{
    silbe_trellis_alignment *found = &search->found;
    found->label_capacity = silbe_trellis_label_capacity(&text->text);
    found->words = calloc(text->lyrics->n_words, sizeof *found->words);
    found->labels = calloc(found->label_capacity, sizeof *found->labels);
    found->lines = calloc(text->lyrics->n_lines, sizeof *found->lines);
    found->path = calloc(n_frames, sizeof *found->path);
    search->line_llr = calloc(text->lyrics->n_lines, sizeof *search->line_llr);
    return found->words != NULL && found->labels != NULL && found->lines != NULL &&
                   found->path != NULL && search->line_llr != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words",
                            text->lyrics->n_words);
}

static silbe_trellis_align_options options_of(const silbe_config *config, double hop_s)
{
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    options.near_frames = (size_t)floor(config->lyrics.near_ms * 1e-3 / hop_s + 1e-6);
    if (options.window_frames < options.near_frames) {
        options.window_frames = options.near_frames;
    }
    options.min_sung = 0;
    /* The llr of the library counts the penalty of the wildcard. */
    options.llr_threshold = config->lyrics.llr_threshold + config->lyrics.wildcard_penalty;
    options.llr_width = config->lyrics.llr_width;
    options.posterior_scale = config->lyrics.posterior_scale;
    options.kernel.max_bytes = (size_t)config->lyrics.max_memory_mb * BYTES_PER_MB / 4;
    return options;
}

/* bytes of memory beside `taken` ones, unless lyrics.max_memory_mb forbids. */
static silbe_status allocate(const silbe_config *config, size_t taken, size_t bytes, void **memory,
                             silbe_err *err)
{
    size_t limit = (size_t)config->lyrics.max_memory_mb * BYTES_PER_MB;
    if (bytes > limit || taken > limit - bytes) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "finding the text needs %.0f MB, lyrics.max_memory_mb allows %d; raise "
                          "it, or cut the recording",
                          ceil(((double)bytes + (double)taken) / BYTES_PER_MB),
                          config->lyrics.max_memory_mb);
    }
    *memory = malloc(bytes > 0 ? bytes : 1);
    return *memory != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu bytes", bytes);
}

static silbe_status build(const silbe_config *config, const silbe_trellis_text *text,
                          size_t n_frames, engine *e, size_t *graph_bytes, silbe_err *err)
{
    silbe_status status = silbe_trellis_size(text, n_frames, graph_bytes, err);
    if (status == SILBE_OK) {
        status = allocate(config, 0, *graph_bytes, &e->graph, err);
    }
    return status == SILBE_OK
               ? silbe_trellis_build(text, n_frames, e->graph, *graph_bytes, &e->trellis, err)
               : status;
}

/* Means over the frames of the words of each line, and of all. */
static void measure(const silbe_phone_text *text, double penalty, silbe_phone_search *search)
{
    double sum = 0, n = 0;
    for (size_t l = 0; l < text->lyrics->n_lines; l++) {
        const silbe_line *line = &text->lyrics->lines[l];
        double line_sum = 0, n_line = 0;
        for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
            const silbe_trellis_word_result *word = &search->found.words[w];
            double n_frames = (double)(word->end_frame - word->begin_frame);
            line_sum += n_frames * (word->llr - penalty);
            n_line += n_frames;
        }
        search->line_llr[l] = line_sum / n_line;
        sum += line_sum;
        n += n_line;
    }
    search->mean_llr = sum / n;
}

/* Anchors of every STRIDE-th word around where a first search found it, and those of the text. */
static silbe_status anchor_words(const silbe_phone_text *text, const silbe_trellis *trellis,
                                 const uint32_t *path, size_t n_frames, size_t reach_frames,
                                 silbe_trellis_anchor **anchors, size_t *n_anchors, silbe_err *err)
{
    size_t n_own = text->text.n_anchors, next = 0;
    silbe_trellis_anchor *all = calloc(text->lyrics->n_words + n_own + 1, sizeof *all);
    if (all == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words",
                          text->lyrics->n_words);
    }
    *anchors = all;
    for (size_t i = 0; i < n_own; i++) {
        all[(*n_anchors)++] = text->text.anchors[i];
    }
    for (size_t t = 0; t < n_frames; t++) {
        silbe_trellis_state state = silbe_trellis_state_at(trellis, path[t]);
        if (state.kind == SILBE_TRELLIS_SYMBOL && state.word >= next) {
            all[(*n_anchors)++] = (silbe_trellis_anchor){
                .index = state.word,
                .begin_frame = t > reach_frames ? t - reach_frames : 0,
                .end_frame = t + reach_frames + 1,
            };
            next = state.word + ANCHOR_STRIDE;
        }
    }
    return SILBE_OK;
}

/* A first search with a beam, which says roughly where the words are. */
static silbe_status search_roughly(const silbe_config *config, const silbe_phone_text *text,
                                   const silbe_trellis_emissions *emissions, const engine *e,
                                   size_t graph_bytes, double hop_s, uint32_t *path,
                                   silbe_trellis_anchor **anchors, size_t *n_anchors,
                                   silbe_err *err)
{
    silbe_trellis_options options = {(size_t)config->lyrics.max_memory_mb * BYTES_PER_MB / 4,
                                     config->lyrics.beam, false};
    silbe_trellis_viterbi_result result;
    void *scratch = NULL;
    size_t bytes = 0;
    silbe_status status = silbe_trellis_viterbi_size(e->trellis, &options, &bytes, err);
    if (status == SILBE_OK) {
        status = allocate(config, graph_bytes, bytes, &scratch, err);
    }
    if (status == SILBE_OK) {
        status = silbe_trellis_viterbi(e->trellis, emissions, &options, scratch, bytes, path,
                                       &result, err);
    }
    free(scratch);
    if (status == SILBE_OK) {
        status = anchor_words(text, e->trellis, path, emissions->n_frames,
                              (size_t)(ANCHOR_REACH_S / hop_s), anchors, n_anchors, err);
    }
    return status;
}

/* Search, posteriors and results on the trellis of *text. */
static silbe_status search_exactly(const silbe_config *config, const silbe_trellis_text *text,
                                   const silbe_trellis_emissions *emissions, engine *e,
                                   size_t graph_bytes, double hop_s, silbe_trellis_alignment *found,
                                   silbe_err *err)
{
    const silbe_trellis_align_options options = options_of(config, hop_s);
    size_t bytes = 0;
    silbe_status status = silbe_trellis_align_size(e->trellis, &options, &bytes, err);
    if (status == SILBE_OK) {
        status = allocate(config, graph_bytes, bytes, &e->scratch, err);
    }
    return status == SILBE_OK ? silbe_trellis_align(text, e->trellis, emissions, &options,
                                                    e->scratch, bytes, found, err)
                              : status;
}

static silbe_status check_length(const silbe_phone_text *text,
                                 const silbe_posteriorgram_facts *facts, silbe_err *err)
{
    double least_s = least_duration_s(text, facts->hop_s);
    if (least_s > facts->duration_s) {
        return silbe_fail(
            err, SILBE_ERR_INFEASIBLE,
            "the text of %zu words takes %.1f s at least, the recording lasts %.1f s; "
            "is it the text of this recording? (lyrics.vowel_min_ms and the like)",
            text->lyrics->n_words, least_s, facts->duration_s);
    }
    return SILBE_OK;
}

silbe_status silbe_phone_search_run(const silbe_config *config,
                                    const silbe_posteriorgram_facts *facts,
                                    const silbe_matrix *posteriors, const silbe_phone_text *text,
                                    silbe_phone_search *search, silbe_err *err)
{
    const silbe_trellis_emissions emissions = silbe_phone_emissions(config, facts, posteriors);
    silbe_trellis_text trellis_text = text->text;
    silbe_trellis_anchor *anchors = NULL;
    engine e = {0};
    size_t graph_bytes = 0, n_frames = posteriors->n_rows;
    silbe_status status = check_length(text, facts, err);
    if (status == SILBE_OK) {
        status = allocate_found(text, n_frames, search, err);
    }
    if (status == SILBE_OK) {
        status = build(config, &trellis_text, n_frames, &e, &graph_bytes, err);
    }
    if (status == SILBE_OK && config->lyrics.beam > 0 &&
        silbe_trellis_n_cells(e.trellis) > MAX_EXACT_CELLS) {
        size_t n_anchors = 0;
        status = search_roughly(config, text, &emissions, &e, graph_bytes, facts->hop_s,
                                search->found.path, &anchors, &n_anchors, err);
        if (status == SILBE_OK) {
            trellis_text.anchors = anchors;
            trellis_text.n_anchors = n_anchors;
            free(e.graph);
            e.graph = NULL;
            status = build(config, &trellis_text, n_frames, &e, &graph_bytes, err);
        }
        search->n_searches++;
    }
    if (status == SILBE_OK) {
        status = search_exactly(config, &trellis_text, &emissions, &e, graph_bytes, facts->hop_s,
                                &search->found, err);
        search->n_searches++;
    }
    if (status == SILBE_OK) {
        measure(text, config->lyrics.wildcard_penalty, search);
    }
    free(anchors);
    free(e.scratch);
    free(e.graph);
    return status;
}
