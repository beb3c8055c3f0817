/*
 * A melody for the phones of an utterance: fundamental frequency per frame.
 *
 * One note per vowel. The first lies anywhere in the singer's range (low_hz .. high_hz), each next
 * one up to max_step semitones away, turned back at the ends of the range. Pitch moves between
 * notes along a raised cosine of glide_s centred on the vowel's beginning. Vibrato grows over the
 * first 0.3 s of a note and fades in the glide to the next: rate and depth are the singer's, its
 * phase runs on.
 */
#ifndef SILBE_AUGMENT_MELODY_H
#define SILBE_AUGMENT_MELODY_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/train/random.h"

typedef struct {
    double low_hz;
    double high_hz;
    double max_step_semitones;
    double glide_s;
    double vibrato_hz;
    double vibrato_semitones; /* amplitude */
} silbe_singer;

/* Range of 10 to 16 semitones within 85..480 Hz (low and high voices alike), steps up to 4,
 * glides 0.03..0.15 s, vibrato 4.5..6.5 Hz of 0..0.9 semitones. */
silbe_singer silbe_singer_random(silbe_random *random);

/* phones[t], f0_hz[t], n_frames of them, hop_s apart. All f0_hz are within the singer's range by
 * the vibrato's amplitude. Without a vowel the pitch stays. */
void silbe_melody(const silbe_singer *singer, const uint8_t *phones, size_t n_frames, double hop_s,
                  silbe_random *random, float *f0_hz);

/* How much of the power of a phone is voice, 0..1: vowels, glides, nasals and liquids 1, voiced
 * fricatives 0.5, voiced plosives 0.7, all else 0. */
float silbe_voicing(uint8_t phone);

/* strength[t]: voicing of the phones, its steps smoothed over 3 frames. */
void silbe_voicing_run(const uint8_t *phones, size_t n_frames, float *strength);

#endif
