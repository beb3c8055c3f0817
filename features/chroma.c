#include "features/chroma.h"

#include <math.h>
#include <string.h>

#include "features/filterbank.h"
#include "features/level.h"

silbe_chroma_options silbe_chroma_options_default(void)
{
    return (silbe_chroma_options){
        .window_samples = 4096,
        .low_pitch = 36,
        .high_pitch = 95,
        .compression = 10.0,
        .silence_norm = 1e-3,
        .normalise = true,
    };
}

silbe_status silbe_chroma_plan_new(const silbe_chroma_options *options, double rate_hz,
                                   double hop_s, silbe_stft_plan **plan, silbe_err *err)
{
    silbe_stft_options stft = {
        .rate_hz = rate_hz, .hop_s = hop_s, .window_samples = options->window_samples};
    return silbe_stft_plan_new(&stft, plan, err);
}

silbe_status silbe_pitch_energy(const silbe_stft_plan *plan, int low_pitch, int high_pitch,
                                double tuning_cents, const float *samples, size_t n_samples,
                                silbe_matrix *energy, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_filterbank bank = SILBE_FILTERBANK_INIT;
    *energy = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_try(err, silbe_filterbank_pitch(&bank, plan, low_pitch, high_pitch, tuning_cents, err));
    silbe_try(err, silbe_band_energy(plan, &bank, samples, n_samples, energy, err));
    silbe_filterbank_free(&bank);
    return err->status;
}

static void normalise_row(float *row, double silence_norm)
{
    double sum_squares = 0.0;
    for (size_t c = 0; c < SILBE_N_PITCH_CLASSES; c++) {
        sum_squares += (double)row[c] * row[c];
    }
    double norm = sqrt(sum_squares);
    for (size_t c = 0; c < SILBE_N_PITCH_CLASSES; c++) {
        row[c] = norm > silence_norm ? (float)(row[c] / norm)
                                     : (float)(1.0 / sqrt((double)SILBE_N_PITCH_CLASSES));
    }
}

silbe_status silbe_chroma_from_energy(const silbe_chroma_options *options,
                                      const silbe_matrix *energy, silbe_matrix *chroma,
                                      silbe_err *err)
{
    enum { MAX_PITCHES = 136 };
    float compressed[MAX_PITCHES];
    size_t n_pitches = energy->n_cols;
    *chroma = (silbe_matrix)SILBE_MATRIX_INIT;
    if (options->low_pitch < 0 || options->high_pitch < options->low_pitch ||
        n_pitches != (size_t)(options->high_pitch - options->low_pitch + 1) ||
        n_pitches > MAX_PITCHES) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "chroma of pitches %d .. %d wants a column for each, got %zu",
                          options->low_pitch, options->high_pitch, n_pitches);
    }
    if (!(options->compression > 0.0) || !(options->silence_norm >= 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "compression should be > 0 and silence_norm >= 0, got %g and %g",
                          options->compression, options->silence_norm);
    }
    silbe_status status = silbe_matrix_new(chroma, energy->n_rows, SILBE_N_PITCH_CLASSES, err);
    if (status != SILBE_OK) {
        return status;
    }
    double level = silbe_level_of_energy(energy);
    for (size_t t = 0; t < energy->n_rows; t++) {
        float *row = silbe_matrix_row(chroma, t);
        silbe_level_compress(silbe_matrix_row(energy, t), n_pitches, options->compression, level,
                             compressed);
        for (size_t p = 0; p < n_pitches; p++) {
            row[((size_t)options->low_pitch + p) % SILBE_N_PITCH_CLASSES] += compressed[p];
        }
        if (options->normalise) {
            normalise_row(row, options->silence_norm);
        }
    }
    return SILBE_OK;
}
