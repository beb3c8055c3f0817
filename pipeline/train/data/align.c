#include "pipeline/train/data/align.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align/trellis/viterbi.h"
#include "features/base/compare.h"
#include "features/base/memory.h"
#include "features/model/posteriors.h"

/* Output frames [*begin, *end) that are not silence at the ends. */
static void find_speech(const silbe_utterance *utterance, size_t stride, size_t n_frames,
                        size_t *begin, size_t *end, silbe_err *err)
{
    const silbe_matrix *m = &utterance->logmel;
    float *level = silbe_alloc(2 * n_frames, sizeof *level, "frames", err);
    if (level == NULL) {
        return;
    }
    float *sorted = level + n_frames;
    for (size_t s = 0; s < n_frames; s++) {
        const float *row = silbe_matrix_row(m, s * stride);
        float sum = 0.0F;
        for (size_t b = 0; b < m->n_cols; b++) {
            sum += row[b];
        }
        level[s] = sum / (float)m->n_cols;
    }
    memcpy(sorted, level, n_frames * sizeof *level);
    qsort(sorted, n_frames, sizeof *sorted, silbe_compare_floats);
    float quiet = sorted[n_frames / 10], loud = sorted[n_frames - 1 - n_frames / 10];
    float threshold = quiet + 0.3F * (loud - quiet);
    *begin = 0;
    *end = n_frames;
    while (*begin + 1 < *end && level[*begin] < threshold) {
        ++*begin;
    }
    while (*begin + 1 < *end && level[*end - 1] < threshold) {
        --*end;
    }
    free(level);
}

static const silbe_pronunciation *first_pronunciation(const silbe_corpus *corpus,
                                                      const silbe_utterance *u, size_t w)
{
    return corpus->lexicon.words[u->words[w]].phones.items;
}

/* The phones of all words over frames [begin, end), silence around. segments: room for n_phones +
 * 2; how many there are. */
static size_t spread_phones(const silbe_corpus *corpus, const silbe_utterance *u, size_t n_phones,
                            double whole_ms, size_t begin, size_t end, size_t n_frames,
                            silbe_segment *segments)
{
    size_t n = 0, at = begin, left = n_phones;
    double before_ms = 0.0;
    if (begin > 0) {
        segments[n++] = (silbe_segment){0, (uint32_t)begin, 0, SILBE_PHONE_SILENCE};
    }
    for (size_t w = 0; w < u->n_words; w++) {
        const silbe_pronunciation *p = first_pronunciation(corpus, u, w);
        for (size_t i = 0; i < p->n_phones; i++) {
            before_ms += (double)silbe_phone_get(p->phones[i].phone)->speech.expected_ms;
            left--;
            size_t next = begin + (size_t)lround(before_ms / whole_ms * (double)(end - begin));
            next = next < at + 1 ? at + 1 : next; /* at least a frame for each */
            next = next > end - left || left == 0 ? end - left : next;
            segments[n++] = (silbe_segment){(uint32_t)at, (uint32_t)next, (uint32_t)(w + 1),
                                            p->phones[i].phone};
            at = next;
        }
    }
    if (end < n_frames) {
        segments[n++] = (silbe_segment){(uint32_t)end, (uint32_t)n_frames, 0, SILBE_PHONE_SILENCE};
    }
    return n;
}

silbe_status silbe_align_flat(const silbe_corpus *corpus, const silbe_utterance *utterance,
                              size_t stride, silbe_alignment *alignment, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n_phones = 0, begin = 0, end = 0, n_frames = alignment->n_frames;
    double whole_ms = 0.0;
    for (size_t w = 0; w < utterance->n_words; w++) {
        const silbe_pronunciation *p = first_pronunciation(corpus, utterance, w);
        n_phones += p->n_phones;
        for (size_t i = 0; i < p->n_phones; i++) {
            whole_ms += (double)silbe_phone_get(p->phones[i].phone)->speech.expected_ms;
        }
    }
    find_speech(utterance, stride, n_frames, &begin, &end, err);
    if (end - begin < n_phones) { /* the ends were no silence */
        begin = 0;
        end = n_frames;
    }
    if (!silbe_failed(err) && end - begin < n_phones) {
        (void)silbe_fail(err, SILBE_ERR_INFEASIBLE, "%zu phones in %zu frames", n_phones, n_frames);
    }
    silbe_segment *segments = silbe_alloc(n_phones + 2, sizeof *segments, "segments", err);
    if (segments != NULL) {
        free(alignment->segments);
        alignment->segments = segments;
        alignment->n_segments =
            spread_phones(corpus, utterance, n_phones, whole_ms, begin, end, n_frames, segments);
    }
    return err->status;
}

silbe_realign_options silbe_realign_options_default(void)
{
    return (silbe_realign_options){.prior_scale = 0.6, .scale = 1.0};
}

