#include "features/tuning.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

static const double PI = 3.14159265358979323846;
static const double A4_HZ = 440.0;
/* Amplitudes below these are silence: no peak, and no logarithm of zero. */
static const double PEAK_FLOOR = 1e-12;
static const double LOG_FLOOR = 1e-9;

struct silbe_tuning_stream {
    silbe_stft *stft;
    double bin_hz;
    double peak_ratio;
    size_t low_bin, high_bin; /* peaks are looked for in [low_bin, high_bin) */
    double re, im;            /* sum of the votes */
    double weight;            /* sum of their lengths */
    size_t n_peaks;
};

silbe_tuning_options silbe_tuning_options_default(void)
{
    return (silbe_tuning_options){
        .window_samples = 8192,
        .hop_s = 0.1,
        .low_hz = 110.0,
        .high_hz = 1760.0,
        .peak_ratio = 0.1,
    };
}

silbe_status silbe_tuning_plan_new(const silbe_tuning_options *options, double rate_hz,
                                   silbe_stft_plan **plan, silbe_err *err)
{
    *plan = NULL;
    double bin_hz = rate_hz / (double)options->window_samples;
    if (!(options->low_hz >= bin_hz && options->high_hz > options->low_hz &&
          options->high_hz <= rate_hz / 2.0 - bin_hz)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "tuning should be sought in %.3g <= low < high <= %.6g Hz, got %g .. %g",
                          bin_hz, rate_hz / 2.0 - bin_hz, options->low_hz, options->high_hz);
    }
    if (!(options->peak_ratio >= 0.0 && options->peak_ratio <= 1.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "peak_ratio should be in 0 .. 1, got %g",
                          options->peak_ratio);
    }
    silbe_stft_options stft = {
        .rate_hz = rate_hz, .hop_s = options->hop_s, .window_samples = options->window_samples};
    return silbe_stft_plan_new(&stft, plan, err);
}

/* Distance of the top of the parabola through three neighbours from the middle one, in bins. */
static double parabola_top(double left, double middle, double right)
{
    return 0.5 * (left - right) / (left - 2.0 * middle + right - 1e-12);
}

static void vote(silbe_tuning_stream *stream, const float *power, size_t k)
{
    double amplitude = sqrt(power[k]);
    double top =
        (double)k + parabola_top(log(sqrt(power[k - 1]) + LOG_FLOOR), log(amplitude + LOG_FLOOR),
                                 log(sqrt(power[k + 1]) + LOG_FLOOR));
    double semitones = 12.0 * log2(top * stream->bin_hz / A4_HZ);
    double weight = sqrt(amplitude);
    stream->re += weight * cos(2.0 * PI * semitones);
    stream->im += weight * sin(2.0 * PI * semitones);
    stream->weight += weight;
    stream->n_peaks++;
}

static silbe_status take_frame(void *context, size_t frame, const float *power, size_t n_bins,
                               silbe_err *err)
{
    silbe_tuning_stream *stream = context;
    (void)frame;
    (void)n_bins;
    (void)err;
    float highest = 0.0F;
    for (size_t k = stream->low_bin; k < stream->high_bin; k++) {
        highest = power[k] > highest ? power[k] : highest;
    }
    double threshold = stream->peak_ratio * sqrt(highest) + PEAK_FLOOR;
    float power_threshold = (float)(threshold * threshold);
    for (size_t k = stream->low_bin; k < stream->high_bin; k++) {
        if (power[k] > power_threshold && power[k] > power[k - 1] && power[k] >= power[k + 1]) {
            vote(stream, power, k);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_tuning_stream_new(const silbe_tuning_options *options,
                                     const silbe_stft_plan *plan, silbe_tuning_stream **out,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    silbe_tuning_stream *stream = silbe_alloc(1, sizeof *stream, "tuning", err);
    if (stream == NULL) {
        return err->status;
    }
    stream->bin_hz = silbe_stft_plan_bin_hz(plan);
    stream->peak_ratio = options->peak_ratio;
    stream->low_bin = (size_t)(options->low_hz / stream->bin_hz);
    stream->high_bin = (size_t)(options->high_hz / stream->bin_hz);
    silbe_try(err, silbe_stft_new(plan, take_frame, stream, &stream->stft, err));
    if (silbe_failed(err)) {
        silbe_tuning_stream_free(stream);
    } else {
        *out = stream;
    }
    return err->status;
}

void silbe_tuning_stream_free(silbe_tuning_stream *stream)
{
    if (stream != NULL) {
        silbe_stft_free(stream->stft);
        free(stream);
    }
}

silbe_status silbe_tuning_stream_push(silbe_tuning_stream *stream, const float *samples,
                                      size_t n_samples, silbe_err *err)
{
    return silbe_stft_push(stream->stft, samples, n_samples, err);
}

silbe_status silbe_tuning_stream_finish(silbe_tuning_stream *stream, silbe_tuning *tuning,
                                        silbe_err *err)
{
    *tuning = (silbe_tuning){0};
    silbe_status status = silbe_stft_finish(stream->stft, err);
    if (status != SILBE_OK) {
        return status;
    }
    tuning->n_peaks = stream->n_peaks;
    if (stream->weight > 0.0) {
        tuning->cents = 100.0 * atan2(stream->im, stream->re) / (2.0 * PI);
        tuning->confidence = hypot(stream->re, stream->im) / stream->weight;
    }
    return SILBE_OK;
}

silbe_status silbe_tuning_run(const silbe_tuning_options *options, const silbe_stft_plan *plan,
                              const float *samples, size_t n_samples, silbe_tuning *tuning,
                              silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_tuning_stream *stream = NULL;
    *tuning = (silbe_tuning){0};
    silbe_try(err, silbe_tuning_stream_new(options, plan, &stream, err));
    silbe_try(err, silbe_tuning_stream_push(stream, samples, n_samples, err));
    silbe_try(err, silbe_tuning_stream_finish(stream, tuning, err));
    silbe_tuning_stream_free(stream);
    return err->status;
}
