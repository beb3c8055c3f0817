#include "features/stft.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "features/base/memory.h"

static const double PI = 3.14159265358979323846;

enum {
    MAX_WINDOW_SAMPLES = 1 << 20,
    SLACK_SAMPLES = 1 << 14, /* room behind a window: how often samples are moved to the front */
};

struct silbe_stft_plan {
    silbe_stft_options options;
    float *window;      /* window_samples values, scale included */
    fftwf_plan forward; /* executed on the arrays of each silbe_stft */
};

struct silbe_stft {
    const silbe_stft_plan *plan;
    silbe_stft_sink sink;
    void *context;
    float *input;          /* fft_samples; zeros around the window stay */
    fftwf_complex *output; /* n_bins */
    float *power;          /* n_bins */
    float *buffer;         /* capacity samples of the stream */
    size_t capacity;
    size_t filled;    /* samples in buffer */
    int64_t first;    /* index in the recording of buffer[0]; starts where frame 0 does */
    size_t n_samples; /* pushed so far */
    size_t frame;     /* next frame */
    bool start_is_padded;
    bool finished;
};

static silbe_status check_options(const silbe_stft_options *options, silbe_err *err)
{
    size_t window = options->window_samples;
    if (window < 2 || window > MAX_WINDOW_SAMPLES || window % 2 != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "STFT window should be an even number of samples in 2 .. %d, got %zu",
                          MAX_WINDOW_SAMPLES, window);
    }
    if (options->fft_samples < window || options->fft_samples > 2 * MAX_WINDOW_SAMPLES ||
        options->fft_samples % 2 != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "STFT length should be even and in %zu .. %d, got %zu", window,
                          2 * MAX_WINDOW_SAMPLES, options->fft_samples);
    }
    if (!(options->rate_hz > 0.0) || !isfinite(options->rate_hz)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "sample rate should be > 0 Hz, got %g",
                          options->rate_hz);
    }
    if (!(options->hop_s * options->rate_hz >= 1.0) || !(options->hop_s <= 3600.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "hop should be at least one sample (%g s) and at most an hour, got %g s",
                          1.0 / options->rate_hz, options->hop_s);
    }
    if (options->delay_samples > window ||
        (options->delay_samples > 0 && options->padding != SILBE_STFT_ZEROS)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "STFT delay should be at most the window of %zu samples, and zero where "
                          "the ends are mirrored, got %zu",
                          window, options->delay_samples);
    }
    if ((int)options->window < 0 || options->window >= SILBE_N_WINDOWS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "no window has number %d", (int)options->window);
    }
    return SILBE_OK;
}

/* w(n), n of window_samples, without scale. */
static double window_value(silbe_window window, size_t n, size_t window_samples)
{
    double phase = 2.0 * PI * (double)n / (double)window_samples;
    switch (window) {
    case SILBE_WINDOW_HANN:
        return 0.5 - 0.5 * cos(phase);
    case SILBE_WINDOW_HAMMING:
        return 0.54 - 0.46 * cos(phase);
    case SILBE_WINDOW_BLACKMAN:
        return 0.42 - 0.5 * cos(phase) + 0.08 * cos(2.0 * phase);
    default:
        return 1.0;
    }
}

static double window_scale(const silbe_stft_options *options)
{
    if (options->scale == SILBE_STFT_UNSCALED) {
        return 1.0;
    }
    double sum = 0.0;
    for (size_t n = 0; n < options->window_samples; n++) {
        sum += window_value(options->window, n, options->window_samples);
    }
    return 2.0 / sum;
}

static void fill_window(silbe_stft_plan *plan)
{
    const silbe_stft_options *options = &plan->options;
    double scale = window_scale(options);
    for (size_t n = 0; n < options->window_samples; n++) {
        plan->window[n] =
            (float)(scale * window_value(options->window, n, options->window_samples));
    }
}

silbe_status silbe_stft_plan_new(const silbe_stft_options *options, silbe_stft_plan **out,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    silbe_stft_options complete = *options;
    if (complete.fft_samples == 0) {
        complete.fft_samples = complete.window_samples;
    }
    silbe_try(err, check_options(&complete, err));
    silbe_stft_plan *plan = silbe_alloc(1, sizeof *plan, "plan of an STFT", err);
    if (plan == NULL) {
        return err->status;
    }
    plan->options = complete;
    plan->window = silbe_need(fftwf_alloc_real(complete.window_samples), "an STFT", err);
    float *input = silbe_need(fftwf_alloc_real(complete.fft_samples), "an STFT", err);
    fftwf_complex *output =
        silbe_need(fftwf_alloc_complex(complete.fft_samples / 2 + 1), "an STFT", err);
    if (!silbe_failed(err)) {
        fill_window(plan);
        plan->forward = silbe_need(fftwf_plan_dft_r2c_1d((int)complete.fft_samples, input, output,
                                                         FFTW_ESTIMATE | FFTW_PRESERVE_INPUT),
                                   "an STFT", err);
    }
    fftwf_free(input);
    fftwf_free(output);
    if (silbe_failed(err)) {
        silbe_stft_plan_free(plan);
    } else {
        *out = plan;
    }
    return err->status;
}

