/* Viterbi and posteriors put together into words, labels and lines: see align.h. */
#include "align/trellis/align.h"

#include <math.h>
#include <string.h>

#include "align/trellis/graph.h"

typedef struct {
    silbe_trellis_onset *onsets; /* n_words */
    double *p;                   /* n_words x window, pooled */
    double *llr;                 /* T: of the state on the path; 0 in gaps and blanks */
    double *row;                 /* classes */
    double *order;               /* symbols */
    void *kernel;                /* scratch of Viterbi, then of the posteriors */
    size_t kernel_bytes;
} tables;

static size_t window_frames(const silbe_trellis *g, const silbe_trellis_align_options *options)
{
    size_t frames = silbe_size_add(silbe_size_mul(2, options->window_frames), 1);
    return frames < g->n_frames ? frames : g->n_frames;
}

static silbe_status carve(const silbe_trellis *g, const silbe_trellis_align_options *options,
                          void *scratch, tables *t, size_t *bytes, silbe_err *err)
{
    size_t best_bytes = 0;
    size_t sum_bytes = 0;
    silbe_arena arena = silbe_arena_at(scratch);
    t->onsets = silbe_arena_take(&arena, g->n_words, sizeof *t->onsets);
    t->p = silbe_arena_take(&arena, silbe_size_mul(g->n_words, window_frames(g, options)),
                            sizeof(double));
    t->llr = silbe_arena_take(&arena, g->n_frames, sizeof(double));
    t->row = silbe_arena_take(&arena, g->n_classes, sizeof(double));
    t->order = silbe_arena_take(&arena, g->n_symbols, sizeof(double));
    silbe_trellis_onset none = {0};
    silbe_trellis_wanted wanted = {.onsets = &none};
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_trellis_viterbi_size(g, &options->kernel, &best_bytes, err));
    silbe_try(err, silbe_trellis_posterior_size(g, &wanted, &options->kernel, &sum_bytes, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    t->kernel_bytes = best_bytes > sum_bytes ? best_bytes : sum_bytes;
    t->kernel = silbe_arena_take(&arena, t->kernel_bytes, 1);
    *bytes = arena.used;
    return arena.used == SIZE_MAX
               ? silbe_fail(err, SILBE_ERR_MEMORY,
                            "trellis: windows of %zu frames for %zu words do not fit into memory",
                            window_frames(g, options), g->n_words)
               : SILBE_OK;
}

static silbe_status check_options(const silbe_trellis *g,
                                  const silbe_trellis_align_options *options, silbe_err *err)
{
    if (g == NULL || options == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s missing (NULL)",
                          g == NULL ? "the trellis is" : "options are");
    }
    bool good = options->window_frames >= options->near_frames && options->interval_mass > 0.0 &&
                options->interval_mass < 1.0 && options->min_sung >= 0.0 &&
                options->min_sung <= 1.0 && isfinite(options->llr_threshold) &&
                options->llr_width > 0.0 && options->line_share >= 0.0 &&
                options->line_share <= 1.0 && options->posterior_scale > 0.0 &&
                isfinite(options->posterior_scale);
    return good
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT,
                            "trellis: near %zu (should be <= window %zu), interval_mass %g (inside "
                            "0 to 1), min_sung %g, line_share %g (0 to 1), llr_threshold %g, "
                            "llr_width %g, posterior_scale %g (> 0): not all of them usable",
                            options->near_frames, options->window_frames, options->interval_mass,
                            options->min_sung, options->line_share, options->llr_threshold,
                            options->llr_width, options->posterior_scale);
}

size_t silbe_trellis_label_capacity(const silbe_trellis_text *text)
{
    size_t sum = 0;
    for (size_t w = 0; w < text->n_words; w++) {
        size_t most = 0;
        for (size_t p = 0; p < text->words[w].n_pronunciations; p++) {
            size_t n = text->words[w].pronunciations[p].n_symbols;
            most = n > most ? n : most;
        }
        sum = silbe_size_add(sum, most);
    }
    return sum;
}

silbe_status silbe_trellis_align_size(const silbe_trellis *trellis,
                                      const silbe_trellis_align_options *options, size_t *bytes,
                                      silbe_err *err)
{
    tables t;
    silbe_status status = check_options(trellis, options, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: bytes is NULL");
    }
    return carve(trellis, options, NULL, &t, bytes, err);
}

/* Where the wildcard is impossible the ratio is infinite; finite, so that its means are numbers. */
static const double MOST_LLR = 1e6;

