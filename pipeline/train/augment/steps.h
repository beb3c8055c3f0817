/*
 * What an utterance goes through on its way to a song, step by step: longer phones, another pitch
 * and voice, room, noise and other instruments. augment.h puts the steps together.
 */
#ifndef SILBE_AUGMENT_STEPS_H
#define SILBE_AUGMENT_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "features/logmel.h"
#include "pipeline/train/augment/segments.h"
#include "pipeline/train/learn/random.h"

/* That of the stage features, whose log-mel the network reads. */
#define SILBE_TRAIN_RATE_HZ 22050.0

/* --- mel bands --- */

/*
 * The mel bands as the augmentations see them: where each lies, and how a harmonic at any frequency
 * shows in them. Made once, read-only, shared by all threads.
 */

enum {
    SILBE_BANDS_MAX = 256,
    SILBE_BANDS_GRID_HZ = 1, /* step of `response` */
};

typedef struct {
    size_t n_bands;
    double centre_hz[SILBE_BANDS_MAX]; /* rising */
    double edge_hz[SILBE_BANDS_MAX +
                   2]; /* corners of the triangles: band b is [b], [b + 1], [b + 2] */

    /* Response of band b to a partial of power 1 at g * SILBE_BANDS_GRID_HZ Hz, over the response
     * to a partial per Hz everywhere (so that sum over a grid times the grid's step is 1):
     * response[g * n_bands + b], first_band[g] <= b < end_band[g] where it is not 0. Owned. */
    float *response;
    unsigned short *first_band;
    unsigned short *end_band;
    size_t n_grid;

    /* Smoothing over bands: row b of n_bands weights, sum 1, a Gaussian of smooth_hz; weights
     * outside [smooth_begin[b], smooth_end[b]) are 0. Owned. */
    float *smooth;
    unsigned short smooth_begin[SILBE_BANDS_MAX];
    unsigned short smooth_end[SILBE_BANDS_MAX];
} silbe_bands;

/* smooth_hz: standard deviation; 110 smooths the harmonics of voices up to 300 Hz away. */
SILBE_MUST_CHECK silbe_status silbe_bands_new(const silbe_logmel_options *options, double smooth_hz,
                                              silbe_bands *bands, silbe_err *err);
void silbe_bands_free(silbe_bands *bands);

/* --- durations --- */

/*
 * Notes instead of speech: every phone of an utterance held for a while, times known exactly.
 *
 * A plan gives each segment a whole number of frames. Rendered frame j of the plan reads the source
 * at source(j), linear between frames: inside a segment the first and last frames (up to EDGE of
 * them) pass at their own speed, the middle is held. Where a segment keeps its length, source(j) is
 * a whole number: a plan that keeps all lengths is the identity.
 *
 * Vowels last as long as notes do, whatever they lasted in speech: 0.3 s exp(0.65 n), n standard
 * normal, at most 3 s; one in ten keeps its length, and none of speech gets shorter (those of sung
 * material, above 0.3 s, may shrink to a third). On development songs this brought no less than
 * factors of 1..9, and it knows long notes. Sonorants (nasals, liquids, glides) are multiplied by a
 * uniform 1..2.2, obstruents by 0.9..1.2, silence by exp(uniform -1..1.5).
 */

typedef struct {
    size_t source_begin; /* input frames of the source, half-open */
    size_t source_end;
    size_t begin; /* frames of the plan, half-open */
    size_t end;
    uint8_t phone;
} silbe_stretch_segment;

typedef struct {
    silbe_stretch_segment *segments; /* cover the plan; owned */
    size_t n_segments;
    size_t capacity;
    size_t n_frames; /* of the plan */
    size_t n_source; /* of the source */
} silbe_stretch;

#define SILBE_STRETCH_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0, 0, 0                                                                           \
    }

void silbe_stretch_free(silbe_stretch *plan);

/* Frames, >= 1, for a segment of n_frames >= 1 by the rule above. */
size_t silbe_stretch_length(uint8_t phone, size_t n_frames, double hop_s, silbe_random *random);

/*
 * Plan for an alignment whose frames are `stride` input frames of hop_s apart; n_source input
 * frames. The border before alignment frame s lies before input frame s * stride - stride / 2.
 * random NULL: everything keeps its length. plan is used again: memory grows only.
 */
SILBE_MUST_CHECK silbe_status silbe_stretch_plan(silbe_stretch *plan,
                                                 const silbe_alignment *alignment, size_t stride,
                                                 size_t n_source, double hop_s,
                                                 silbe_random *random, silbe_err *err);

/* Plan frames [begin, begin + n_frames) of source (n_source x n_bands, natural logarithms) into
 * out (n_frames x n_bands). begin + n_frames <= plan->n_frames. */
void silbe_stretch_render(const silbe_stretch *plan, const float *source, size_t n_bands,
                          size_t begin, size_t n_frames, float *out);

/* phones[j]: phone of plan frame begin + j. */
void silbe_stretch_phones(const silbe_stretch *plan, size_t begin, size_t n_frames,
                          uint8_t *phones);

/* --- melody --- */

