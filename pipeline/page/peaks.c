#include "pipeline/page/peaks.h"

#include <math.h>
#include <stdlib.h>

#include <nettle/base64.h>

#include "features/audio.h"
#include "features/base/memory.h"

/* A low rate is enough for an outline and quick to resample to; 80 samples make a peak. */
enum { RATE_HZ = 8000, SAMPLES_PER_PEAK = RATE_HZ / SILBE_PEAKS_PER_S, BLOCK = 1 << 14 };

typedef struct {
    float *values;
    size_t n_values;
    size_t capacity;
    float peak;       /* of the value that is being gathered */
    size_t n_samples; /* in it */
} outline;

static void push(outline *o, silbe_err *err)
{
    o->values = silbe_grow(o->values, o->n_values, &o->capacity, sizeof *o->values, "peaks", err);
    if (!silbe_failed(err)) {
        o->values[o->n_values++] = o->peak;
        o->peak = 0;
        o->n_samples = 0;
    }
}

static void add_samples(outline *o, const float *samples, size_t n, silbe_err *err)
{
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        o->peak = fmaxf(o->peak, fabsf(samples[i]));
        if (++o->n_samples == SAMPLES_PER_PEAK) {
            push(o, err);
        }
    }
}

static void quantise(const outline *o, silbe_peaks *peaks, silbe_err *err)
{
    float greatest = 1e-9F;
    for (size_t i = 0; i < o->n_values; i++) {
        greatest = fmaxf(greatest, o->values[i]);
    }
    peaks->values = silbe_alloc(o->n_values, 1, "peaks", err);
    peaks->n_values = peaks->values != NULL ? o->n_values : 0;
    for (size_t i = 0; i < peaks->n_values; i++) {
        peaks->values[i] = (uint8_t)lrintf(255.0F * o->values[i] / greatest);
    }
}

static void read_outline(silbe_audio_reader *reader, float *block, outline *o, silbe_err *err)
{
    size_t n_read = 1;
    while (n_read > 0 && !silbe_failed(err)) {
        silbe_try(err, silbe_audio_reader_read(reader, block, BLOCK, &n_read, err));
        add_samples(o, block, n_read, err);
    }
    if (o->n_samples > 0) {
        push(o, err);
    }
}

silbe_status silbe_peaks_read(const char *audio_path, silbe_peaks *peaks, silbe_err *err)
{
    silbe_err own;
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio_reader *reader = NULL;
    outline o = {0};
    err = silbe_err_begin(err, &own);
    *peaks = (silbe_peaks)SILBE_PEAKS_INIT;
    options.rate_hz = RATE_HZ;
    options.min_duration_s = 0;
    options.silence_peak = 0;
    options.allow_truncated = true;
    float *block = silbe_alloc(BLOCK, sizeof *block, "samples", err);
    silbe_try(err, silbe_audio_reader_open(audio_path, &options, &reader, err));
    read_outline(reader, block, &o, err);
    if (!silbe_failed(err)) {
        peaks->duration_s = silbe_audio_reader_facts(reader)->duration_s;
        quantise(&o, peaks, err);
    }
    silbe_audio_reader_close(reader);
    free(o.values);
    free(block);
    return err->status;
}

char *silbe_peaks_base64(const silbe_peaks *peaks)
{
    size_t size = BASE64_ENCODE_RAW_LENGTH(peaks->n_values);
    char *text = malloc(size + 1);
    if (text != NULL) {
        base64_encode_raw(text, peaks->n_values, peaks->values);
        text[size] = '\0';
    }
    return text;
}

void silbe_peaks_free(silbe_peaks *peaks)
{
    free(peaks->values);
    *peaks = (silbe_peaks)SILBE_PEAKS_INIT;
}
