#include "features/onset.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/compare.h"
#include "features/base/memory.h"
#include "features/chroma.h"
#include "features/level.h"

silbe_onset_options silbe_onset_options_default(void)
{
    return (silbe_onset_options){
        .window_samples = 2048,
        .low_pitch = 36,
        .high_pitch = 107,
        .lag_s = 0.02,
        .compression = 10.0,
        .norm_half_s = 0.5,
        .norm_floor = 0.2,
        .norm_quantile = 0.99,
        .latency_s = 0.0,
        .decay_s = 0.2,
    };
}

silbe_status silbe_onset_plan_new(const silbe_onset_options *options, double rate_hz, double hop_s,
                                  silbe_stft_plan **plan, silbe_err *err)
{
    double delay = nearbyint(options->latency_s * rate_hz);
    *plan = NULL;
    if (!(delay >= 0.0 && delay <= (double)options->window_samples)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "latency_s should be between 0 and the window of %g s, got %g",
                          (double)options->window_samples / rate_hz, options->latency_s);
    }
    silbe_stft_options stft = {.rate_hz = rate_hz,
                               .hop_s = hop_s,
                               .window_samples = options->window_samples,
                               .delay_samples = (size_t)delay};
    return silbe_stft_plan_new(&stft, plan, err);
}

/* A duration in frames, rounded; SIZE_MAX where it makes no sense. */
static size_t frames_of(double seconds, double hop_s)
{
    double frames = nearbyint(seconds / hop_s);
    return frames >= 0.0 && frames < 1e9 ? (size_t)frames : SIZE_MAX;
}

/* y(t) = max(0, y(t + lag) - y(t)), in place: row t is read last when it is written. */
static void rise(silbe_matrix *y, size_t lag)
{
    size_t n = (y->n_rows - lag) * y->n_cols;
    const float *later = y->data + lag * y->n_cols;
    for (size_t i = 0; i < n; i++) {
        float difference = later[i] - y->data[i];
        y->data[i] = difference > 0.0F ? difference : 0.0F;
    }
}

silbe_status silbe_onset_difference(const silbe_onset_options *options, double hop_s,
                                    silbe_matrix *pitches, silbe_err *err)
{
    size_t lag = frames_of(options->lag_s, hop_s);
    if (!(hop_s > 0.0) || !(options->lag_s > 0.0) || lag == SIZE_MAX ||
        !(options->compression > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "hop, lag_s and compression should be > 0, got %g, %g and %g", hop_s,
                          options->lag_s, options->compression);
    }
    lag = lag == 0 ? 1 : lag;
    size_t n_rows = pitches->n_rows;
    size_t n_cols = pitches->n_cols;
    if (pitches->data == NULL) {
        return SILBE_OK;
    }
    if (n_rows <= lag) {
        memset(pitches->data, 0, n_rows * n_cols * sizeof(float));
        return SILBE_OK;
    }
    silbe_level_compress(pitches->data, n_rows * n_cols, options->compression,
                         silbe_level_of_energy(pitches), pitches->data);
    rise(pitches, lag);
    size_t behind = lag / 2;
    size_t kept = n_rows - lag;
    memmove(silbe_matrix_row(pitches, behind), pitches->data, kept * n_cols * sizeof(float));
    memset(pitches->data, 0, behind * n_cols * sizeof(float));
    memset(silbe_matrix_row(pitches, behind + kept), 0, (lag - behind) * n_cols * sizeof(float));
    return SILBE_OK;
}

silbe_status silbe_onset_fold(const silbe_onset_options *options, const silbe_matrix *pitches,
                              silbe_matrix *classes, silbe_err *err)
{
    *classes = (silbe_matrix)SILBE_MATRIX_INIT;
    if (options->low_pitch < 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "low_pitch should be >= 0, got %d",
                          options->low_pitch);
    }
    silbe_status status = silbe_matrix_new(classes, pitches->n_rows, SILBE_N_PITCH_CLASSES, err);
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t t = 0; t < pitches->n_rows; t++) {
        const float *in = silbe_matrix_row(pitches, t);
        float *out = silbe_matrix_row(classes, t);
        for (size_t p = 0; p < pitches->n_cols; p++) {
            out[((size_t)options->low_pitch + p) % SILBE_N_PITCH_CLASSES] += in[p];
        }
    }
    return SILBE_OK;
}

