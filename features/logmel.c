#include "features/logmel.h"

#include <math.h>

silbe_logmel_options silbe_logmel_options_default(void)
{
    return (silbe_logmel_options){
        .n_bands = 80,
        .low_hz = 60.0,
        .high_hz = 7600.0,
        .window_s = 0.04,
        .hop_s = 0.01,
        .floor = 1e-10,
        .scale = SILBE_MEL_SLANEY,
    };
}

silbe_status silbe_logmel_plan_new(const silbe_logmel_options *options, double rate_hz,
                                   silbe_stft_plan **plan, silbe_err *err)
{
    *plan = NULL;
    double window = nearbyint(options->window_s * rate_hz / 2.0) * 2.0;
    if (!(window >= 2.0 && window <= 1048576.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "window_s should be 2 .. 2^20 samples at %g Hz, got %g s", rate_hz,
                          options->window_s);
    }
    if (!(options->floor > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "floor should be > 0, got %g", options->floor);
    }
    size_t fft_samples = 2;
    while ((double)fft_samples < window) {
        fft_samples *= 2;
    }
    silbe_stft_options stft = {.rate_hz = rate_hz,
                               .hop_s = options->hop_s,
                               .window_samples = (size_t)window,
                               .fft_samples = fft_samples,
                               .scale = SILBE_STFT_UNSCALED};
    return silbe_stft_plan_new(&stft, plan, err);
}

void silbe_logmel_compress(const silbe_logmel_options *options, silbe_matrix *energy)
{
    float floor = (float)options->floor;
    size_t n = energy->n_rows * energy->n_cols;
    for (size_t i = 0; i < n; i++) {
        float value = energy->data[i];
        energy->data[i] = logf(value > floor ? value : floor);
    }
}

silbe_status silbe_logmel_run(const silbe_logmel_options *options, const silbe_stft_plan *plan,
                              const float *samples, size_t n_samples, silbe_matrix *logmel,
                              silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_filterbank bank = SILBE_FILTERBANK_INIT;
    *logmel = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_try(err, silbe_filterbank_mel(&bank, plan, options->n_bands, options->low_hz,
                                        options->high_hz, options->scale, err));
    silbe_try(err, silbe_band_energy(plan, &bank, samples, n_samples, logmel, err));
    silbe_logmel_compress(options, logmel);
    silbe_filterbank_free(&bank);
    return err->status;
}
