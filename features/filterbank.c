#include "features/filterbank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

enum { MAX_PITCH = 135, MAX_BANDS = 4096 };

void silbe_filterbank_free(silbe_filterbank *bank)
{
    free(bank->centre_hz);
    free(bank->weights);
    *bank = (silbe_filterbank)SILBE_FILTERBANK_INIT;
}

static void bank_new(silbe_filterbank *bank, size_t n_bands, size_t n_bins, silbe_err *err)
{
    *bank = (silbe_filterbank){.n_bands = n_bands, .n_bins = n_bins};
    bank->centre_hz = silbe_alloc(n_bands, sizeof(double) + 3 * sizeof(size_t), "bands", err);
    if (bank->centre_hz != NULL) {
        bank->begin = (size_t *)(bank->centre_hz + n_bands);
        bank->end = bank->begin + n_bands;
        bank->offset = bank->end + n_bands;
    }
}

/* A triangle over frequency, 0 at low_hz and high_hz. */
typedef struct {
    double low_hz, centre_hz, high_hz;
    double height;
} triangle;

static double triangle_at(const triangle *t, double hz)
{
    double rise = (hz - t->low_hz) / (t->centre_hz - t->low_hz);
    double fall = (t->high_hz - hz) / (t->high_hz - t->centre_hz);
    double value = rise < fall ? rise : fall;
    return value > 0.0 ? t->height * value : 0.0;
}

/* The bins where a band is not 0; the weights follow when all bands are known. */
static void place_band(silbe_filterbank *bank, size_t band, const triangle *t, double bin_hz)
{
    size_t begin = t->low_hz > 0.0 ? (size_t)(t->low_hz / bin_hz) : 0;
    while (begin < bank->n_bins && !(triangle_at(t, (double)begin * bin_hz) > 0.0) &&
           (double)begin * bin_hz < t->high_hz) {
        begin++;
    }
    size_t end = begin;
    while (end < bank->n_bins && triangle_at(t, (double)end * bin_hz) > 0.0) {
        end++;
    }
    bank->begin[band] = begin;
    bank->end[band] = end;
    bank->offset[band] =
        band == 0 ? 0 : bank->offset[band - 1] + bank->end[band - 1] - bank->begin[band - 1];
    bank->centre_hz[band] = t->centre_hz;
}

static void fill_weights(silbe_filterbank *bank, const triangle *triangles, double bin_hz,
                         silbe_err *err)
{
    size_t last = bank->n_bands - 1;
    size_t n_weights = bank->offset[last] + bank->end[last] - bank->begin[last];
    bank->weights = silbe_alloc(n_weights, sizeof *bank->weights, "weights", err);
    for (size_t b = 0; b < bank->n_bands && !silbe_failed(err); b++) {
        for (size_t k = bank->begin[b]; k < bank->end[b]; k++) {
            bank->weights[bank->offset[b] + k - bank->begin[b]] =
                (float)triangle_at(&triangles[b], (double)k * bin_hz);
        }
    }
}

static silbe_status bank_from_triangles(silbe_filterbank *bank, const silbe_stft_plan *plan,
                                        const triangle *triangles, size_t n_bands, silbe_err *err)
{
    double bin_hz = silbe_stft_plan_bin_hz(plan);
    bank_new(bank, n_bands, silbe_stft_plan_bins(plan), err);
    if (silbe_failed(err)) {
        return err->status;
    }
    for (size_t b = 0; b < n_bands; b++) {
        place_band(bank, b, &triangles[b], bin_hz);
    }
    fill_weights(bank, triangles, bin_hz, err);
    if (silbe_failed(err)) {
        silbe_filterbank_free(bank);
    }
    return err->status;
}