/* The q-quantile of n > 0 values, interpolated linearly between its neighbours; sorts values. */
static double quantile(float *values, size_t n, double q)
{
    qsort(values, n, sizeof *values, silbe_compare_floats);
    double place = q * (double)(n - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < n ? below + 1 : below;
    double fraction = place - (double)below;
    return values[below] + fraction * ((double)values[above] - values[below]);
}

/* out[t] = max of values[t - half .. t + half] inside 0 .. n - 1, by a queue of the candidates in
 * falling order (O(n) whatever half). */
static void running_max(const float *values, size_t n, size_t half, size_t *queue, float *out)
{
    size_t head = 0, tail = 0, next = 0;
    for (size_t t = 0; t < n; t++) {
        for (; next < n && next - t <= half; next++) {
            while (tail > head && values[queue[tail - 1]] <= values[next]) {
                tail--;
            }
            queue[tail++] = next;
        }
        while (queue[head] + half < t) {
            head++;
        }
        out[t] = values[queue[head]];
    }
}

static float row_norm(const float *row, size_t n)
{
    double sum_squares = 0.0;
    for (size_t c = 0; c < n; c++) {
        sum_squares += (double)row[c] * row[c];
    }
    return (float)sqrt(sum_squares);
}

silbe_status silbe_onset_normalise(const silbe_onset_options *options, double hop_s,
                                   silbe_matrix *onsets, silbe_err *err)
{
    if (!(hop_s > 0.0) || !(options->norm_half_s >= 0.0 && options->norm_half_s <= 3600.0) ||
        !(options->norm_quantile >= 0.0 && options->norm_quantile <= 1.0) ||
        !(options->norm_floor >= 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "norm_half_s should be in 0 .. 3600, norm_quantile in 0 .. 1 and "
                          "norm_floor >= 0, got %g, %g and %g",
                          options->norm_half_s, options->norm_quantile, options->norm_floor);
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = onsets->n_rows;
    if (n == 0) {
        return SILBE_OK;
    }
    double half_frames = floor(options->norm_half_s / hop_s + 1e-9);
    size_t half = half_frames < (double)n ? (size_t)half_frames : n;
    size_t *queue = silbe_alloc(n, sizeof *queue + 2 * sizeof(float), "norms", err);
    if (queue == NULL) {
        return err->status;
    }
    float *norms = (float *)(queue + n);
    float *highest = norms + n;
    for (size_t t = 0; t < n; t++) {
        norms[t] = row_norm(silbe_matrix_row(onsets, t), onsets->n_cols);
    }
    running_max(norms, n, half, queue, highest);
    float lowest = (float)(options->norm_floor * quantile(norms, n, options->norm_quantile));
    for (size_t t = 0; t < n; t++) {
        float divisor = highest[t] > lowest ? highest[t] : lowest;
        float factor = divisor > 0.0F ? 1.0F / divisor : 0.0F;
        float *row = silbe_matrix_row(onsets, t);
        for (size_t c = 0; c < onsets->n_cols; c++) {
            row[c] *= factor;
        }
    }
    free(queue);
    return SILBE_OK;
}

silbe_status silbe_onset_decay(const silbe_onset_options *options, double hop_s,
                               silbe_matrix *onsets, silbe_err *err)
{
    size_t length = frames_of(options->decay_s, hop_s);
    if (!(hop_s > 0.0) || length == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "decay_s should be >= 0, got %g",
                          options->decay_s);
    }
    /* From the last frame back, so that the frames that are read are still as they were. */
    size_t n_cols = onsets->n_cols;
    for (size_t t = onsets->n_rows; t-- > 0;) {
        float *row = silbe_matrix_row(onsets, t);
        for (size_t i = 1; i < length && i <= t; i++) {
            float gain = sqrtf(1.0F - (float)i / (float)length);
            const float *earlier = silbe_matrix_row(onsets, t - i);
            for (size_t c = 0; c < n_cols; c++) {
                float trace = gain * earlier[c];
                row[c] = trace > row[c] ? trace : row[c];
            }
        }
    }
    return SILBE_OK;
}
