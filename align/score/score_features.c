#include "align/score/score_features.h"

#include <math.h>

enum { N_CLASSES = SILBE_SCORE_PITCH_CLASSES, N_CHROMA_PARTIALS = 5 };

/* Partials 1 to 5 of a note as semitones above it, and how strongly each is heard. */
static const int PARTIAL_SEMITONES[N_CHROMA_PARTIALS] = {0, 12, 19, 24, 28};
static const float PARTIAL_WEIGHT[N_CHROMA_PARTIALS] = {1.0f, 0.5f, 0.35f, 0.25f, 0.15f};
static const float CHROMA_COMPRESSION = 3.0f;

/* 1 / sqrt(12): each pitch class of a rest, which is as near to one sound as to another. */
static const float REST = 0.28867513f;

/* Even the shortest note of a score is heard for this long. */
static const double MIN_NOTE_S = 0.05;

static size_t pitch_class(int pitch)
{
    int class = pitch % N_CLASSES;
    return (size_t)(class < 0 ? class + N_CLASSES : class);
}

static void add_note(float *chroma, int pitch)
{
    for (size_t i = 0; i < N_CHROMA_PARTIALS; i++) {
        chroma[pitch_class(pitch + PARTIAL_SEMITONES[i])] += PARTIAL_WEIGHT[i];
    }
}

static void compress_and_normalise(silbe_matrix *chroma)
{
    for (size_t t = 0; t < chroma->n_rows; t++) {
        float *row = silbe_matrix_row(chroma, t);
        double energy = 0;
        for (size_t c = 0; c < N_CLASSES; c++) {
            row[c] = log1pf(CHROMA_COMPRESSION * row[c]);
            energy += (double)row[c] * row[c];
        }
        for (size_t c = 0; c < N_CLASSES; c++) {
            row[c] = energy > 0 ? row[c] * (float)(1 / sqrt(energy)) : REST;
        }
    }
}

/* Frame nearest to a position of the score; n_frames if it lies behind the grid. */
static size_t frame_of(const silbe_score_grid *grid, double q)
{
    double frame = (grid->lead_s + q * grid->seconds_per_q) / grid->hop_s;
    double rounded = floor(fmax(frame, 0) + 0.5);
    return rounded < (double)grid->n_frames ? (size_t)rounded : grid->n_frames;
}

silbe_status silbe_score_chroma(const silbe_score *score, const silbe_score_grid *grid,
                                silbe_matrix *chroma, silbe_err *err)
{
    silbe_status status = silbe_matrix_new(chroma, grid->n_frames, N_CLASSES, err);
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t i = 0; i < score->n_notes; i++) {
        const silbe_note *note = &score->notes[i];
        double length_q = fmax(note->duration_q, MIN_NOTE_S / grid->seconds_per_q);
        size_t begin = frame_of(grid, note->onset_q);
        size_t end = frame_of(grid, note->onset_q + length_q);
        for (size_t t = begin; t < grid->n_frames && (t < end || t == begin); t++) {
            add_note(silbe_matrix_row(chroma, t), note->pitch + grid->transposition_semitones);
        }
    }
    compress_and_normalise(chroma);
    return SILBE_OK;
}

silbe_status silbe_score_onsets(const silbe_score *score, const silbe_score_grid *grid,
                                double decay_s, silbe_matrix *onsets, silbe_err *err)
{
    silbe_status status = silbe_matrix_new(onsets, grid->n_frames, N_CLASSES, err);
    if (status != SILBE_OK) {
        return status;
    }
    double trace = fmax(1, floor(decay_s / grid->hop_s + 0.5));
    for (size_t i = 0; i < score->n_notes; i++) {
        const silbe_note *note = &score->notes[i];
        size_t class = pitch_class(note->pitch + grid->transposition_semitones);
        size_t begin = frame_of(grid, note->onset_q);
        for (size_t t = begin; t < grid->n_frames && (double)(t - begin) < trace; t++) {
            float *value = silbe_matrix_row(onsets, t) + class;
            *value = fmaxf(*value, (float)sqrt(1 - (double)(t - begin) / trace));
        }
    }
    for (size_t t = 0; t < onsets->n_rows; t++) {
        float *row = silbe_matrix_row(onsets, t);
        double energy = 0;
        for (size_t c = 0; c < N_CLASSES; c++) {
            energy += (double)row[c] * row[c];
        }
        float scale = (float)(1 / fmax(1, sqrt(energy)));
        for (size_t c = 0; c < N_CLASSES; c++) {
            row[c] *= scale;
        }
    }
    return SILBE_OK;
}

silbe_status silbe_event_chroma(const silbe_score *score, const silbe_score_events *events,
                                int transposition_semitones, silbe_matrix *chroma, silbe_err *err)
{
    silbe_status status = silbe_matrix_new(chroma, events->n_events, N_CLASSES, err);
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t i = 0; i < score->n_notes; i++) {
        for (size_t k = events->event_of_note[i]; k < events->end_of_note[i]; k++) {
            add_note(silbe_matrix_row(chroma, k), score->notes[i].pitch + transposition_semitones);
        }
    }
    compress_and_normalise(chroma);
    return SILBE_OK;
}

silbe_status silbe_event_onsets(const silbe_score *score, const silbe_score_events *events,
                                int transposition_semitones, int low_pitch, size_t n_bands,
                                size_t n_partials, double falloff, silbe_matrix *onsets,
                                silbe_err *err)
{
    silbe_status status = silbe_matrix_new(onsets, events->n_events, n_bands, err);
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t i = 0; i < score->n_notes; i++) {
        float *row = silbe_matrix_row(onsets, events->event_of_note[i]);
        double weight = 1;
        for (size_t h = 1; h <= n_partials; h++, weight *= falloff) {
            double pitch = score->notes[i].pitch + transposition_semitones + 12 * log2((double)h);
            double band = floor(pitch + 0.5) - low_pitch;
            if (band >= 0 && band < (double)n_bands) {
                row[(size_t)band] += (float)weight;
            }
        }
    }
    for (size_t k = 0; k < onsets->n_rows; k++) {
        float *row = silbe_matrix_row(onsets, k);
        double energy = 0;
        for (size_t b = 0; b < n_bands; b++) {
            energy += (double)row[b] * row[b];
        }
        float scale = energy > 0 ? (float)(1 / sqrt(energy)) : 0;
        for (size_t b = 0; b < n_bands; b++) {
            row[b] *= scale;
        }
    }
    return SILBE_OK;
}
