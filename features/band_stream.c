/* Samples to band energies: the streaming half of filterbank.h. */
#include "features/filterbank.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

struct silbe_band_stream {
    const silbe_filterbank *bank;
    silbe_stft *stft;
    silbe_matrix energy; /* n_rows: capacity */
    size_t n_frames;     /* rows that are filled */
};

static void grow(silbe_band_stream *stream, size_t n_rows, silbe_err *err)
{
    silbe_matrix larger = SILBE_MATRIX_INIT;
    silbe_try(err, silbe_matrix_new(&larger, n_rows, stream->bank->n_bands, err));
    if (silbe_failed(err)) {
        return;
    }
    if (stream->n_frames > 0) {
        memcpy(larger.data, stream->energy.data, stream->n_frames * larger.n_cols * sizeof(float));
    }
    silbe_matrix_free(&stream->energy);
    stream->energy = larger;
}

static silbe_status take_frame(void *context, size_t frame, const float *power, size_t n_bins,
                               silbe_err *err)
{
    silbe_band_stream *stream = context;
    (void)n_bins; /* equal to bank->n_bins: checked once, in _new */
    if (frame >= stream->energy.n_rows) {
        grow(stream, frame + frame / 2 + 64, err);
    }
    if (!silbe_failed(err)) {
        silbe_filterbank_apply(stream->bank, power, silbe_matrix_row(&stream->energy, frame));
        stream->n_frames = frame + 1;
    }
    return err->status;
}

silbe_status silbe_band_stream_new(const silbe_stft_plan *plan, const silbe_filterbank *bank,
                                   size_t expected_samples, silbe_band_stream **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    if (bank->n_bins != silbe_stft_plan_bins(plan)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "filterbank for %zu bins, the STFT has %zu",
                          bank->n_bins, silbe_stft_plan_bins(plan));
    }
    silbe_band_stream *stream = silbe_alloc(1, sizeof *stream, "stream of bands", err);
    if (stream == NULL) {
        return err->status;
    }
    stream->bank = bank;
    silbe_try(err, silbe_stft_new(plan, take_frame, stream, &stream->stft, err));
    grow(stream, silbe_stft_plan_frames(plan, expected_samples), err);
    if (silbe_failed(err)) {
        silbe_band_stream_free(stream);
    } else {
        *out = stream;
    }
    return err->status;
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
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_band_stream *stream = NULL;
    *energy = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_try(err, silbe_band_stream_new(plan, bank, n_samples, &stream, err));
    silbe_try(err, silbe_band_stream_push(stream, samples, n_samples, err));
    silbe_try(err, silbe_band_stream_finish(stream, energy, err));
    silbe_band_stream_free(stream);
    return err->status;
}