/* llr of each frame of the path. */
static silbe_status fill_llr(const silbe_trellis *g, const silbe_trellis_emissions *emissions,
                             const uint32_t *path, const tables *t, silbe_err *err)
{
    for (size_t f = 0; f < g->n_frames; f++) {
        uint32_t s = path[f];
        t->llr[f] = 0.0;
        if (g->kind_of[s] != SILBE_TRELLIS_SYMBOL) {
            continue;
        }
        silbe_status status =
            silbe_trellis_emission_row(g, emissions, f, t->row, t->order, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        t->llr[f] = fmin(t->row[g->class_of[s]] - t->row[g->n_symbols], MOST_LLR);
    }
    return SILBE_OK;
}

/* Times and llr of the words on the path. */
static void fill_words(const silbe_trellis *g, const uint32_t *path, const tables *t,
                       silbe_trellis_word_result *words)
{
    for (size_t w = 0; w < g->n_words; w++) {
        words[w] = (silbe_trellis_word_result){.skipped = true};
    }
    size_t n_sung = 0; /* frames of symbols of the word in hand */
    for (size_t f = 0; f < g->n_frames; f++) {
        uint32_t s = path[f];
        if (g->kind_of[s] > SILBE_TRELLIS_WORD_BLANK) {
            continue;
        }
        silbe_trellis_word_result *word = &words[g->word_of[s]];
        if (word->skipped) {
            word->skipped = false;
            word->begin_frame = f;
            word->pronunciation = g->pronunciation_of[s];
            n_sung = 0;
        }
        word->end_frame = f + 1;
        if (g->kind_of[s] == SILBE_TRELLIS_SYMBOL) {
            n_sung++;
            word->llr += (t->llr[f] - word->llr) / (double)n_sung; /* running mean */
        }
    }
}

static void fill_labels(const silbe_trellis *g, const silbe_trellis_text *text,
                        const silbe_trellis_align_options *options, const tables *t,
                        silbe_trellis_alignment *a)
{
    silbe_trellis_label_result *label = NULL;
    double llr = 0.0;
    a->n_labels = 0;
    for (size_t f = 0; f < g->n_frames; f++) {
        uint32_t s = a->path[f];
        if (g->kind_of[s] != SILBE_TRELLIS_SYMBOL) {
            continue;
        }
        size_t w = g->word_of[s];
        size_t position = g->position_of[s];
        if (label == NULL || label->word != w || label->position != position) {
            label = &a->labels[a->n_labels++];
            *label = (silbe_trellis_label_result){.word = w, .position = position};
            label->symbol = text->words[w].pronunciations[g->pronunciation_of[s]].symbols[position];
            label->begin_frame = f;
            label->matched = a->words[w].matched;
            llr = 0.0;
        }
        label->end_frame = f + 1;
        llr += (t->llr[f] - llr) / (double)(f + 1 - label->begin_frame);
        double sure = 1.0 / (1.0 + exp(-(llr - options->llr_threshold) / options->llr_width));
        label->confidence = a->words[w].mass_near * sure;
    }
}

/* Credible interval from what the window holds and what lies on its sides. */
static void fill_interval(const silbe_trellis_onset *o, double mass, size_t n_frames,
                          silbe_trellis_word_result *word)
{
    double tail = 0.5 * (1.0 - mass) * o->total;
    double sum = o->before;
    word->lo_frame = 0;
    word->hi_frame = n_frames;
    if (!(o->total > 0.0)) {
        return;
    }
    if (sum <= tail) { /* else the lower end lies before the window */
        word->lo_frame = o->begin_frame;
        while (word->lo_frame < o->end_frame &&
               sum + o->p[word->lo_frame - o->begin_frame] <= tail) {
            sum += o->p[word->lo_frame - o->begin_frame];
            word->lo_frame++;
        }
    }
    sum = o->after;
    if (sum <= tail) {
        word->hi_frame = o->end_frame;
        while (word->hi_frame > word->lo_frame + 1 && word->hi_frame > o->begin_frame &&
               sum + o->p[word->hi_frame - 1 - o->begin_frame] <= tail) {
            sum += o->p[word->hi_frame - 1 - o->begin_frame];
            word->hi_frame--;
        }
    }
}

static void fill_confidence(const silbe_trellis *g, const silbe_trellis_align_options *options,
                            const tables *t, silbe_trellis_word_result *words)
{
    for (size_t w = 0; w < g->n_words; w++) {
        const silbe_trellis_onset *o = &t->onsets[w];
        silbe_trellis_word_result *word = &words[w];
        word->p_sung = o->total < 1.0 ? o->total : 1.0;
        word->expected_frame = o->mean_frame;
        word->spread_frames = o->spread_frames;
        fill_interval(o, options->interval_mass, g->n_frames, word);
        if (word->skipped) {
            continue;
        }
        size_t near = options->near_frames;
        size_t begin = word->begin_frame > near ? word->begin_frame - near : 0;
        for (size_t f = begin; f <= word->begin_frame + near && f < o->end_frame; f++) {
            word->mass_near += f < o->begin_frame ? 0.0 : o->p[f - o->begin_frame];
        }
        word->mass_near = word->mass_near < 1.0 ? word->mass_near : 1.0;
        double sure = 1.0 / (1.0 + exp(-(word->llr - options->llr_threshold) / options->llr_width));
        word->confidence = word->mass_near * sure;
        word->matched = word->p_sung >= options->min_sung && word->llr >= options->llr_threshold;
    }
}

static void fill_lines(const silbe_trellis_text *text, const silbe_trellis_align_options *options,
                       silbe_trellis_alignment *a)
{
    for (size_t i = 0; i < text->n_lines; i++) {
        const silbe_trellis_line *span = &text->lines[i];
        silbe_trellis_line_result *line = &a->lines[i];
        size_t n_matched = 0;
        bool begun = false;
        *line = (silbe_trellis_line_result){0};
        for (size_t w = span->begin_word; w < span->end_word; w++) {
            const silbe_trellis_word_result *word = &a->words[w];
            n_matched += word->matched;
            line->confidence += word->confidence;
            if (word->skipped) {
                continue;
            }
            if (!begun) {
                begun = true;
                line->begin_frame = word->begin_frame;
                line->lo_frame = word->lo_frame;
                line->hi_frame = word->hi_frame;
            }
            line->end_frame = word->end_frame;
        }
        size_t n_words = span->end_word - span->begin_word;
        line->confidence /= (double)n_words;
        line->matched = begun && (double)n_matched >= options->line_share * (double)n_words;
    }
}

/* Windows around the onsets of the path; skipped words look where their neighbour was. */
static void place_windows(const silbe_trellis *g, const silbe_trellis_align_options *options,
                          const silbe_trellis_word_result *words, const tables *t)
{
    size_t last = 0;
    size_t window = window_frames(g, options);
    for (size_t w = 0; w < g->n_words; w++) {
        size_t at = words[w].skipped ? last : words[w].begin_frame;
        silbe_trellis_onset *o = &t->onsets[w];
        last = words[w].skipped ? last : words[w].end_frame;
        at = at < g->n_frames ? at : g->n_frames - 1;
        *o = (silbe_trellis_onset){0};
        o->begin_frame = at > options->window_frames ? at - options->window_frames : 0;
        o->end_frame = g->n_frames - at > options->window_frames ? at + options->window_frames + 1
                                                                 : g->n_frames;
        o->end_frame = o->end_frame < g->n_frames ? o->end_frame : g->n_frames;
        o->p = t->p + w * window;
    }
}

static silbe_status check_alignment(const silbe_trellis_text *text, const silbe_trellis *g,
                                    const silbe_trellis_alignment *a, silbe_err *err)
{
    if (text == NULL || a == NULL || a->words == NULL || a->path == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: text, words or path missing (NULL)");
    }
    if (text->n_words != g->n_words) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "trellis: the text has %zu words, the trellis %zu", text->n_words,
                          g->n_words);
    }
    if (a->labels != NULL && a->label_capacity < silbe_trellis_label_capacity(text)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: there may be %zu labels, room is for %zu",
                          silbe_trellis_label_capacity(text), a->label_capacity);
    }
    return SILBE_OK;
}

