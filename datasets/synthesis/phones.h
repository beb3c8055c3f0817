/*
 * The phones that the demo's singer can sing, as targets of a formant synthesiser.
 *
 * Vowel formants are rounded averages for German men as the phonetics literature reports them
 * (Paetzold and Simpson 1997; Sendlmeier and Seebode 2006); consonant loci, frication poles and
 * durations follow Klatt (1980, "Software for a cascade/parallel formant synthesizer", tables II
 * and III) and Stevens (1998, "Acoustic Phonetics", chapters 7 to 9). Rounded to what a listener
 * can tell apart; not a model of any person.
 */
#ifndef SILBE_SYNTHESIS_PHONES_H
#define SILBE_SYNTHESIS_PHONES_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    SILBE_SYNTH_VOWEL,
    SILBE_SYNTH_NASAL,
    SILBE_SYNTH_LIQUID, /* l and j: vowel-like, weaker */
    SILBE_SYNTH_TRILL,
    SILBE_SYNTH_FRICATIVE,
    SILBE_SYNTH_PLOSIVE,
    SILBE_SYNTH_ASPIRATE, /* h: breath through the next vowel */
} silbe_synth_phone_kind;

typedef struct {
    const char *ipa;
    silbe_synth_phone_kind kind;
    bool voiced;
    float formant_hz[3]; /* F1 to F3, or the loci that a consonant pulls them to; F1 0: the
                            neighbouring vowel's formants go on */
    float glide_hz[3];   /* diphthongs: where the vowel goes at its end; 0: nowhere */
    float noise_hz[2];   /* poles of the frication or of the burst */
    float noise_bandwidth_hz[2];
    float noise_gain[2]; /* relative to a vowel at 1 */
    float duration_s;    /* consonants: with closure and aspiration */
} silbe_synth_phone;

#define SILBE_SYNTH_MAX_PHONES 12 /* in one syllable */

/* What is sung on one syllable. */
typedef struct {
    const silbe_synth_phone *phones[SILBE_SYNTH_MAX_PHONES];
    size_t n_phones;
    size_t nucleus; /* index of the vowel that is held */
} silbe_synth_sung;

/* All phones, *n of them. */
const silbe_synth_phone *silbe_synth_phones(size_t *n);

/* The phone whose ipa text is the longest prefix of text, or NULL. *length is that of the prefix
 * in bytes. */
const silbe_synth_phone *silbe_synth_phone_find(const char *text, size_t *length);

#endif
