/*
 * Phones of the sung syllables: libespeak-ng's German voice pronounces each word, and the phones
 * are dealt out to the score's syllables, one vowel (or diphthong) to each.
 *
 * Consonants between two vowels: as many go to the second syllable as German words can begin with
 * (the longest legal onset), the rest stay with the first.
 *
 * If a word has another number of vowels than the score has syllables, each syllable is pronounced
 * on its own; a syllable that then still has no vowel gets a schwa after its first consonant, and
 * of several vowels the first is its nucleus, the others follow as quick glides.
 */
#ifndef SILBE_DEMO_PRONOUNCE_H
#define SILBE_DEMO_PRONOUNCE_H

#include "datasets/synthesis/phones.h"
#include "datasets/synthesis/song.h"
#include "features/base/status.h"

/* Fills sung[0 .. song->n_syllables). *n_fallback (may be NULL) counts the words for which the
 * vowels did not match the syllables. Safe from several threads. Errors as silbe_espeak_phonemes.
 */
SILBE_MUST_CHECK silbe_status silbe_demo_pronounce(const silbe_synth_song *song,
                                                   silbe_synth_sung *sung, size_t *n_fallback,
                                                   silbe_err *err);

/* Version of the installed libespeak-ng; the sound depends on it. Static string. */
const char *silbe_demo_speech_version(void);

/* The rule of the longest legal onset: how many of the n consonants before a vowel begin its
 * syllable. */
size_t silbe_demo_onset_length(const silbe_synth_phone *const *consonants, size_t n);

#endif
