/* A plain chain of labels by the kernels of align/ctc: see chain.h. */
#include "align/trellis/chain.h"

typedef silbe_trellis_chain chain;

static bool has_no_model(silbe_trellis_duration duration)
{
    return duration.min_frames <= 1 && duration.expected_frames == 0.0;
}

static bool is_plain_word(const silbe_trellis_text *text, const silbe_trellis_word *word)
{
    const silbe_trellis_pronunciation *pron = &word->pronunciations[0];
    bool plain =
        word->n_pronunciations == 1 && pron->logp == 0.0 && word->skip_logp == SILBE_NEG_INF;
    for (size_t i = 0; plain && i < pron->n_symbols; i++) {
        plain = pron->symbols[i] != SILBE_TRELLIS_WILDCARD &&
                has_no_model(silbe_trellis_duration_of(text, pron->symbols[i]));
    }
    return plain;
}

static bool is_plain_gap(const silbe_trellis_text *text, const silbe_trellis_gap *gap)
{
    bool silent = gap->silence == SILBE_TRELLIS_REQUIRED && gap->silence_logp == 0.0 &&
                  text->silence != text->blank && has_no_model(text->silence_duration) &&
                  gap->silence_frames == 0.0;
    return gap->wildcard == SILBE_TRELLIS_NEVER && (silent || gap->silence == SILBE_TRELLIS_NEVER);
}

bool silbe_trellis_is_chain(const silbe_trellis_text *text,
                            const silbe_trellis_emissions *emissions,
                            const silbe_trellis_align_options *options)
{
    bool plain = text->topology == SILBE_TRELLIS_CTC && text->n_anchors == 0 &&
                 text->n_regions == 0 && (emissions->scale == 0.0 || emissions->scale == 1.0) &&
                 options->posterior_scale == 1.0 && options->kernel.beam_logp == 0.0;
    for (size_t i = 0; plain && i < text->n_lines; i++) {
        plain = text->lines[i].skip_logp == SILBE_NEG_INF;
    }
    for (size_t w = 0; plain && w < text->n_words; w++) {
        plain = is_plain_word(text, &text->words[w]);
    }
    for (size_t i = 0; plain && i <= text->n_words; i++) {
        plain = is_plain_gap(text, silbe_trellis_gap_at(text, i));
    }
    return plain;
}

static bool is_silent(const silbe_trellis_text *text, size_t gap)
{
    return silbe_trellis_gap_at(text, gap)->silence == SILBE_TRELLIS_REQUIRED;
}

static size_t count_labels(const silbe_trellis_text *text)
{
    size_t n = is_silent(text, text->n_words);
    for (size_t w = 0; w < text->n_words; w++) {
        n = silbe_size_add(n, text->words[w].pronunciations[0].n_symbols + is_silent(text, w));
    }
    return n;
}

/* Sets the sizes and takes the arrays; returns the bytes. */
static size_t carve(const silbe_trellis_text *text, const silbe_trellis_emissions *emissions,
                    void *memory, chain *c)
{
    silbe_arena arena = silbe_arena_at(memory);
    silbe_trellis *g = &c->states;
    size_t n_labels = count_labels(text);
    *g = (silbe_trellis){.n_states = silbe_size_add(silbe_size_mul(2, n_labels), 1),
                         .n_frames = emissions->n_frames,
                         .n_words = text->n_words,
                         .n_symbols = text->n_symbols,
                         .n_classes = text->n_symbols + SILBE_N_EXTRA_CLASSES,
                         .topology = SILBE_TRELLIS_CTC,
                         .blank = text->blank,
                         .silence = text->silence};
    c->ctc.n_labels = n_labels;
    c->labels = silbe_arena_take(&arena, n_labels, sizeof *c->labels);
    c->first = silbe_arena_take(&arena, g->n_words, sizeof *c->first);
    c->near = silbe_arena_take(&arena, n_labels, sizeof *c->near);
    c->onsets = silbe_arena_take(&arena, n_labels, sizeof *c->onsets);
    g->class_of = silbe_arena_take(&arena, g->n_states, sizeof *g->class_of);
    g->word_of = silbe_arena_take(&arena, g->n_states, sizeof *g->word_of);
    g->pronunciation_of = silbe_arena_take(&arena, g->n_states, sizeof *g->pronunciation_of);
    g->position_of = silbe_arena_take(&arena, g->n_states, sizeof *g->position_of);
    g->kind_of = silbe_arena_take(&arena, g->n_states, sizeof *g->kind_of);
    c->results.g = g;
    silbe_trellis_results_carve(&c->results, &arena);
    return arena.used;
}

