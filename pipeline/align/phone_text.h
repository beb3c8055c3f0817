/*
 * The text of an item as the trellis wants it: pronunciations of its words, durations of phones,
 * what may lie between words. All by the settings in the sections acoustic and lyrics.
 */
#ifndef SILBE_ALIGN_PHONE_TEXT_H
#define SILBE_ALIGN_PHONE_TEXT_H

#include "align/lyrics/pronounce.h"
#include "align/trellis/align.h"
#include "features/base/lyrics.h"
#include "pipeline/settings/config.h"

typedef struct {
    const silbe_lyrics *lyrics; /* borrowed */
    silbe_word_phones *words;   /* lyrics->n_words; all below is owned, too */
    /* HMM topology; words, lines, durations and gaps point into what follows. Anchors, regions and
     * gaps may be added by the caller. */
    silbe_trellis_text text;
    silbe_trellis_word *trellis_words;                   /* n_words */
    silbe_trellis_pronunciation *trellis_pronunciations; /* of all words */
    int32_t *symbols;                                    /* of all pronunciations */
    silbe_trellis_line *trellis_lines;                   /* n_lines */
    silbe_trellis_duration *durations;                   /* SILBE_N_PHONES */
} silbe_phone_text;

#define SILBE_PHONE_TEXT_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * lyrics must live as long as *text, which the caller frees, also after a failure. hop_s: of the
 * posteriorgram. sung_s: how long somebody sings, which with the number of syllables gives the pace
 * and the durations of vowels (lyrics.vowel_min_pace, lyrics.vowel_mean_pace); 0: not known, the
 * other settings alone decide. Errors
 * of silbe_pronounce_lyrics, and those of the user's pronunciation list (acoustic.pronunciations).
 */
SILBE_MUST_CHECK silbe_status silbe_phone_text_new(const silbe_config *config,
                                                   const silbe_lyrics *lyrics, double hop_s,
                                                   double sung_s, silbe_phone_text *text,
                                                   silbe_err *err);

/* The durations by another sung_s. hop_s: as it was made with. */
void silbe_phone_text_set_pace(const silbe_config *config, double hop_s, double sung_s,
                               silbe_phone_text *text);

/* Syllables of the words' first pronunciations: their nuclei. */
size_t silbe_phone_text_n_syllables(const silbe_phone_text *text);

void silbe_phone_text_free(silbe_phone_text *text);

#endif
