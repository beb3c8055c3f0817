/* Lyrics, and a posteriorgram in which they are sung, with known times. */
#ifndef SILBE_TESTS_SUNG_H
#define SILBE_TESTS_SUNG_H

#include <math.h>
#include <string.h>

#include "align/lyrics/lyrics_text.h"
#include "pipeline/align/phone_search.h"
#include "tests/check.h"

static const double SUNG_HOP_S = 0.02;

typedef struct {
    silbe_config config;
    silbe_lyrics lyrics;
    silbe_phone_text text;
    silbe_matrix posteriors;
    silbe_posteriorgram_facts facts;
    size_t *first_frames; /* of each phone of the likeliest pronunciations, in order */
    size_t n_phones;
} sung;

/* Every phone is heard with probability 0.9 where it is sung. Before each word there are
 * gap_frames of silence; vowels last 20 frames, consonants 5. */
static inline void sung_make(sung *s, const char *lyrics, size_t gap_frames)
{
    silbe_err err = SILBE_ERR_INIT;
    *s = (sung){0};
    silbe_config_defaults(&s->config);
    check_ok(silbe_lyrics_from_text(lyrics, strlen(lyrics), &s->lyrics, &err), err);
    check_ok(silbe_phone_text_new(&s->config, &s->lyrics, SUNG_HOP_S, 0, &s->text, &err), err);
    size_t n_frames = gap_frames;
    for (int pass = 0; pass < 2; pass++) {
        size_t t = 0, n = 0;
        for (size_t w = 0; w < s->lyrics.n_words; w++) {
            const silbe_pronunciation *p = &s->text.words[w].items[0];
            t += gap_frames;
            for (size_t k = 0; k < p->n_phones; k++) {
                size_t length = silbe_phone_is_nucleus(p->phones[k]) ? 20 : 5;
                for (size_t f = 0; pass == 1 && f < length; f++) {
                    float *row = silbe_matrix_row(&s->posteriors, t + f);
                    row[SILBE_PHONE_SILENCE] = row[p->phones[k].phone == 1 ? 2 : 1];
                    row[p->phones[k].phone] = (float)log(0.9);
                }
                if (pass == 1) {
                    s->first_frames[n] = t;
                }
                t += length;
                n++;
            }
        }
        if (pass == 0) {
            n_frames += t;
            s->n_phones = n;
            s->first_frames = calloc(n, sizeof *s->first_frames);
            assert_non_null(s->first_frames);
            check_ok(silbe_matrix_new(&s->posteriors, n_frames, SILBE_N_PHONES, &err), err);
            for (size_t i = 0; i < n_frames * SILBE_N_PHONES; i++) {
                bool is_silence = i % SILBE_N_PHONES == SILBE_PHONE_SILENCE;
                s->posteriors.data[i] = (float)log(is_silence ? 0.9 : 0.1 / (SILBE_N_PHONES - 1));
            }
        }
    }
    s->facts.hop_s = SUNG_HOP_S;
    s->facts.duration_s = (double)n_frames * SUNG_HOP_S;
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        s->facts.log_prior[k] = log(1.0 / SILBE_N_PHONES);
    }
    silbe_voice_meter meter = {0};
    silbe_voice_meter_add(&meter, s->posteriors.data, n_frames);
    silbe_voice_meter_read(&meter, &s->facts);
}

static inline void sung_free(sung *s)
{
    free(s->first_frames);
    silbe_matrix_free(&s->posteriors);
    silbe_phone_text_free(&s->text);
    silbe_lyrics_free(&s->lyrics);
}

/* Builds the text again, after a change of the settings or lyrics. */
static inline void sung_again(sung *s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_text_free(&s->text);
    check_ok(silbe_phone_text_new(&s->config, &s->lyrics, SUNG_HOP_S, 0, &s->text, &err), err);
}

#endif