/* The text of the trellis, in one piece of memory. */
typedef struct {
    silbe_trellis_word *words;
    silbe_trellis_pronunciation *pronunciations;
    int32_t *symbols;
    silbe_trellis_duration durations[SILBE_N_PHONES];
} spelled;

static void spelled_free(spelled *s)
{
    free(s->words);
    free(s->pronunciations);
    free(s->symbols);
}

static void set_durations(spelled *s, double hop_ms)
{
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        const silbe_phone_duration *d = &silbe_phone_get(p)->speech;
        double least = floor((double)d->min_ms / hop_ms);
        least = least < 1.0 ? 1.0 : least;
        double mean = (double)d->expected_ms / hop_ms;
        s->durations[p] =
            (silbe_trellis_duration){(size_t)least, mean > least + 0.5 ? mean : least + 0.5, 0.0};
    }
}

static void spell(const silbe_corpus *corpus, const silbe_utterance *u, double hop_ms, spelled *s,
                  silbe_err *err)
{
    size_t n_pronunciations = 0, n_symbols = 0;
    for (size_t w = 0; w < u->n_words; w++) {
        const silbe_word_phones *word = &corpus->lexicon.words[u->words[w]].phones;
        n_pronunciations += word->n_items;
        for (size_t i = 0; i < word->n_items; i++) {
            n_symbols += word->items[i].n_phones;
        }
    }
    s->words = silbe_alloc(u->n_words, sizeof *s->words, "words", err);
    s->pronunciations =
        silbe_alloc(n_pronunciations, sizeof *s->pronunciations, "pronunciations", err);
    s->symbols = silbe_alloc(n_symbols, sizeof *s->symbols, "phones", err);
    if (silbe_failed(err)) {
        return;
    }
    silbe_trellis_pronunciation *p = s->pronunciations;
    int32_t *symbols = s->symbols;
    for (size_t w = 0; w < u->n_words; w++) {
        const silbe_word_phones *word = &corpus->lexicon.words[u->words[w]].phones;
        s->words[w] = (silbe_trellis_word){p, word->n_items, -INFINITY};
        for (size_t i = 0; i < word->n_items; i++, p++) {
            const silbe_pronunciation *said = &word->items[i];
            *p = (silbe_trellis_pronunciation){symbols, said->n_phones,
                                               said->logp < 0.0 ? said->logp : 0.0};
            for (size_t k = 0; k < said->n_phones; k++) {
                *symbols++ = said->phones[k].phone;
            }
        }
    }
    set_durations(s, hop_ms);
}

static bool same_state(silbe_trellis_state a, silbe_trellis_state b)
{
    return a.kind == b.kind && a.word == b.word && a.position == b.position;
}

/* Runs of equal states become segments. */
static void to_segments(const silbe_trellis *trellis, const spelled *s, const uint32_t *path,
                        silbe_alignment *alignment, silbe_err *err)
{
    silbe_segment *segments = silbe_alloc(alignment->n_frames, sizeof *segments, "segments", err);
    if (segments == NULL) {
        return;
    }
    size_t n = 0;
    silbe_trellis_state last = {0};
    for (size_t t = 0; t < alignment->n_frames; t++) {
        silbe_trellis_state state = silbe_trellis_state_at(trellis, path[t]);
        if (t == 0 || !same_state(state, last)) {
            bool is_phone = state.kind == SILBE_TRELLIS_SYMBOL;
            int32_t phone = is_phone ? s->words[state.word]
                                           .pronunciations[state.pronunciation]
                                           .symbols[state.position]
                                     : SILBE_PHONE_SILENCE;
            segments[n++] =
                (silbe_segment){(uint32_t)t, (uint32_t)t + 1,
                                is_phone ? (uint32_t)state.word + 1 : 0, (uint8_t)phone};
        }
        segments[n - 1].end_frame = (uint32_t)t + 1;
        last = state;
    }
    free(alignment->segments);
    alignment->segments = segments;
    alignment->n_segments = n;
}

typedef struct {
    void *memory; /* of the trellis */
    void *scratch;
    uint32_t *path;
} buffers;

static void free_buffers(buffers *b)
{
    free(b->memory);
    free(b->scratch);
    free(b->path);
}

