#include "pipeline/train/augment/steps.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

/* Power of the spectrum of a Hann window of window_s at offset_hz from its peak, 1 at 0; side lobes
 * (31 dB down and falling by 18 dB an octave) are left out. */
static double lobe(double offset_hz, double window_s)
{
    const double pi = 3.14159265358979323846;
    double x = fabs(offset_hz) * window_s;
    if (x >= 2.0) {
        return 0.0;
    }
    if (x < 1e-6) {
        return 1.0;
    }
    double amplitude = fabs(x - 1.0) < 1e-6 ? 0.5 : sin(pi * x) / (pi * x * (1.0 - x * x));
    return amplitude * amplitude;
}

static double triangle(const silbe_bands *bands, size_t b, double hz)
{
    double low = bands->edge_hz[b], top = bands->edge_hz[b + 1], high = bands->edge_hz[b + 2];
    double rise = (hz - low) / (top - low), fall = (high - hz) / (high - top);
    double least = rise < fall ? rise : fall;
    return least > 0.0 ? least : 0.0;
}

static void set_edges(const silbe_logmel_options *o, silbe_bands *bands)
{
    double low = silbe_hz_to_mel(o->low_hz, o->scale), high = silbe_hz_to_mel(o->high_hz, o->scale);
    for (size_t i = 0; i < o->n_bands + 2; i++) {
        double mel = low + (high - low) * (double)i / (double)(o->n_bands + 1);
        bands->edge_hz[i] = silbe_mel_to_hz(mel, o->scale);
    }
    for (size_t b = 0; b < o->n_bands; b++) {
        bands->centre_hz[b] = bands->edge_hz[b + 1];
    }
}

/* As the front end does it: the lobe is sampled by the bins of its transform. */
static void set_response(const silbe_logmel_options *o, silbe_bands *bands)
{
    const double reach_hz = 2.0 / o->window_s;
    size_t fft_samples = 1;
    while ((double)fft_samples < o->window_s * SILBE_TRAIN_RATE_HZ) {
        fft_samples *= 2;
    }
    const double bin_hz = SILBE_TRAIN_RATE_HZ / (double)fft_samples;
    for (size_t b = 0; b < bands->n_bands; b++) {
        double sum = 0.0;
        for (size_t g = 0; g < bands->n_grid; g++) {
            double hz = (double)g * SILBE_BANDS_GRID_HZ, value = 0.0;
            if (hz < bands->edge_hz[b] - reach_hz || hz > bands->edge_hz[b + 2] + reach_hz) {
                continue;
            }
            for (double k = ceil((hz - reach_hz) / bin_hz); k * bin_hz < hz + reach_hz; k += 1.0) {
                value += triangle(bands, b, k * bin_hz) * lobe(k * bin_hz - hz, o->window_s);
            }
            bands->response[g * bands->n_bands + b] = (float)value;
            sum += value * SILBE_BANDS_GRID_HZ;
        }
        for (size_t g = 0; g < bands->n_grid; g++) {
            bands->response[g * bands->n_bands + b] /= (float)sum;
        }
    }
    for (size_t g = 0; g < bands->n_grid; g++) {
        const float *row = bands->response + g * bands->n_bands;
        size_t first = 0, end = bands->n_bands;
        while (first < end && row[first] <= 0.0F) {
            first++;
        }
        while (end > first && row[end - 1] <= 0.0F) {
            end--;
        }
        bands->first_band[g] = (unsigned short)first;
        bands->end_band[g] = (unsigned short)end;
    }
}

static void set_smooth(double smooth_hz, silbe_bands *bands)
{
    for (size_t b = 0; b < bands->n_bands; b++) {
        float *row = bands->smooth + b * bands->n_bands;
        double sum = 0.0;
        size_t begin = bands->n_bands, end = 0;
        for (size_t k = 0; k < bands->n_bands; k++) {
            double x = (bands->centre_hz[k] - bands->centre_hz[b]) / smooth_hz;
            double width_hz = 0.5 * (bands->edge_hz[k + 2] - bands->edge_hz[k]);
            if (fabs(x) < 2.8) {
                row[k] = (float)(width_hz * exp(-0.5 * x * x));
                sum += (double)row[k];
                begin = k < begin ? k : begin;
                end = k + 1;
            }
        }
        for (size_t k = begin; k < end; k++) {
            row[k] /= (float)sum;
        }
        bands->smooth_begin[b] = (unsigned short)begin;
        bands->smooth_end[b] = (unsigned short)end;
    }
}

silbe_status silbe_bands_new(const silbe_logmel_options *options, double smooth_hz,
                             silbe_bands *bands, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = options->n_bands;
    *bands = (silbe_bands){.n_bands = n};
    if (n == 0 || n > SILBE_BANDS_MAX || !(smooth_hz > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "1 to %d bands and a width above 0 Hz are needed, got %zu and %g",
                          SILBE_BANDS_MAX, n, smooth_hz);
    }
    bands->n_grid = (size_t)(options->high_hz / SILBE_BANDS_GRID_HZ) + 256;
    bands->response = silbe_alloc(bands->n_grid * n, sizeof *bands->response, "responses", err);
    bands->first_band = silbe_alloc(bands->n_grid, sizeof *bands->first_band, "responses", err);
    bands->end_band = silbe_alloc(bands->n_grid, sizeof *bands->end_band, "responses", err);
    bands->smooth = silbe_alloc(n * n, sizeof *bands->smooth, "bands", err);
    if (silbe_failed(err)) {
        silbe_bands_free(bands);
        return err->status;
    }
    set_edges(options, bands);
    set_response(options, bands);
    set_smooth(smooth_hz, bands);
    return SILBE_OK;
}

void silbe_bands_free(silbe_bands *bands)
{
    free(bands->response);
    free(bands->first_band);
    free(bands->end_band);
    free(bands->smooth);
    *bands = (silbe_bands){0};
}