void silbe_stft_plan_free(silbe_stft_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    if (plan->forward != NULL) {
        fftwf_destroy_plan(plan->forward);
    }
    fftwf_free(plan->window);
    free(plan);
}

size_t silbe_stft_plan_bins(const silbe_stft_plan *plan)
{
    return plan->options.fft_samples / 2 + 1;
}

double silbe_stft_plan_bin_hz(const silbe_stft_plan *plan)
{
    return plan->options.rate_hz / (double)plan->options.fft_samples;
}

const silbe_stft_options *silbe_stft_plan_options(const silbe_stft_plan *plan)
{
    return &plan->options;
}

size_t silbe_stft_plan_centre(const silbe_stft_plan *plan, size_t frame)
{
    return (size_t)nearbyint((double)frame * plan->options.hop_s * plan->options.rate_hz);
}

size_t silbe_stft_plan_frames(const silbe_stft_plan *plan, size_t n_samples)
{
    double hop = plan->options.hop_s * plan->options.rate_hz;
    size_t frames = (size_t)((double)n_samples / hop);
    while (silbe_stft_plan_centre(plan, frames) < n_samples) {
        frames++;
    }
    while (frames > 0 && silbe_stft_plan_centre(plan, frames - 1) >= n_samples) {
        frames--;
    }
    return frames;
}

silbe_status silbe_stft_new(const silbe_stft_plan *plan, silbe_stft_sink sink, void *context,
                            silbe_stft **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_stft_options *options = &plan->options;
    size_t n_bins = silbe_stft_plan_bins(plan);
    *out = NULL;
    silbe_stft *stft = silbe_alloc(1, sizeof *stft, "STFT", err);
    if (stft == NULL) {
        return err->status;
    }
    stft->plan = plan;
    stft->sink = sink;
    stft->context = context;
    stft->capacity = 2 * options->window_samples + SLACK_SAMPLES;
    stft->input = silbe_need(fftwf_alloc_real(options->fft_samples), "an STFT", err);
    stft->output = silbe_need(fftwf_alloc_complex(n_bins), "an STFT", err);
    stft->power = silbe_need(fftwf_alloc_real(n_bins), "an STFT", err);
    stft->buffer = silbe_need(fftwf_alloc_real(stft->capacity), "an STFT", err);
    if (silbe_failed(err)) {
        silbe_stft_free(stft);
        return err->status;
    }
    memset(stft->input, 0, options->fft_samples * sizeof(float));
    stft->filled = options->window_samples / 2 + options->delay_samples;
    memset(stft->buffer, 0, stft->filled * sizeof(float));
    stft->first = -(int64_t)stft->filled;
    stft->start_is_padded = options->padding == SILBE_STFT_ZEROS;
    *out = stft;
    return SILBE_OK;
}

void silbe_stft_free(silbe_stft *stft)
{
    if (stft == NULL) {
        return;
    }
    fftwf_free(stft->input);
    fftwf_free(stft->output);
    fftwf_free(stft->power);
    fftwf_free(stft->buffer);
    free(stft);
}

static void transform(silbe_stft *stft, const float *samples)
{
    const silbe_stft_options *options = &stft->plan->options;
    const float *window = stft->plan->window;
    float *input = stft->input + (options->fft_samples - options->window_samples) / 2;
    for (size_t n = 0; n < options->window_samples; n++) {
        input[n] = samples[n] * window[n];
    }
    fftwf_execute_dft_r2c(stft->plan->forward, stft->input, stft->output);
}

void silbe_stft_frame(silbe_stft *stft, const float *samples, float *spectrum)
{
    transform(stft, samples);
    memcpy(spectrum, stft->output, silbe_stft_plan_bins(stft->plan) * sizeof(fftwf_complex));
}

