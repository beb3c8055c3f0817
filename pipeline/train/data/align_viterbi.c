#include <math.h>
#include <stdlib.h>

#include "align/trellis/viterbi.h"
#include "features/model/posteriors.h"
#include "pipeline/train/data/align_utterance.h"

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
            (silbe_trellis_duration){(size_t)least, mean > least + 0.5 ? mean : least + 0.5};
    }
}

static silbe_status spell(const silbe_corpus *corpus, const silbe_utterance *u, double hop_ms,
                          spelled *s, silbe_err *err)
{
    size_t n_pronunciations = 0, n_symbols = 0;
    for (size_t w = 0; w < u->n_words; w++) {
        const silbe_word_phones *word = &corpus->lexicon.words[u->words[w]].phones;
        n_pronunciations += word->n_items;
        for (size_t i = 0; i < word->n_items; i++) {
            n_symbols += word->items[i].n_phones;
        }
    }
    s->words = calloc(u->n_words, sizeof *s->words);
    s->pronunciations = calloc(n_pronunciations, sizeof *s->pronunciations);
    s->symbols = calloc(n_symbols, sizeof *s->symbols);
    if (s->words == NULL || s->pronunciations == NULL || s->symbols == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu phones", n_symbols);
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
    return SILBE_OK;
}

static bool same_state(silbe_trellis_state a, silbe_trellis_state b)
{
    return a.kind == b.kind && a.word == b.word && a.position == b.position;
}

/* Runs of equal states become segments. */
static silbe_status to_segments(const silbe_trellis *trellis, const spelled *s,
                                const uint32_t *path, silbe_alignment *alignment, silbe_err *err)
{
    silbe_segment *segments = calloc(alignment->n_frames, sizeof *segments);
    if (segments == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu segments", alignment->n_frames);
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
    return SILBE_OK;
}

typedef struct {
    void *memory;
    void *scratch;
    uint32_t *path;
} buffers;

static silbe_status solve(const spelled *s, size_t n_words,
                          const silbe_trellis_emissions *emissions, buffers *b,
                          silbe_trellis **trellis, double *logp, silbe_err *err)
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
    size_t bytes, scratch_bytes;
    silbe_trellis_viterbi_result result;
    silbe_status status = silbe_trellis_size(&text, emissions->n_frames, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    b->memory = malloc(bytes);
    b->path = malloc(emissions->n_frames * sizeof *b->path);
    if (b->memory == NULL || b->path == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu bytes", bytes);
    }
    status = silbe_trellis_build(&text, emissions->n_frames, b->memory, bytes, trellis, err);
    if (status == SILBE_OK) {
        status = silbe_trellis_viterbi_size(*trellis, NULL, &scratch_bytes, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    b->scratch = malloc(scratch_bytes);
    if (b->scratch == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu bytes", scratch_bytes);
    }
    status = silbe_trellis_viterbi(*trellis, emissions, NULL, b->scratch, scratch_bytes, b->path,
                                   &result, err);
    if (status == SILBE_OK && logp != NULL) {
        *logp = result.logp / (double)emissions->n_frames;
    }
    return status;
}

silbe_status silbe_align_viterbi(const silbe_corpus *corpus, const silbe_utterance *utterance,
                                 const silbe_model *model, const double *log_prior,
                                 const silbe_realign_options *options, silbe_alignment *alignment,
                                 double *logp, silbe_err *err)
{
    spelled s = {0};
    buffers b = {0};
    silbe_matrix posteriors = SILBE_MATRIX_INIT;
    silbe_trellis *trellis = NULL;
    silbe_status status = spell(corpus, utterance, 1000.0 * silbe_model_hop_s(model), &s, err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_run(model, &utterance->logmel, &posteriors, err);
    }
    if (status == SILBE_OK && posteriors.n_rows != alignment->n_frames) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH, "%zu frames of posteriors, expected %zu",
                            posteriors.n_rows, alignment->n_frames);
    }
    if (status == SILBE_OK) {
        const silbe_trellis_emissions emissions = {.values = posteriors.data,
                                                   .n_frames = posteriors.n_rows,
                                                   .n_symbols = SILBE_N_PHONES,
                                                   .row_stride = posteriors.n_cols,
                                                   .scale = options->scale,
                                                   .log_prior = log_prior,
                                                   .prior_scale = options->prior_scale};
        status = solve(&s, utterance->n_words, &emissions, &b, &trellis, logp, err);
    }
    if (status == SILBE_OK) {
        status = to_segments(trellis, &s, b.path, alignment, err);
    }
    free(b.memory);
    free(b.scratch);
    free(b.path);
    spelled_free(&s);
    silbe_matrix_free(&posteriors);
    return status;
}
