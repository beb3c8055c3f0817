#include "pipeline/align/phone_search.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

enum { BYTES_PER_MB = 1000000 };

/*
 * Above so many cells of the trellis a first search with a beam finds roughly where the words are,
 * and the exact one, with posteriors, takes only that in which every ANCHOR_STRIDE-th word begins
 * within ANCHOR_REACH_S of there.
 */
static const size_t MAX_EXACT_CELLS = 100000000;
enum { ANCHOR_STRIDE = 8 };
static const double ANCHOR_REACH_S = 10;

/* A search under way. */
typedef struct {
    const silbe_config *config;
    const silbe_phone_text *text;
    silbe_trellis_emissions emissions;
    double hop_s;
    silbe_trellis_text trellis_text; /* that of text, with the anchors below once they are known */
    silbe_trellis_anchor *anchors;   /* owned, as is graph */
    void *graph;
    size_t graph_bytes;
    silbe_trellis *trellis; /* in graph */
} trellis_search;

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

/* Of a phone: see silbe_trellis_duration. */
static size_t least_frames(silbe_trellis_duration duration)
{
    return duration.short_logp < 0 ? duration.min_frames / 2 + 1 : duration.min_frames;
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
                n += least_frames(text->durations[pronunciation->phones[k].phone]);
            }
            least = n < least ? n : least;
        }
        n_frames += least;
    }
    return (double)n_frames * hop_s;
}

static void allocate_found(const silbe_phone_text *text, size_t n_frames,
                           silbe_phone_search *search, silbe_err *err)
{
    silbe_trellis_alignment *found = &search->found;
    size_t n_words = text->lyrics->n_words, n_lines = text->lyrics->n_lines;
    found->label_capacity = silbe_trellis_label_capacity(&text->text);
    found->words = silbe_alloc(n_words, sizeof *found->words, "words", err);
    found->labels = silbe_alloc(found->label_capacity, sizeof *found->labels, "phones", err);
    found->lines = silbe_alloc(n_lines, sizeof *found->lines, "lines", err);
    found->path = silbe_alloc(n_frames, sizeof *found->path, "frames", err);
    search->line_llr = silbe_alloc(n_lines, sizeof *search->line_llr, "lines", err);
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
static void *allocate(const silbe_config *config, size_t taken, size_t bytes, silbe_err *err)
{
    size_t limit = (size_t)config->lyrics.max_memory_mb * BYTES_PER_MB;
    if (!silbe_failed(err) && (bytes > limit || taken > limit - bytes)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY,
                         "finding the text needs %.0f MB, lyrics.max_memory_mb allows %d; raise "
                         "it, or cut the recording",
                         ceil(((double)bytes + (double)taken) / BYTES_PER_MB),
                         config->lyrics.max_memory_mb);
    }
    return silbe_failed(err) ? NULL
                             : silbe_need(malloc(bytes > 0 ? bytes : 1), "finding the text", err);
}

/* The trellis of s->trellis_text, in place of the one before. */
static void build(trellis_search *s, silbe_err *err)
{
    size_t n_frames = s->emissions.n_frames;
    free(s->graph);
    s->graph = NULL;
    silbe_try(err, silbe_trellis_size(&s->trellis_text, n_frames, &s->graph_bytes, err));
    s->graph = allocate(s->config, 0, s->graph_bytes, err);
    silbe_try(err, silbe_trellis_init(&s->trellis_text, n_frames, s->graph, s->graph_bytes,
                                      &s->trellis, err));
}