void silbe_stft_frame_reference(const silbe_stft_plan *plan, const float *samples, double *spectrum)
{
    const silbe_stft_options *options = &plan->options;
    size_t n_fft = options->fft_samples;
    size_t pad = (n_fft - options->window_samples) / 2;
    double scale = window_scale(options);
    for (size_t k = 0; k < n_fft / 2 + 1; k++) {
        double re = 0.0;
        double im = 0.0;
        for (size_t n = 0; n < options->window_samples; n++) {
            double value = scale * window_value(options->window, n, options->window_samples) *
                           (double)samples[n];
            double angle = -2.0 * PI * (double)(k * (n + pad) % n_fft) / (double)n_fft;
            re += value * cos(angle);
            im += value * sin(angle);
        }
        spectrum[2 * k] = re;
        spectrum[2 * k + 1] = im;
    }
}

/* Index of the first sample in the window of a frame; negative before the recording. */
static int64_t frame_begin(const silbe_stft_plan *plan, size_t frame)
{
    return (int64_t)silbe_stft_plan_centre(plan, frame) -
           (int64_t)(plan->options.window_samples / 2 + plan->options.delay_samples);
}

/* Hands out every frame whose centre has been pushed and whose window is in the buffer. */
static void emit_frames(silbe_stft *stft, silbe_err *err)
{
    size_t n_bins = silbe_stft_plan_bins(stft->plan);
    size_t window = stft->plan->options.window_samples;
    while (silbe_stft_plan_centre(stft->plan, stft->frame) < stft->n_samples &&
           !silbe_failed(err)) {
        int64_t begin = frame_begin(stft->plan, stft->frame);
        if (begin + (int64_t)window > stft->first + (int64_t)stft->filled) {
            break;
        }
        transform(stft, stft->buffer + (begin - stft->first));
        const float *restrict x = (const float *)stft->output;
        float *restrict power = stft->power;
        for (size_t k = 0; k < n_bins; k++) {
            power[k] = x[2 * k] * x[2 * k] + x[2 * k + 1] * x[2 * k + 1];
        }
        silbe_try(err, stft->sink(stft->context, stft->frame, power, n_bins, err));
        stft->frame++;
    }
}

/* Drops the samples that no later frame wants. */
static void compact(silbe_stft *stft)
{
    int64_t begin = frame_begin(stft->plan, stft->frame);
    if (begin <= stft->first) {
        return;
    }
    size_t n_dropped = (size_t)(begin - stft->first);
    n_dropped = n_dropped < stft->filled ? n_dropped : stft->filled;
    memmove(stft->buffer, stft->buffer + n_dropped, (stft->filled - n_dropped) * sizeof(float));
    stft->filled -= n_dropped;
    stft->first += (int64_t)n_dropped;
}

/* Mirrors the first samples to the left of sample 0, once they are there. */
static void pad_start(silbe_stft *stft)
{
    size_t half = stft->plan->options.window_samples / 2;
    if (!stft->start_is_padded && stft->n_samples > half) {
        for (size_t n = 1; n <= half; n++) {
            stft->buffer[half - n] = stft->buffer[half + n];
        }
        stft->start_is_padded = true;
    }
}

silbe_status silbe_stft_push(silbe_stft *stft, const float *samples, size_t n_samples,
                             silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (stft->finished) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "samples pushed into a finished STFT");
    }
    while (n_samples > 0 && !silbe_failed(err)) {
        size_t room = stft->capacity - stft->filled;
        size_t n = n_samples < room ? n_samples : room;
        memcpy(stft->buffer + stft->filled, samples, n * sizeof(float));
        stft->filled += n;
        stft->n_samples += n;
        samples += n;
        n_samples -= n;
        pad_start(stft);
        if (stft->start_is_padded) {
            emit_frames(stft, err);
        }
        if (stft->filled == stft->capacity) {
            compact(stft);
        }
    }
    return err->status;
}

silbe_status silbe_stft_finish(silbe_stft *stft, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t half = stft->plan->options.window_samples / 2;
    if (stft->finished) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "an STFT was finished twice");
    }
    if (!stft->start_is_padded && stft->n_samples > 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "too short to be mirrored at its ends: %zu samples, expected more than "
                          "%zu; pad with zeros instead",
                          stft->n_samples, half);
    }
    stft->finished = true;
    if (silbe_stft_plan_centre(stft->plan, stft->frame) >= stft->n_samples) {
        return SILBE_OK; /* after a long hop the samples at the end may be gone already */
    }
    compact(stft);
    float *end = stft->buffer + stft->filled;
    for (size_t n = 0; n < half; n++) {
        bool mirror = stft->plan->options.padding == SILBE_STFT_REFLECT && stft->n_samples > 0;
        end[n] = mirror ? end[-2 - (ptrdiff_t)n] : 0.0F;
    }
    stft->filled += half;
    emit_frames(stft, err);
    return err->status;
}
