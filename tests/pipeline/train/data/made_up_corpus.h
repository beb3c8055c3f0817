/*
 * A corpus without sound: German words by the lexicon, features from a pattern per phone with
 * noise, phone durations at random around those of the phone table. The true times are known.
 */
#ifndef SILBE_TESTS_MADE_UP_CORPUS_H
#define SILBE_TESTS_MADE_UP_CORPUS_H

#include <string.h>

#include "pipeline/train/data/alignment.h"
#include "tests/check.h"

enum { MADE_UP_BANDS = 20, MADE_UP_MAX = 64 };

typedef struct {
    silbe_corpus corpus;
    silbe_alignments truth; /* stride 2 */
    silbe_speech_item items[MADE_UP_MAX];
    char files[MADE_UP_MAX][16];
} made_up;

static inline float made_up_pattern(size_t phone, size_t band)
{
    return phone == 0 ? -3.0F : 2.0F * (float)sin((double)((phone + 3) * (band + 2)) * 1.7);
}

static inline void made_up_utterance(made_up *m, check_rng *rng, size_t i)
{
    static const char *const words[] = {"Mond",  "Liebe", "Wasser", "schön", "Traum",
                                        "Nacht", "ich",   "gehe",   "unter", "Baum"};
    silbe_err err = SILBE_ERR_INIT;
    silbe_utterance *u = &m->corpus.utterances[i];
    silbe_alignment *a = &m->truth.items[i];
    (void)snprintf(m->files[i], sizeof m->files[i], "u%zu.wav", i);
    m->items[i] = (silbe_speech_item){
        .set = silbe_speech_set_at(0), .file = m->files[i], .text = "made up", .seconds = 1.0};
    u->item = &m->items[i];
    u->n_words = 3 + check_random(rng) % 4;
    u->words = calloc(u->n_words, sizeof *u->words);
    a->segments = calloc(200, sizeof *a->segments);
    uint32_t at = 0;
    for (size_t w = 0; w <= u->n_words; w++) {
        if (w == 0 || w == u->n_words || check_uniform(rng) < 0.2) { /* silence */
            uint32_t n = 4 + (uint32_t)(check_random(rng) % 12);
            a->segments[a->n_segments++] = (silbe_segment){at, at + n, 0, 0};
            at += n;
        }
        if (w == u->n_words) {
            break;
        }
        check_ok(silbe_lexicon_add(&m->corpus.lexicon, "de", words[check_random(rng) % 10], 1,
                                   &u->words[w], &err),
                 err);
        const silbe_pronunciation *p = m->corpus.lexicon.words[u->words[w]].phones.items;
        for (size_t k = 0; k < p->n_phones; k++) {
            double mean = (double)silbe_phone_get(p->phones[k].phone)->speech.expected_ms / 20.0;
            uint32_t n = (uint32_t)(mean * (0.6 + check_uniform(rng)) + 0.5);
            n = n < 2 ? 2 : n;
            a->segments[a->n_segments++] =
                (silbe_segment){at, at + n, (uint32_t)w + 1, p->phones[k].phone};
            at += n;
        }
    }
    a->n_frames = at;
    check_ok(silbe_matrix_new(&u->logmel, 2 * at - 1, MADE_UP_BANDS, &err), err);
    for (size_t k = 0; k < a->n_segments; k++) {
        for (size_t t = 2 * a->segments[k].begin_frame;
             t < 2 * a->segments[k].end_frame && t < u->logmel.n_rows; t++) {
            for (size_t b = 0; b < MADE_UP_BANDS; b++) {
                silbe_matrix_row(&u->logmel, t)[b] = made_up_pattern(a->segments[k].phone, b) +
                                                     1.2F * (float)(check_uniform(rng) - 0.5);
            }
        }
    }
}

static inline made_up *made_up_new(size_t n, uint64_t seed)
{
    made_up *m = calloc(1, sizeof *m);
    check_rng rng = {seed};
    assert_non_null(m);
    m->corpus.utterances = calloc(n, sizeof *m->corpus.utterances);
    m->corpus.n_utterances = n;
    m->truth = (silbe_alignments){calloc(n, sizeof *m->truth.items), n, 0.02};
    for (size_t i = 0; i < n; i++) {
        made_up_utterance(m, &rng, i);
    }
    return m;
}

static inline void made_up_free(made_up *m)
{
    silbe_alignments_free(&m->truth);
    silbe_corpus_free(&m->corpus);
    free(m);
}

#endif