size_t silbe_trellis_chain_size(const silbe_trellis_text *text,
                                const silbe_trellis_emissions *emissions)
{
    chain c;
    return carve(text, emissions, NULL, &c);
}

static void set_state(silbe_trellis *g, size_t s, silbe_trellis_state_kind kind, size_t word,
                      size_t position)
{
    g->kind_of[s] = (uint8_t)kind;
    g->word_of[s] = (uint32_t)word;
    g->pronunciation_of[s] = 0;
    g->position_of[s] = (uint32_t)position;
}

/* Label j and the blank before it. */
static void add_label(chain *c, size_t j, silbe_trellis_state_kind kind, int32_t symbol,
                      size_t word, size_t position)
{
    silbe_trellis *g = &c->states;
    int32_t n_symbols = (int32_t)g->n_symbols;
    bool is_symbol = kind == SILBE_TRELLIS_SYMBOL;
    bool is_inside = is_symbol && position > 0;
    set_state(g, 2 * j, is_inside ? SILBE_TRELLIS_WORD_BLANK : SILBE_TRELLIS_GAP_BLANK, word,
              is_inside ? position - 1 : 0);
    g->class_of[2 * j] = is_inside ? g->blank : n_symbols + SILBE_CLASS_GAP_BLANK;
    set_state(g, 2 * j + 1, kind, word, position);
    g->class_of[2 * j + 1] = is_symbol ? symbol : n_symbols + SILBE_CLASS_GAP_SILENCE;
    c->labels[j] = symbol;
    c->near[j] = 0;
}

static void add_labels(const silbe_trellis_text *text, chain *c)
{
    size_t n = 0;
    for (size_t w = 0; w <= text->n_words; w++) {
        if (is_silent(text, w)) {
            add_label(c, n++, SILBE_TRELLIS_GAP_SILENCE, text->silence, w, 0);
        }
        if (w < text->n_words) {
            const silbe_trellis_pronunciation *pron = &text->words[w].pronunciations[0];
            c->first[w] = n;
            for (size_t i = 0; i < pron->n_symbols; i++) {
                add_label(c, n++, SILBE_TRELLIS_SYMBOL, pron->symbols[i], w, i);
            }
        }
    }
    set_state(&c->states, 2 * n, SILBE_TRELLIS_GAP_BLANK, text->n_words, 0);
    c->states.class_of[2 * n] = (int32_t)c->states.n_symbols + SILBE_CLASS_GAP_BLANK;
}

void silbe_trellis_chain_init(const silbe_trellis_text *text,
                              const silbe_trellis_emissions *emissions,
                              const silbe_trellis_align_options *options, void *memory, chain *c)
{
    c->results = (silbe_trellis_results){.text = text, .emissions = emissions, .options = options};
    (void)carve(text, emissions, memory, c);
    add_labels(text, c);
    c->ctc = (silbe_ctc_problem){.values = emissions->values,
                                 .n_frames = emissions->n_frames,
                                 .n_symbols = emissions->n_symbols,
                                 .row_stride = emissions->row_stride,
                                 .logits = emissions->logits,
                                 .labels = c->labels,
                                 .n_labels = c->states.n_states / 2,
                                 .topology = SILBE_CTC_BLANKS,
                                 .blank = (size_t)text->blank,
                                 .blank_penalty = emissions->blank_penalty,
                                 .log_prior = emissions->log_prior,
                                 .prior_scale = emissions->prior_scale};
}

