/*
 * Speech into training material: utterances joined, turned into something near singing, masked.
 */
#ifndef SILBE_AUGMENT_AUGMENT_H
#define SILBE_AUGMENT_AUGMENT_H

#include <stdbool.h>

#include "pipeline/train/augment/steps.h"

/* Subtracts from each band its mean over the rows (summed in double). */
void silbe_remove_band_means(float *logmel, size_t n_frames, size_t n_bands);

/* --- masks --- */

/*
 * Masked bands (Park et al., SpecAugment, Interspeech 2019, section 2): after the means of the
 * bands are removed, n_masks runs of 0 .. max_width bands are set to 0.
 */

void silbe_mask_bands(size_t n_masks, size_t max_width, size_t n_frames, size_t n_bands,
                      silbe_random *random, float *logmel);

/* --- several utterances as one --- */

/*
 * Several utterances of one voice, one after another with pauses, as one source for singing:
 * songs have interludes, and a network that has never met a long one takes the piano for phones.
 *
 * A pause repeats the quietest frame of the utterance before it (of the one behind it at the very
 * beginning) and is silence in the alignment. Each utterance has its own gain.
 */

typedef struct {
    size_t max_utterances; /* >= 1; default 8 */
    size_t n_rows;         /* no more are joined once there are so many rows; default 450 */
    double p_prelude;      /* probability of a pause before the first; default 0.3 */
    double prelude_s;      /* up to so long; default 2 */
    double p_pause;        /* of one behind each; default 0.5 */
    double pause_s;        /* up to so long (before stretching); default 0.8 */
    double gain_nats;      /* gains are uniform in -gain_nats..gain_nats; default 0.7 */
} silbe_join_options;

silbe_join_options silbe_join_options_default(void);

/* All memory is owned, grows only, and is used again. */
typedef struct {
    silbe_matrix logmel;       /* n_rows x n_cols of what was joined; data has room for more */
    silbe_alignment alignment; /* of it, n_segments used */
    size_t row_capacity;
    size_t segment_capacity;
} silbe_join;

#define SILBE_JOIN_INIT                                                                            \
    {                                                                                              \
        {0}, {0}, 0, 0                                                                             \
    }

void silbe_join_free(silbe_join *join);

/* Empties it for n_bands bands. */
void silbe_join_begin(silbe_join *join, size_t n_bands);

/*
 * Appends an utterance (n_bands columns, at least one segment) with gain_nats added to every value.
 * What is appended is cut to a whole number of alignment frames, `stride` rows each.
 * SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_join_utterance(silbe_join *join, const silbe_matrix *logmel,
                                                   const silbe_alignment *alignment, size_t stride,
                                                   float gain_nats, silbe_err *err);

/* Appends a pause of n_frames alignment frames that sounds like the quietest row of logmel. */
SILBE_MUST_CHECK silbe_status silbe_join_pause(silbe_join *join, const silbe_matrix *logmel,
                                               size_t n_frames, size_t stride, float gain_nats,
                                               silbe_err *err);

/* --- singing --- */

/*
 * Spoken utterances turned into something near accompanied classical singing, in the feature
 * domain, fresh for each epoch, phone times carried through.
 *
 * In order: stretch, window of at most max_frames, pitch smoothed away, vocal tract, melody
 * written, singer's formant and equalisation, room, accompaniment, noise, disc bandwidth, floor,
 * hiss, logarithm, band means removed, masks. Each step has its own stream of random numbers, so
 * that a change of one leaves the others alone; all depend on the given random number only.
 */

/* A place to take accompaniment from: log-mel powers, n_frames x n_bands. */
typedef struct {
    const float *logmel; /* borrowed */
    size_t n_frames;     /* 0: none */
} silbe_accompaniment;

/* Probabilities 0..1; a range is drawn from uniformly. Field by field, what 0 (or equal ends) means
 * is "leave it as it is". */
typedef struct {
    bool stretch;
    bool melody;                /* smooth the pitch away and write another */
    double warp_low, warp_high; /* default 0.8, 1.18 */
    double equalise_db;         /* 6 */
    double p_formant;           /* 0.6: 3..12 dB near 2.8 kHz */
    double p_room;              /* 0.6: wet 0.1..1, 0.3..1.8 s */
    double p_accompaniment;     /* 0.92: */
    double voice_low_db;        /* -3: voice over accompaniment */
    double voice_high_db;       /* 20 */
    double p_noise;             /* 0.8: 10..45 dB below the voice, tilt -4..0 dB an octave */
    double p_disc;              /* 0.25: 80..300 Hz to 3.2..5.5 kHz, crackle, more noise */
    size_t n_masks;             /* 2 */
    size_t mask_bands;          /* up to 10 each */
    size_t max_frames;          /* 800: longer ones give a random window of so many; 0: whole */
} silbe_singing_options;

silbe_singing_options silbe_singing_options_default(void);

/* Nothing is changed, but band means are removed. */
silbe_singing_options silbe_singing_options_neutral(void);

/* What one thread needs; grows and is used again. */
typedef struct silbe_singing_item silbe_singing_item;

SILBE_MUST_CHECK silbe_status silbe_singing_item_new(silbe_singing_item **item, silbe_err *err);
void silbe_singing_item_free(silbe_singing_item *item);

typedef struct {
    const float *logmel; /* n_frames x n_bands, means removed; the item's until its next run */
    size_t n_frames;
    const uint8_t *phones; /* n_frames */
    const int32_t *labels; /* n_labels: phone at input frame stride * s */
    size_t n_labels;       /* (n_frames - 1) / stride + 1 */
    size_t begin;          /* of the window, plan frames */
    const silbe_stretch *plan;
} silbe_singing;

/*
 * logmel: n_frames x bands->n_bands, natural logarithms of mel powers up to a constant per band.
 * alignment: of its output frames, stride input frames apart. Everything is only read but item.
 */
SILBE_MUST_CHECK silbe_status silbe_singing_run(const silbe_singing_options *options,
                                                const silbe_bands *bands, double hop_s,
                                                const silbe_matrix *logmel,
                                                const silbe_alignment *alignment, size_t stride,
                                                const silbe_accompaniment *accompaniment,
                                                silbe_random random, silbe_singing_item *item,
                                                silbe_singing *singing, silbe_err *err);

#endif