static silbe_trellis *solve(const spelled *s, size_t n_words,
                            const silbe_trellis_emissions *emissions, buffers *b, double *logp,
                            silbe_err *err)
{
    const silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, log(0.5), SILBE_TRELLIS_NEVER, 0.0};
    const silbe_trellis_gap inner = {SILBE_TRELLIS_OPTIONAL, log(0.1), SILBE_TRELLIS_NEVER, 0.0};
    silbe_trellis_text text = {.words = s->words,
                               .n_words = n_words,
                               .topology = SILBE_TRELLIS_HMM,
                               .n_symbols = SILBE_N_PHONES,
                               .blank = SILBE_TRELLIS_NONE,
                               .silence = SILBE_PHONE_SILENCE,
                               .durations = s->durations,
                               .silence_duration = s->durations[SILBE_PHONE_SILENCE],
                               .gap_first = gap,
                               .gap_last = gap,
                               .gap_lines = inner,
                               .gap_words = inner};
    size_t bytes = 0, scratch_bytes = 0, n_frames = emissions->n_frames;
    silbe_trellis *trellis = NULL;
    silbe_trellis_viterbi_result result;
    silbe_try(err, silbe_trellis_size(&text, n_frames, &bytes, err));
    b->memory = silbe_alloc(bytes, 1, "bytes", err);
    b->path = silbe_alloc(n_frames, sizeof *b->path, "frames", err);
    silbe_try(err, silbe_trellis_init(&text, n_frames, b->memory, bytes, &trellis, err));
    silbe_try(err, silbe_trellis_viterbi_size(trellis, NULL, &scratch_bytes, err));
    b->scratch = silbe_alloc(scratch_bytes, 1, "bytes", err);
    silbe_try(err, silbe_trellis_viterbi(trellis, emissions, NULL, b->scratch, scratch_bytes,
                                         b->path, &result, err));
    if (!silbe_failed(err)) {
        *logp = result.logp / (double)n_frames;
    }
    return trellis;
}

/* The best path of one utterance; *logp: per frame. SILBE_ERR_INFEASIBLE as silbe_trellis_init. */
static void align_one(const silbe_corpus *corpus, const silbe_utterance *utterance,
                      const silbe_model *model, const double *log_prior,
                      const silbe_realign_options *options, silbe_alignment *alignment,
                      double *logp, silbe_err *err)
{
    spelled s = {0};
    buffers b = {0};
    silbe_matrix posteriors = SILBE_MATRIX_INIT;
    spell(corpus, utterance, 1000.0 * silbe_model_hop_s(model), &s, err);
    silbe_try(err, silbe_posteriors_run(model, &utterance->logmel, &posteriors, err));
    if (!silbe_failed(err) && posteriors.n_rows != alignment->n_frames) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH, "%zu frames of posteriors, expected %zu",
                         posteriors.n_rows, alignment->n_frames);
    }
    if (!silbe_failed(err)) {
        const silbe_trellis_emissions emissions = {.values = posteriors.data,
                                                   .n_frames = posteriors.n_rows,
                                                   .n_symbols = SILBE_N_PHONES,
                                                   .row_stride = posteriors.n_cols,
                                                   .scale = options->scale,
                                                   .log_prior = log_prior,
                                                   .prior_scale = options->prior_scale};
        silbe_trellis *trellis = solve(&s, utterance->n_words, &emissions, &b, logp, err);
        to_segments(trellis, &s, b.path, alignment, err);
    }
    free_buffers(&b);
    spelled_free(&s);
    silbe_matrix_free(&posteriors);
}

/* Mean logp of the utterances that have a path; an utterance without gets no segments. */
static double collect(const silbe_corpus *corpus, const silbe_err *errs, const double *logps,
                      silbe_alignments *alignments, size_t *n_unaligned, silbe_err *err)
{
    size_t n = corpus->n_utterances;
    double sum = 0.0;
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        silbe_alignment *a = &alignments->items[i];
        if (errs[i].status == SILBE_ERR_INFEASIBLE) {
            free(a->segments);
            a->segments = NULL;
            a->n_segments = 0;
            ++*n_unaligned;
        } else if (silbe_failed(&errs[i])) {
            (void)silbe_fail(err, errs[i].status, "%s: %s", corpus->utterances[i].item->file,
                             errs[i].message);
        } else {
            sum += logps[i];
        }
    }
    if (!silbe_failed(err) && *n_unaligned == n) {
        (void)silbe_fail(err, SILBE_ERR_INFEASIBLE, "no utterance could be aligned");
    }
    return n > *n_unaligned ? sum / (double)(n - *n_unaligned) : 0.0;
}

silbe_status silbe_realign_run(const silbe_corpus *corpus, const silbe_model *model,
                               const double *log_prior, const silbe_realign_options *options,
                               silbe_alignments *alignments, double *logp, size_t *n_unaligned,
                               silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = corpus->n_utterances;
    silbe_err *errs = silbe_alloc(n, sizeof *errs, "utterances", err);
    double *logps = silbe_alloc(n, sizeof *logps, "utterances", err);
    *n_unaligned = 0;
    if (!silbe_failed(err)) {
#pragma omp parallel for schedule(dynamic, 4)
        for (size_t i = 0; i < n; i++) {
            align_one(corpus, &corpus->utterances[i], model, log_prior, options,
                      &alignments->items[i], &logps[i], &errs[i]);
        }
        *logp = collect(corpus, errs, logps, alignments, n_unaligned, err);
    }
    free(errs);
    free(logps);
    return err->status;
}