static silbe_kernel kernel_of(const chain *c)
{
    return c->results.options->kernel.portable ? SILBE_KERNEL_PORTABLE : SILBE_KERNEL_AUTO;
}

static silbe_ctc_viterbi_options best_options(const chain *c)
{
    return (silbe_ctc_viterbi_options){.kernel = kernel_of(c),
                                       .max_bytes = c->results.options->kernel.max_bytes};
}

static silbe_ctc_options sum_options(const chain *c)
{
    return (silbe_ctc_options){.kernel = kernel_of(c),
                               .max_bytes = c->results.options->kernel.max_bytes};
}

static silbe_ctc_wanted wanted_of(const chain *c)
{
    return (silbe_ctc_wanted){.onsets = c->onsets,
                              .near_frame = c->near,
                              .near_radius = c->results.options->near_frames,
                              .interval_mass = c->results.options->interval_mass};
}

silbe_status silbe_trellis_chain_align_size(const chain *c, size_t *bytes, silbe_err *err)
{
    silbe_err own;
    size_t best_bytes = 0, sum_bytes = 0;
    const silbe_ctc_viterbi_options best = best_options(c);
    const silbe_ctc_options sum = sum_options(c);
    const silbe_ctc_wanted wanted = wanted_of(c);
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_trellis_emissions_check(&c->states, c->results.emissions, err));
    silbe_try(err, silbe_ctc_viterbi_scratch_size(&c->ctc, &best, &best_bytes, err));
    silbe_try(err, silbe_ctc_scratch_size(&c->ctc, &wanted, &sum, &sum_bytes, err));
    *bytes = best_bytes > sum_bytes ? best_bytes : sum_bytes;
    return err->status;
}

static void fill_near(const chain *c, const uint32_t *path)
{
    for (size_t t = c->ctc.n_frames; t-- > 0;) {
        if (path[t] % 2 == 1) {
            c->near[path[t] / 2] = t;
        }
    }
}

static void fill_onsets(const chain *c, silbe_trellis_word_result *words)
{
    for (size_t w = 0; w < c->states.n_words; w++) {
        const silbe_ctc_onset *onset = &c->onsets[c->first[w]];
        words[w].p_sung = 1.0;
        words[w].mass_near = onset->mass_near;
        words[w].lo_frame = onset->lo_frame;
        words[w].hi_frame = onset->hi_frame;
        words[w].expected_frame = onset->mean_frame;
        words[w].spread_frames = onset->spread_frames;
    }
}

silbe_status silbe_trellis_chain_align(const chain *c, void *scratch, size_t scratch_bytes,
                                       silbe_trellis_alignment *a, silbe_err *err)
{
    silbe_err own;
    silbe_ctc_viterbi_result best = {0};
    silbe_ctc_result sum = {0};
    const silbe_ctc_viterbi_options options = best_options(c);
    const silbe_ctc_options options_sum = sum_options(c);
    const silbe_ctc_wanted wanted = wanted_of(c);
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_ctc_viterbi(&c->ctc, &options, scratch, scratch_bytes, NULL, a->path,
                                     &best, err));
    silbe_try(err, silbe_trellis_results_begin(&c->results, a, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    fill_near(c, a->path);
    silbe_try(err,
              silbe_ctc_run(&c->ctc, &wanted, &options_sum, scratch, scratch_bytes, &sum, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    fill_onsets(c, a->words);
    silbe_trellis_results_end(&c->results, a);
    a->viterbi_logp = best.logp;
    a->loss = sum.loss;
    a->maybe_cut = best.maybe_cut;
    return SILBE_OK;
}
