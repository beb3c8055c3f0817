/*
 * Scores made up at random and the features of their performances, for the tests of align/score/.
 *
 * The features are written down directly, without any sound: chroma of what sounds, an onset of
 * every note's partials at the moment at which it is played, and noise. The partials' weights are
 * not those that the synchroniser expects.
 */
#ifndef SILBE_TESTS_ALIGN_SCORE_SYNTHETIC_H
#define SILBE_TESTS_ALIGN_SCORE_SYNTHETIC_H

#include "tests/check.h"

#include <stdbool.h>
#include <string.h>

#include "align/score/recording.h"
#include "features/base/matrix.h"
#include "features/base/score.h"

enum { SYNTHETIC_LOW_PITCH = 36, SYNTHETIC_N_BANDS = 72 };

static inline double synthetic_between(check_rng *rng, double low, double high)
{
    return low + (high - low) * check_uniform(rng);
}

/* A melody over broken chords: n_events moments, each with a note of the melody, some with a chord
 * of three; in C, with some notes outside. Freed with silbe_score_free. */
static inline silbe_score synthetic_score(check_rng *rng, size_t n_events)
{
    static const double LENGTHS_Q[] = {0.5, 0.5, 1, 1, 1, 1.5, 2};
    static const int SCALE[] = {0, 2, 4, 5, 7, 9, 11};
    static const int ROOTS[] = {0, 9, 5, 7, 2, 4};
    silbe_score score = SILBE_SCORE_INIT;
    score.notes = calloc(4 * n_events, sizeof *score.notes);
    assert_non_null(score.notes);
    double at_q = 0;
    for (size_t k = 0; k < n_events; k++) {
        double length_q = LENGTHS_Q[check_random(rng) % 7];
        silbe_note group[4];
        size_t n = 0;
        if (check_random(rng) % 3 == 0) {
            int root = 45 + ROOTS[check_random(rng) % 6];
            bool is_minor = root % 12 == 6 || root % 12 == 11 || root % 12 == 1;
            group[n++] =
                (silbe_note){.onset_q = at_q, .duration_q = length_q, .pitch = (short)root};
            group[n++] = (silbe_note){.onset_q = at_q,
                                      .duration_q = length_q,
                                      .pitch = (short)(root + (is_minor ? 3 : 4))};
            group[n++] =
                (silbe_note){.onset_q = at_q, .duration_q = length_q, .pitch = (short)(root + 7)};
        }
        int octave = (int)(check_random(rng) % 2);
        int pitch = 60 + 12 * octave + SCALE[check_random(rng) % 7];
        pitch += check_random(rng) % 12 == 0 ? 1 : 0;
        group[n++] = (silbe_note){
            .onset_q = at_q, .duration_q = length_q, .pitch = (short)pitch, .is_voice = true};
        memcpy(score.notes + score.n_notes, group, n * sizeof *group);
        score.n_notes += n;
        at_q += length_q;
    }
    score.end_q = at_q;
    return score;
}

typedef struct {
    double hop_s;
    double lead_s, tail_s; /* of noise in front and behind */
    double seconds_per_q;
    double swing;  /* the tempo goes up and down by this share */
    double jitter; /* each event is played early or late by up to this many seconds */
    double noise;  /* 0..1 */
    int transposition_semitones;
    double noise_begin_s, noise_end_s; /* between these there is nothing but noise */
} synthetic_options;

static inline synthetic_options synthetic_options_default(void)
{
    return (synthetic_options){.hop_s = 0.01,
                               .lead_s = 2,
                               .tail_s = 3,
                               .seconds_per_q = 0.6,
                               .swing = 0.25,
                               .jitter = 0.015,
                               .noise = 0.1};
}

typedef struct {
    silbe_matrix chroma, onset, pitch_onset;
    silbe_recording recording; /* points to the three */
    double *event_s;           /* of each distinct onset of the score */
    size_t n_events;
    double duration_s;
} synthetic_performance;

static inline void synthetic_free(synthetic_performance *p)
{
    silbe_matrix_free(&p->chroma);
    silbe_matrix_free(&p->onset);
    silbe_matrix_free(&p->pitch_onset);
    free(p->event_s);
    free(p);
}

/* Seconds of every event: the tempo swings slowly, at three speeds that do not fit together. */
static inline double synthetic_place(const silbe_score *score, const synthetic_options *o,
                                     check_rng *rng, synthetic_performance *p)
{
    double phase[3] = {6.28 * check_uniform(rng), 6.28 * check_uniform(rng),
                       6.28 * check_uniform(rng)};
    double at_s = o->lead_s, last_q = 0;
    for (size_t i = 0; i < score->n_notes; i++) {
        double q = score->notes[i].onset_q;
        if (i > 0 && q == last_q) {
            continue;
        }
        double wave = sin(0.21 * q + phase[0]) + sin(0.083 * q + phase[1]);
        wave += sin(0.031 * q + phase[2]);
        at_s += (q - last_q) * o->seconds_per_q * (1 + o->swing * wave / 3);
        last_q = q;
        p->event_s[p->n_events++] = at_s + synthetic_between(rng, -o->jitter, o->jitter);
    }
    return at_s + (score->end_q - last_q) * o->seconds_per_q;
}

