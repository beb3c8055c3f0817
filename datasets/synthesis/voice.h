/*
 * The singer: phones and notes in, sound out. Three steps, one file each.
 *
 * 1. voice_plan.c: when each phone sounds. The vowel falls on the note; consonants before it take
 *    their time from what comes before, as singers are taught and as the references mark it.
 * 2. voice_tracks.c: the controls of the synthesiser every SILBE_SYNTH_CONTROL samples: pitch with
 *    glides and vibrato, formants that move smoothly from phone to phone, loudness, noise.
 * 3. voice.c: source and filter. Glottal source: a band-limited pulse train (closed form of the sum
 *    of equal cosines, Winham and Steiglitz 1970) through two slopes of 6 dB an octave; vocal
 *    tract: five resonators in cascade (Klatt 1980), the upper three gathered to a singer's formant
 *    (Sundberg 1974); frication and bursts: noise through two resonators beside the cascade.
 */
#ifndef SILBE_SYNTHESIS_VOICE_H
#define SILBE_SYNTHESIS_VOICE_H

#include <stddef.h>

#include "datasets/synthesis/performance.h"
#include "datasets/synthesis/phones.h"
#include "features/base/status.h"

#define SILBE_SYNTH_RATE_HZ 22050
#define SILBE_SYNTH_CONTROL 64 /* samples between two control frames, 2.9 ms */
#define SILBE_SYNTH_N_FORMANTS 5

/* One phone in time. */
typedef struct {
    const silbe_synth_phone *phone;
    const silbe_synth_phone *vowel; /* the vowel it leans on: of its own syllable */
    double start_s;
    double end_s;
    size_t syllable;
} silbe_synth_segment;

typedef struct {
    silbe_synth_segment *segments; /* in order of time, not overlapping */
    size_t n_segments;
} silbe_synth_plan;

#define SILBE_SYNTH_PLAN_INIT                                                                      \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* sung: one entry for each syllable of the song. */
SILBE_MUST_CHECK silbe_status silbe_synth_plan_voice(silbe_synth_plan *plan,
                                                     const silbe_synth_performance *performance,
                                                     const silbe_synth_sung *sung, silbe_err *err);

void silbe_synth_plan_free(silbe_synth_plan *plan);

/* The controls of one frame. */
typedef struct {
    float pitch; /* MIDI number */
    float formant_hz[SILBE_SYNTH_N_FORMANTS];
    float voicing; /* amplitude of the glottal source */
    float murmur;  /* 0: mouth open; 1: only what comes through the closed mouth or the nose */
    float breath;  /* aspiration through the vocal tract */
    float trill;   /* depth of the tongue's beating */
    float level;   /* loudness of the note, 0..1 */
    float noise_gain[2];
    float noise_hz[2];
    float noise_bandwidth_hz[2];
} silbe_synth_control;

/* Two steps (features/base/status.h). */

/* n_frames controls, to be freed; frame i is sample i * SILBE_SYNTH_CONTROL. NULL after a failure.
 */
silbe_synth_control *silbe_synth_voice_controls(const silbe_synth_performance *performance,
                                                const silbe_synth_plan *plan, size_t n_frames,
                                                silbe_err *err);

/* Writes the voice alone into samples[0 .. n), near full scale but not normalised. */
void silbe_synth_sing(const silbe_synth_performance *performance, const silbe_synth_sung *sung,
                      float *samples, size_t n, silbe_err *err);

#endif