/*
 * A melody for the phones of an utterance: fundamental frequency per frame.
 *
 * One note per vowel. The first lies anywhere in the singer's range (low_hz .. high_hz), each next
 * one up to max_step semitones away, turned back at the ends of the range. Pitch moves between
 * notes along a raised cosine of glide_s centred on the vowel's beginning. Vibrato grows over the
 * first 0.3 s of a note and fades in the glide to the next: rate and depth are the singer's, its
 * phase runs on.
 */

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

/* strength[t]: how much of the power of the phones is voice, 0..1: of vowels, glides, nasals and
 * liquids 1, voiced fricatives 0.5, voiced plosives 0.7, all else 0; steps smoothed over 3 frames.
 */
void silbe_voicing_run(const uint8_t *phones, size_t n_frames, float *strength);

/* --- pitch in the spectrum --- */

/*
 * The pitch in the spectrum: taken out, and written anew. Frames are mel powers (not logarithms),
 * n_frames x n_bands.
 */

/*
 * Smooths frames across bands (bands->smooth) by their strength v(t) in 0..1:
 * P <- (1 - v) P + v S P. A frame that is flat stays flat; the sum of power over Hz is kept within
 * the edges. scratch: n_bands floats.
 */
void silbe_ripple_smooth(const silbe_bands *bands, const float *strength, size_t n_frames,
                         float *power, float *scratch);

/*
 * Writes partials of f0_hz[t] (> 0): P(b) <- P(b) ((1 - v) + v R(b)) with
 * R(b) = max(floor, f0 sum_k response(k f0, b)), whose mean over f0 is 1: on average the energy
 * stays. v = 0: nothing changes. scratch: n_bands floats.
 */
void silbe_ripple_write(const silbe_bands *bands, const float *f0_hz, const float *strength,
                        size_t n_frames, float *power, float *scratch);

/* --- vocal tract --- */

/*
 * Another vocal tract: the spectrum stretched along frequency.
 */

/*
 * Frames (n_frames x n_bands, of anything that may be interpolated): what lay at f lies at
 * alpha * f, linear between bands; beyond the ends the last band. alpha > 1: shorter tract. alpha
 * 1 changes nothing. scratch: n_bands floats.
 */
void silbe_band_warp(const silbe_bands *bands, double alpha, size_t n_frames, float *frames,
                     float *scratch);

/* --- colour --- */

/*
 * The colour of voice, room and recording: gains per band, in nats of power (10 dB = 2.3026), added
 * to logarithms or, by silbe_colour_apply, multiplied onto powers.
 */

/* Smooth random equalisation: gain(b) = a sum of cosines of 0.5, 1, 1.5 and 2 periods over the
 * bands, amplitudes uniform within +-depth_db / 4 each, so that |gain| <= depth_db. Sets gain. */
void silbe_colour_equalise(const silbe_bands *bands, double depth_db, silbe_random *random,
                           float *gain);

/* Adds the singer's formant: a bump of peak_db at centre_hz, Gaussian in log frequency with a
 * standard deviation of 0.17 octaves. */
void silbe_colour_formant(const silbe_bands *bands, double centre_hz, double peak_db, float *gain);

/* Adds the band limits of an old disc: 12 dB an octave below low_hz, 24 dB above high_hz, -3 dB at
 * the corners, at most 50 dB. */
void silbe_colour_disc(const silbe_bands *bands, double low_hz, double high_hz, float *gain);

/* power(t, b) *= exp(gain(b) * strength(t)); strength NULL: 1. */
void silbe_colour_apply(const float *gain, const float *strength, size_t n_frames, size_t n_bands,
                        float *power);

/* --- mixing --- */

/*
 * What sounds beside the voice. Mel powers of independent sounds add, so mixing is addition.
 */

/* Mean power of the frames whose strength is above 0.5, of all frames if there are none: the mean
 * over bands of power times the band's width in Hz. */
double silbe_mix_level(const silbe_bands *bands, const float *power, const float *strength,
                       size_t n_frames);

/* power += gain * other, n values each. */
void silbe_mix_add(const float *other, double gain, size_t n, float *power);

/*
 * Adds noise of `level` in silbe_mix_level's measure, tilted by tilt_db over an octave (0: white,
 * as much power per Hz in each band; -3: pink) around 1 kHz. Each value is its mean times a factor
 * of mean 1, exp(s n - s^2 / 2), n standard normal by a fast approximation (sum of uniforms), s the
 * spread in nats: 0 is steady.
 */
void silbe_mix_noise(const silbe_bands *bands, double level, double tilt_db, double spread,
                     size_t n_frames, silbe_random *random, float *power);

/* A room: P(t) += wet * tail(t), tail(t + 1) = d tail(t) + (1 - d) P(t) with the dry P; the tail
 * decays by 60 dB in decay_s and has in all the energy of P. wet 0 changes nothing. scratch:
 * n_bands floats. */
void silbe_mix_room(double wet, double decay_s, double hop_s, size_t n_frames, size_t n_bands,
                    float *power, float *scratch);

/* Crackle: `rate` clicks per second on average; a click adds `level` (as above) evenly over the
 * bands of one frame, times exp of a uniform number in -2..2. */
void silbe_mix_crackle(const silbe_bands *bands, double level, double rate, double hop_s,
                       size_t n_frames, silbe_random *random, float *power);

#endif