silbe_status silbe_filterbank_pitch(silbe_filterbank *bank, const silbe_stft_plan *plan,
                                    int low_pitch, int high_pitch, double tuning_cents,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    triangle triangles[MAX_PITCH + 1];
    *bank = (silbe_filterbank)SILBE_FILTERBANK_INIT;
    if (low_pitch < 0 || high_pitch < low_pitch || high_pitch > MAX_PITCH) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "pitches should be in 0 <= low <= high <= %d, got %d .. %d", MAX_PITCH,
                          low_pitch, high_pitch);
    }
    if (!(fabs(tuning_cents) <= 100.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "tuning should be in -100 .. 100 cents, got %g",
                          tuning_cents);
    }
    double rate_hz = silbe_stft_plan_options(plan)->rate_hz;
    double bin_hz = silbe_stft_plan_bin_hz(plan);
    size_t n_bands = (size_t)(high_pitch - low_pitch + 1);
    for (size_t b = 0; b < n_bands; b++) {
        double pitch = low_pitch + (double)b - 69.0 + tuning_cents / 100.0;
        double centre = 440.0 * exp2(pitch / 12.0);
        double half_width = fmax(centre * (exp2(1.0 / 12.0) - 1.0), bin_hz);
        triangles[b] = (triangle){centre - half_width, centre, centre + half_width, 1.0};
    }
    if (triangles[n_bands - 1].centre_hz >= rate_hz / 2.0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "pitch %d lies at %.1f Hz, should be below half the sample rate of %g Hz",
                          high_pitch, triangles[n_bands - 1].centre_hz, rate_hz);
    }
    return bank_from_triangles(bank, plan, triangles, n_bands, err);
}

/* Slaney's scale: 200/3 Hz per mel up to 1000 Hz (15 mel), then 27 mel per factor 6.4. */
static const double SLANEY_HZ_PER_MEL = 200.0 / 3.0;
static const double SLANEY_BREAK_HZ = 1000.0;
static const double SLANEY_BREAK_MEL = 15.0;
static const double SLANEY_LOG_STEP = 0.06875177742094912; /* log(6.4) / 27 */

double silbe_hz_to_mel(double hz, silbe_mel_scale scale)
{
    if (scale == SILBE_MEL_HTK) {
        return 2595.0 * log10(1.0 + hz / 700.0);
    }
    return hz < SLANEY_BREAK_HZ ? hz / SLANEY_HZ_PER_MEL
                                : SLANEY_BREAK_MEL + log(hz / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP;
}

double silbe_mel_to_hz(double mel, silbe_mel_scale scale)
{
    if (scale == SILBE_MEL_HTK) {
        return 700.0 * (pow(10.0, mel / 2595.0) - 1.0);
    }
    return mel < SLANEY_BREAK_MEL
               ? mel * SLANEY_HZ_PER_MEL
               : SLANEY_BREAK_HZ * exp((mel - SLANEY_BREAK_MEL) * SLANEY_LOG_STEP);
}

silbe_status silbe_filterbank_mel(silbe_filterbank *bank, const silbe_stft_plan *plan,
                                  size_t n_bands, double low_hz, double high_hz,
                                  silbe_mel_scale scale, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *bank = (silbe_filterbank)SILBE_FILTERBANK_INIT;
    double rate_hz = silbe_stft_plan_options(plan)->rate_hz;
    if (n_bands == 0 || n_bands > MAX_BANDS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "mel bands should be 1 .. %d, got %zu",
                          MAX_BANDS, n_bands);
    }
    if (!(low_hz >= 0.0 && high_hz > low_hz && high_hz <= rate_hz / 2.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "mel bands should span 0 <= low < high <= %g Hz (half the sample rate), "
                          "got %g .. %g",
                          rate_hz / 2.0, low_hz, high_hz);
    }
    triangle *triangles = silbe_alloc(n_bands, sizeof *triangles, "mel bands", err);
    if (triangles == NULL) {
        return err->status;
    }
    double low = silbe_hz_to_mel(low_hz, scale);
    double step = (silbe_hz_to_mel(high_hz, scale) - low) / (double)(n_bands + 1);
    for (size_t b = 0; b < n_bands; b++) {
        triangle t = {.low_hz = silbe_mel_to_hz(low + (double)b * step, scale),
                      .centre_hz = silbe_mel_to_hz(low + (double)(b + 1) * step, scale),
                      .high_hz = silbe_mel_to_hz(low + (double)(b + 2) * step, scale)};
        t.height = 2.0 / (t.high_hz - t.low_hz);
        triangles[b] = t;
    }
    silbe_try(err, bank_from_triangles(bank, plan, triangles, n_bands, err));
    free(triangles);
    return err->status;
}

void silbe_filterbank_apply(const silbe_filterbank *bank, const float *power, float *bands)
{
    for (size_t b = 0; b < bank->n_bands; b++) {
        const float *weights = bank->weights + bank->offset[b];
        const float *p = power + bank->begin[b];
        size_t n = bank->end[b] - bank->begin[b];
        float sum = 0.0F;
        for (size_t k = 0; k < n; k++) {
            sum += weights[k] * p[k];
        }
        bands[b] = sum;
    }
}
