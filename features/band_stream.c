/* Samples to band energies: the streaming half of filterbank.h. */
#include "features/filterbank.h"

#include <stdlib.h>
#include <string.h>

struct silbe_band_stream {
    const silbe_filterbank *bank;
    silbe_stft *stft;
    silbe_matrix energy; /* n_rows: capacity */
    size_t n_frames;     /* rows that are filled */
};

static silbe_status grow(silbe_band_stream *stream, size_t n_rows, silbe_err *err)
{
    silbe_matrix larger = SILBE_MATRIX_INIT;
    silbe_status status = silbe_matrix_new(&larger, n_rows, stream->bank->n_bands, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (stream->n_frames > 0) {
        memcpy(larger.data, stream->energy.data, stream->n_frames * larger.n_cols * sizeof(float));
    }
    silbe_matrix_free(&stream->energy);
    stream->energy = larger;
    return SILBE_OK;
}

static silbe_status take_frame(void *context, size_t frame, const float *power, size_t n_bins,
                               silbe_err *err)
{
    silbe_band_stream *stream = context;
    (void)n_bins; /* equal to bank->n_bins: checked once, in _new */
    if (frame >= stream->energy.n_rows) {
        silbe_status status = grow(stream, frame + frame / 2 + 64, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    silbe_filterbank_apply(stream->bank, power, silbe_matrix_row(&stream->energy, frame));
    stream->n_frames = frame + 1;
    return SILBE_OK;
}

silbe_status silbe_band_stream_new(const silbe_stft_plan *plan, const silbe_filterbank *bank,
                                   size_t expected_samples, silbe_band_stream **out, silbe_err *err)
{
    *out = NULL;
    if (bank->n_bins != silbe_stft_plan_bins(plan)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "filterbank for %zu bins, the STFT has %zu",
                          bank->n_bins, silbe_stft_plan_bins(plan));
    }
    silbe_band_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for band energies");
    }
    stream->bank = bank;
    silbe_status status = silbe_stft_new(plan, take_frame, stream, &stream->stft, err);
    if (status == SILBE_OK) {
        status = grow(stream, silbe_stft_plan_frames(plan, expected_samples), err);
    }
    if (status != SILBE_OK) {
        silbe_band_stream_free(stream);
        return status;
    }
    *out = stream;
    return SILBE_OK;
}

void silbe_band_stream_free(silbe_band_stream *stream)
{
    if (stream != NULL) {
        silbe_stft_free(stream->stft);
        silbe_matrix_free(&stream->energy);
        free(stream);
    }
}

silbe_status silbe_band_stream_push(silbe_band_stream *stream, const float *samples,
                                    size_t n_samples, silbe_err *err)
{
    return silbe_stft_push(stream->stft, samples, n_samples, err);
}

silbe_status silbe_band_stream_finish(silbe_band_stream *stream, silbe_matrix *energy,
                                      silbe_err *err)
{
    *energy = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_status status = silbe_stft_finish(stream->stft, err);
    if (status != SILBE_OK) {
        return status;
    }
    *energy = stream->energy;
    energy->n_rows = stream->n_frames; /* spare rows stay behind the last one */
    stream->energy = (silbe_matrix)SILBE_MATRIX_INIT;
    return SILBE_OK;
}

silbe_status silbe_band_energy(const silbe_stft_plan *plan, const silbe_filterbank *bank,
                               const float *samples, size_t n_samples, silbe_matrix *energy,
                               silbe_err *err)
{
    silbe_band_stream *stream = NULL;
    *energy = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_status status = silbe_band_stream_new(plan, bank, n_samples, &stream, err);
    if (status == SILBE_OK) {
        status = silbe_band_stream_push(stream, samples, n_samples, err);
    }
    if (status == SILBE_OK) {
        status = silbe_band_stream_finish(stream, energy, err);
    }
    silbe_band_stream_free(stream);
    return status;
}