static silbe_status check_scratch(const void *scratch, size_t scratch_bytes, size_t bytes,
                                  silbe_err *err)
{
    return scratch != NULL && scratch_bytes >= bytes
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT,
                            "trellis: aligning needs %zu bytes of scratch, got %zu", bytes,
                            scratch == NULL ? 0 : scratch_bytes);
}

silbe_status silbe_trellis_align(const silbe_trellis_text *text, const silbe_trellis *trellis,
                                 const silbe_trellis_emissions *emissions,
                                 const silbe_trellis_align_options *options, void *scratch,
                                 size_t scratch_bytes, silbe_trellis_alignment *alignment,
                                 silbe_err *err)
{
    tables t;
    size_t bytes = 0;
    silbe_trellis_viterbi_result best = {0};
    silbe_trellis_posterior_result sum = {0};
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, check_options(trellis, options, err));
    silbe_try(err, check_alignment(text, trellis, alignment, err));
    silbe_try(err, carve(trellis, options, NULL, &t, &bytes, err));
    silbe_try(err, check_scratch(scratch, scratch_bytes, bytes, err));
    silbe_try(err, carve(trellis, options, scratch, &t, &bytes, err));
    silbe_try(err, silbe_trellis_viterbi(trellis, emissions, &options->kernel, t.kernel,
                                         t.kernel_bytes, alignment->path, &best, err));
    silbe_try(err, fill_llr(trellis, emissions, alignment->path, &t, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    fill_words(trellis, alignment->path, &t, alignment->words);
    place_windows(trellis, options, alignment->words, &t);
    silbe_trellis_emissions wider = *emissions;
    silbe_trellis_wanted wanted = {.onsets = t.onsets};
    wider.scale = (wider.scale == 0.0 ? 1.0 : wider.scale) * options->posterior_scale;
    silbe_try(err, silbe_trellis_posterior(trellis, &wider, &wanted, &options->kernel, t.kernel,
                                           t.kernel_bytes, &sum, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    fill_confidence(trellis, options, &t, alignment->words);
    alignment->n_labels = 0;
    if (alignment->labels != NULL) {
        fill_labels(trellis, text, options, &t, alignment);
    }
    if (alignment->lines != NULL) {
        fill_lines(text, options, alignment);
    }
    alignment->viterbi_logp = best.logp;
    alignment->loss = sum.loss;
    alignment->maybe_cut = best.maybe_cut;
    return SILBE_OK;
}