static inline void synthetic_add_note(const silbe_note *note, double begin_s, double end_s,
                                      const synthetic_options *o, synthetic_performance *p)
{
    static const int SEMITONES[] = {0, 12, 19, 24, 28, 31};
    int pitch = note->pitch + o->transposition_semitones;
    size_t n = p->chroma.n_rows, width = SYNTHETIC_N_BANDS;
    double gain = 1;
    for (size_t h = 0; h < 6; h++, gain *= 0.7) {
        int partial = pitch + SEMITONES[h];
        for (size_t t = (size_t)ceil(begin_s / o->hop_s); t < n; t++) {
            double age_s = (double)t * o->hop_s - begin_s;
            if ((double)t * o->hop_s >= end_s) {
                break;
            }
            p->chroma.data[t * 12 + (size_t)(partial % 12)] += (float)(gain * exp(-age_s));
        }
        long centre = lround(begin_s / o->hop_s);
        for (long t = centre - 3; t <= centre + 3; t++) {
            double value = gain * (1 - fabs((double)t * o->hop_s - begin_s) / 0.02);
            int band = partial - SYNTHETIC_LOW_PITCH;
            if (t >= 0 && t < (long)n && value > 0 && band >= 0 && band < SYNTHETIC_N_BANDS) {
                p->pitch_onset.data[(size_t)t * width + (size_t)band] += (float)value;
            }
        }
    }
}

static inline double synthetic_norm(const float *row, size_t n)
{
    double energy = 0;
    for (size_t c = 0; c < n; c++) {
        energy += (double)row[c] * row[c];
    }
    return sqrt(energy);
}

/* Onsets of noise alone: every band rises or falls, and the local norm makes them large. */
static inline void synthetic_noise_row(float *pitches, check_rng *rng)
{
    double length = synthetic_between(rng, 0.6, 1), norm;
    for (size_t b = 0; b < SYNTHETIC_N_BANDS; b++) {
        double sum = check_uniform(rng) + check_uniform(rng) + check_uniform(rng);
        pitches[b] = (float)fmax(0, sum - 1.5);
    }
    norm = synthetic_norm(pitches, SYNTHETIC_N_BANDS);
    for (size_t b = 0; b < SYNTHETIC_N_BANDS; b++) {
        pitches[b] *= (float)(length / norm);
    }
}

/* Noise over everything, rows of the length that features have, and onsets by pitch class with a
 * trace of 0.2 s. */
static inline void synthetic_finish(const synthetic_options *o, check_rng *rng,
                                    synthetic_performance *p)
{
    for (size_t t = 0; t < p->chroma.n_rows; t++) {
        float *chroma = silbe_matrix_row(&p->chroma, t);
        float *pitches = silbe_matrix_row(&p->pitch_onset, t);
        float *onset = silbe_matrix_row(&p->onset, t);
        double at_s = (double)t * o->hop_s;
        bool is_noise = at_s >= o->noise_begin_s && at_s < o->noise_end_s;
        double chroma_norm = is_noise ? 0 : synthetic_norm(chroma, 12);
        double pitch_norm = synthetic_norm(pitches, SYNTHETIC_N_BANDS);
        double noise = is_noise ? 1 : o->noise;
        for (size_t c = 0; c < 12; c++) {
            double clean = chroma_norm > 0 ? chroma[c] / chroma_norm : 0;
            chroma[c] = (float)(clean + noise * check_uniform(rng) + 1e-6);
        }
        chroma_norm = synthetic_norm(chroma, 12);
        for (size_t c = 0; c < 12; c++) {
            chroma[c] = (float)(chroma[c] / chroma_norm);
        }
        for (size_t b = 0; b < SYNTHETIC_N_BANDS; b++) {
            double clean = pitch_norm > 0 ? pitches[b] / fmax(pitch_norm, 1) : 0;
            double stray = check_random(rng) % 20 == 0 ? noise * check_uniform(rng) : 0;
            pitches[b] = (float)fmax(clean, stray);
        }
        if (is_noise) {
            synthetic_noise_row(pitches, rng);
        }
        for (size_t b = 0; b < SYNTHETIC_N_BANDS; b++) {
            size_t c = (b + SYNTHETIC_LOW_PITCH) % 12;
            onset[c] = fmaxf(onset[c], pitches[b]);
        }
    }
    for (size_t t = p->onset.n_rows; t-- > 0;) {
        for (size_t i = 1; i < 20 && i <= t; i++) {
            float gain = (float)sqrt(1 - (double)i / 20);
            for (size_t c = 0; c < 12; c++) {
                float *value = &p->onset.data[t * 12 + c];
                *value = fmaxf(*value, gain * p->onset.data[(t - i) * 12 + c]);
            }
        }
    }
}

/* Freed with synthetic_free. */
static inline synthetic_performance *synthetic_perform(const silbe_score *score,
                                                       const synthetic_options *o, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    synthetic_performance *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->event_s = calloc(score->n_notes + 1, sizeof *p->event_s);
    assert_non_null(p->event_s);
    double end_s = synthetic_place(score, o, rng, p);
    p->event_s[p->n_events] = end_s;
    p->duration_s = end_s + o->tail_s;
    size_t n = (size_t)(p->duration_s / o->hop_s);
    check_ok(silbe_matrix_new(&p->chroma, n, 12, &err), err);
    check_ok(silbe_matrix_new(&p->onset, n, 12, &err), err);
    check_ok(silbe_matrix_new(&p->pitch_onset, n, SYNTHETIC_N_BANDS, &err), err);
    size_t k = 0;
    for (size_t i = 0; i < score->n_notes; i++) {
        k += i > 0 && score->notes[i].onset_q != score->notes[i - 1].onset_q;
        synthetic_add_note(&score->notes[i], p->event_s[k], p->event_s[k + 1], o, p);
    }
    synthetic_finish(o, rng, p);
    p->recording = (silbe_recording){.chroma = &p->chroma,
                                     .onset = &p->onset,
                                     .pitch_onset = &p->pitch_onset,
                                     .low_pitch = SYNTHETIC_LOW_PITCH,
                                     .hop_s = o->hop_s};
    return p;
}

#endif