/* Means over the frames of the words of each line, and of all. */
static void average_llrs(const silbe_phone_text *text, double penalty, silbe_phone_search *search)
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
static void anchor_words(trellis_search *s, const uint32_t *path, silbe_err *err)
{
    const silbe_trellis_text *text = &s->text->text;
    size_t reach_frames = (size_t)(ANCHOR_REACH_S / s->hop_s), n = 0, next = 0;
    s->anchors = silbe_alloc(text->n_words + text->n_anchors, sizeof *s->anchors, "anchors", err);
    for (; n < text->n_anchors && !silbe_failed(err); n++) {
        s->anchors[n] = text->anchors[n];
    }
    for (size_t t = 0; t < s->emissions.n_frames && !silbe_failed(err); t++) {
        silbe_trellis_state state = silbe_trellis_state_at(s->trellis, path[t]);
        if (state.kind == SILBE_TRELLIS_SYMBOL && state.word >= next) {
            s->anchors[n++] = (silbe_trellis_anchor){
                .index = state.word,
                .begin_frame = t > reach_frames ? t - reach_frames : 0,
                .end_frame = t + reach_frames + 1,
            };
            next = state.word + ANCHOR_STRIDE;
        }
    }
    s->trellis_text.anchors = s->anchors;
    s->trellis_text.n_anchors = n;
}

/* A first search with a beam, which says roughly where the words are: they are anchored there. */
static void search_roughly(trellis_search *s, uint32_t *path, silbe_err *err)
{
    const silbe_trellis_options options = {
        (size_t)s->config->lyrics.max_memory_mb * BYTES_PER_MB / 4, s->config->lyrics.beam, false};
    silbe_trellis_viterbi_result result;
    size_t bytes = 0;
    silbe_try(err, silbe_trellis_viterbi_size(s->trellis, &options, &bytes, err));
    void *scratch = allocate(s->config, s->graph_bytes, bytes, err);
    silbe_try(err, silbe_trellis_viterbi(s->trellis, &s->emissions, &options, scratch, bytes, path,
                                         &result, err));
    free(scratch);
    anchor_words(s, path, err);
}

/* Search, posteriors and results on the trellis. */
static void search_exactly(const trellis_search *s, silbe_trellis_alignment *found, silbe_err *err)
{
    const silbe_trellis_align_options options = options_of(s->config, s->hop_s);
    size_t bytes = 0;
    silbe_try(err, silbe_trellis_align_size(s->trellis, &options, &bytes, err));
    void *scratch = allocate(s->config, s->graph_bytes, bytes, err);
    silbe_try(err, silbe_trellis_align(&s->trellis_text, s->trellis, &s->emissions, &options,
                                       scratch, bytes, found, err));
    free(scratch);
}

static void check_length(const silbe_phone_text *text, const silbe_posteriorgram_facts *facts,
                         silbe_err *err)
{
    double least_s = least_duration_s(text, facts->hop_s);
    if (least_s > facts->duration_s) {
        (void)silbe_fail(err, SILBE_ERR_INFEASIBLE,
                         "the text of %zu words takes %.1f s at least, the recording lasts %.1f s; "
                         "is it the text of this recording? (lyrics.vowel_min_ms and the like)",
                         text->lyrics->n_words, least_s, facts->duration_s);
    }
}

silbe_status silbe_phone_search_run(const silbe_config *config,
                                    const silbe_posteriorgram_facts *facts,
                                    const silbe_matrix *posteriors, const silbe_phone_text *text,
                                    silbe_phone_search *search, silbe_err *err)
{
    silbe_err own;
    trellis_search s = {.config = config,
                        .text = text,
                        .emissions = silbe_phone_emissions(config, facts, posteriors),
                        .hop_s = facts->hop_s,
                        .trellis_text = text->text};
    err = silbe_err_begin(err, &own);
    check_length(text, facts, err);
    allocate_found(text, posteriors->n_rows, search, err);
    build(&s, err);
    if (!silbe_failed(err) && config->lyrics.beam > 0 &&
        silbe_trellis_n_cells(s.trellis) > MAX_EXACT_CELLS) {
        search_roughly(&s, search->found.path, err);
        build(&s, err);
        search->n_searches++;
    }
    search_exactly(&s, &search->found, err);
    search->n_searches++;
    if (!silbe_failed(err)) {
        average_llrs(text, config->lyrics.wildcard_penalty, search);
    }
    free(s.anchors);
    free(s.graph);
    return err->status;
}
