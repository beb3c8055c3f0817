/* Viterbi and posteriors put together into words, labels and lines: see align.h. */
#include "align/trellis/align.h"

#include "align/trellis/posterior.h"
#include "align/trellis/results.h"

typedef struct {
    silbe_trellis_onset *onsets; /* n_words */
    double *p;                   /* n_words x window, pooled */
    silbe_trellis_results results;
    void *kernel; /* scratch of Viterbi, then of the posteriors */
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
    t->results.g = g;
    silbe_trellis_results_carve(&t->results, &arena);
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

static silbe_status check_trellis(const silbe_trellis *g,
                                  const silbe_trellis_align_options *options, silbe_err *err)
{
    return g == NULL ? silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: the trellis is missing (NULL)")
                     : silbe_trellis_align_options_check(options, err);
}

silbe_status silbe_trellis_align_size(const silbe_trellis *trellis,
                                      const silbe_trellis_align_options *options, size_t *bytes,
                                      silbe_err *err)
{
    tables t;
    silbe_status status = check_trellis(trellis, options, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: bytes is NULL");
    }
    return carve(trellis, options, NULL, &t, bytes, err);
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

/* When each word begins, from its window. */
static void fill_onsets(const silbe_trellis *g, const silbe_trellis_align_options *options,
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

static silbe_status check_text(const silbe_trellis_text *text, const silbe_trellis *g,
                               silbe_err *err)
{
    return text->n_words == g->n_words
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MISMATCH,
                            "trellis: the text has %zu words, the trellis %zu", text->n_words,
                            g->n_words);
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
    tables t = {.results = {.text = text, .emissions = emissions, .options = options}};
    size_t bytes = 0;
    silbe_trellis_viterbi_result best = {0};
    silbe_trellis_posterior_result sum = {0};
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, check_trellis(trellis, options, err));
    silbe_try(err, silbe_trellis_alignment_check(text, alignment, err));
    silbe_try(err, check_text(text, trellis, err));
    silbe_try(err, carve(trellis, options, NULL, &t, &bytes, err));
    silbe_try(err, check_scratch(scratch, scratch_bytes, bytes, err));
    silbe_try(err, carve(trellis, options, scratch, &t, &bytes, err));
    silbe_try(err, silbe_trellis_viterbi(trellis, emissions, &options->kernel, t.kernel,
                                         t.kernel_bytes, alignment->path, &best, err));
    silbe_try(err, silbe_trellis_results_begin(&t.results, alignment, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    place_windows(trellis, options, alignment->words, &t);
    silbe_trellis_emissions wider = *emissions;
    silbe_trellis_wanted wanted = {.onsets = t.onsets};
    wider.scale = (wider.scale == 0.0 ? 1.0 : wider.scale) * options->posterior_scale;
    silbe_try(err, silbe_trellis_posterior(trellis, &wider, &wanted, &options->kernel, t.kernel,
                                           t.kernel_bytes, &sum, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    fill_onsets(trellis, options, &t, alignment->words);
    silbe_trellis_results_end(&t.results, alignment);
    alignment->viterbi_logp = best.logp;
    alignment->loss = sum.loss;
    alignment->maybe_cut = best.maybe_cut;
    return SILBE_OK;
}
