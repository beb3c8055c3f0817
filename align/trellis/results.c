/* Words, labels and lines of a path: see results.h. */
#include "align/trellis/results.h"

#include <math.h>

void silbe_trellis_results_carve(silbe_trellis_results *r, silbe_arena *arena)
{
    r->llr = silbe_arena_take(arena, r->g->n_frames, sizeof(double));
    r->row = silbe_arena_take(arena, r->g->n_classes, sizeof(double));
    r->order = silbe_arena_take(arena, r->g->n_symbols, sizeof(double));
}

/* Where the wildcard is impossible the ratio is infinite; finite, so that its means are numbers. */
static const double MOST_LLR = 1e6;

/* llr of each frame of the path. */
static void fill_llr(const silbe_trellis_results *r, const uint32_t *path, silbe_err *err)
{
    const silbe_trellis *g = r->g;
    for (size_t f = 0; f < g->n_frames && !silbe_failed(err); f++) {
        uint32_t s = path[f];
        r->llr[f] = 0.0;
        if (g->kind_of[s] == SILBE_TRELLIS_SYMBOL) {
            silbe_try(err,
                      silbe_trellis_emission_row(g, r->emissions, f, r->row, r->order, NULL, err));
            r->llr[f] = fmin(r->row[g->class_of[s]] - r->row[g->n_symbols], MOST_LLR);
        }
    }
}

/* Times and llr of the words on the path. */
static void fill_words(const silbe_trellis_results *r, const uint32_t *path,
                       silbe_trellis_word_result *words)
{
    const silbe_trellis *g = r->g;
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
            word->llr += (r->llr[f] - word->llr) / (double)n_sung; /* running mean */
        }
    }
}

/* Logistic function of an llr. */
static double sureness(const silbe_trellis_align_options *options, double llr)
{
    return 1.0 / (1.0 + exp(-(llr - options->llr_threshold) / options->llr_width));
}

static void fill_labels(const silbe_trellis_results *r, silbe_trellis_alignment *a)
{
    const silbe_trellis *g = r->g;
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
            label->symbol =
                r->text->words[w].pronunciations[g->pronunciation_of[s]].symbols[position];
            label->begin_frame = f;
            label->matched = a->words[w].matched;
            llr = 0.0;
        }
        label->end_frame = f + 1;
        llr += (r->llr[f] - llr) / (double)(f + 1 - label->begin_frame);
        label->confidence = a->words[w].mass_near * sureness(r->options, llr);
    }
}

static void fill_lines(const silbe_trellis_results *r, silbe_trellis_alignment *a)
{
    const silbe_trellis_text *text = r->text;
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
        line->matched = begun && (double)n_matched >= r->options->line_share * (double)n_words;
    }
}

silbe_status silbe_trellis_results_begin(const silbe_trellis_results *r, silbe_trellis_alignment *a,
                                         silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    fill_llr(r, a->path, err);
    if (!silbe_failed(err)) {
        fill_words(r, a->path, a->words);
    }
    return err->status;
}

void silbe_trellis_results_end(const silbe_trellis_results *r, silbe_trellis_alignment *a)
{
    for (size_t w = 0; w < r->g->n_words; w++) {
        silbe_trellis_word_result *word = &a->words[w];
        if (!word->skipped) {
            word->confidence = word->mass_near * sureness(r->options, word->llr);
            word->matched =
                word->p_sung >= r->options->min_sung && word->llr >= r->options->llr_threshold;
        }
    }
    a->n_labels = 0;
    if (a->labels != NULL) {
        fill_labels(r, a);
    }
    if (a->lines != NULL) {
        fill_lines(r, a);
    }
}
